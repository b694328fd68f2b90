"""Keeps the table of versions in step with the model folders."""

from apps.models.models import ModelVersion
from rust_ai_ide.runtime.library import SHIPPED, known_models
from rust_ai_ide.runtime.manifest import WEIGHTS


def sync_registry() -> None:
    """Add versions whose folder is new, update changed ones, forget those whose folder is gone.

    Where no version is active, the last of the shipped ones becomes it.
    """
    known = known_models()
    for folder, manifest in known.values():
        ModelVersion.objects.update_or_create(
            name=manifest.name,
            version=manifest.version,
            defaults={
                "digest": manifest.files[WEIGHTS].sha256,
                "family": manifest.family,
                "licence": manifest.licence[:200],
                "base_model": manifest.base_model[:200],
                "origin": manifest.origin[:300],
                "quantisation": manifest.quantisation[:40],
                "context_length": manifest.context_length,
                "parameters": manifest.parameters,
                "size": sum(record.size for record in manifest.files.values()),
                "can_infill": manifest.infill is not None,
                "can_chat": bool(manifest.chat_template),
                "is_shipped": folder.parent == SHIPPED,
            },
        )
    gone = [row.pk for row in ModelVersion.objects.all() if row.identifier not in known]
    ModelVersion.objects.filter(pk__in=gone).delete()
    if not ModelVersion.objects.filter(is_active=True).exists():
        newest = ModelVersion.objects.order_by("-is_shipped", "-version").first()
        if newest is not None:
            ModelVersion.objects.filter(pk=newest.pk).update(is_active=True)
