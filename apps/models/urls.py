"""Addresses of models."""

from django.urls import path, re_path

from apps.models.api import model_interface
from apps.models.views import converting, endpoints, hardware, kept, keys, version, versions

urlpatterns = [
    path("models/", versions.models, name="models"),
    path("models/state/", versions.state, name="models-state"),
    path("models/register/", versions.register, name="register-model"),
    path("models/<int:version_id>/", version.version, name="model-version"),
    path("models/<int:version_id>/encrypt/", version.encrypt, name="encrypt-model"),
    path("models/<int:version_id>/decrypt/", version.decrypt, name="decrypt-model"),
    path("models/<int:version_id>/quantise/", version.quantise, name="quantise-model"),
    path("models/<int:version_id>/load/", versions.load, name="load-model"),
    path("models/<int:version_id>/unload/", versions.unload, name="unload-model"),
    path("models/<int:version_id>/activate/", versions.activate, name="activate-model"),
    path("models/<int:version_id>/delete/", versions.delete, name="delete-model"),
    path("models/endpoints/", endpoints.endpoints, name="endpoints"),
    path("models/endpoints/add/", endpoints.add, name="add-endpoint"),
    path("models/endpoints/<int:endpoint_id>/try/", endpoints.attempt, name="try-endpoint"),
    path("models/endpoints/<int:endpoint_id>/switch/", endpoints.switch, name="switch-endpoint"),
    path(
        "models/endpoints/<int:endpoint_id>/complete/", endpoints.let_complete, name="let-endpoint-complete"
    ),
    path("models/endpoints/<int:endpoint_id>/delete/", endpoints.delete, name="delete-endpoint"),
    path("models/hardware/", hardware.hardware, name="hardware"),
    path("models/<int:version_id>/tune/", hardware.tune, name="tune-model"),
    path("models/convert/", converting.convert, name="convert-model"),
    path("models/keys/", keys.keys, name="model-keys"),
    path("models/keys/make/", keys.make, name="make-model-key"),
    path("models/keys/<int:key_id>/revoke/", keys.revoke, name="revoke-model-key"),
    path("models/kept/empty/", kept.empty, name="empty-kept-completions"),
    path("api/kept-completions/", kept.report, name="api-kept-completions"),
    path("infill", model_interface, name="infill"),
    re_path(r"^v1/(?:models(?:/.+)?|completions|chat/completions)$", model_interface, name="model-interface"),
]
