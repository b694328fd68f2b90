"""Addresses of training."""

from django.urls import path

from apps.training.views import datasets, jobs

urlpatterns = [
    path("training/", jobs.trainings, name="trainings"),
    path("training/new/", jobs.new, name="new-training"),
    path("training/check/", jobs.check, name="check-training"),
    path("training/jobs/<str:name>/", jobs.training, name="training-job"),
    path("training/jobs/<str:name>/curve/", jobs.curve, name="training-curve"),
    path("training/jobs/<str:name>/go-on/", jobs.go_on, name="go-on-training"),
    path("training/jobs/<str:name>/use/", jobs.use, name="use-training"),
    path("training/jobs/<str:name>/register/", jobs.register, name="register-training"),
    path("training/jobs/<str:name>/delete/", jobs.delete, name="delete-training"),
    path("training/datasets/", datasets.datasets, name="datasets"),
    path("training/datasets/<str:name>/", datasets.dataset, name="dataset"),
    path("training/datasets/<str:name>/delete/", datasets.delete, name="delete-dataset"),
]
