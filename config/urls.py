"""Every page of the workbench, by app."""

from django.urls import include, path

urlpatterns = [
    path("", include("apps.common.urls")),
    path("", include("apps.projects.urls")),
    path("", include("apps.reviews.urls")),
    path("", include("apps.architecture.urls")),
    path("", include("apps.models.urls")),
    path("", include("apps.training.urls")),
    path("", include("apps.assistant.urls")),
]
handler404 = "apps.common.views.not_found"
handler500 = "apps.common.views.failed"
handler400 = "apps.common.views.bad_request"
