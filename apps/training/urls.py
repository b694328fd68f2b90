"""Addresses of training."""

from django.urls import path

from apps.training.views import datasets

urlpatterns = [
    path("training/datasets/", datasets.datasets, name="datasets"),
    path("training/datasets/<str:name>/", datasets.dataset, name="dataset"),
    path("training/datasets/<str:name>/delete/", datasets.delete, name="delete-dataset"),
]
