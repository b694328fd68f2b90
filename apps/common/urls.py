"""Addresses of the shell's own pages."""

from django.urls import path

from apps.common import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/<str:token>/", views.use_sign_in_link, name="use-sign-in-link"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("runs/", views.runs, name="runs"),
    path("runs/<int:run_id>/", views.run, name="run"),
    path("runs/<int:run_id>/status/", views.run_status, name="run-status"),
    path("runs/<int:run_id>/cancel/", views.cancel_run, name="cancel-run"),
    path("runs/<int:run_id>/again/", views.run_again, name="run-again"),
]
