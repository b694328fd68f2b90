"""What the folder of a version says beyond the table of versions."""

from apps.models.models import ModelVersion
from rust_ai_ide.runtime.library import known_models
from rust_ai_ide.runtime.manifest import Manifest


def manifest_of(version: ModelVersion) -> Manifest | None:
    """Return the manifest of a version, or None where its folder is gone."""
    known = known_models().get(version.identifier)
    return known[1] if known else None


def encrypted_models() -> frozenset[str]:
    """Return the ids of the versions whose files are encrypted."""
    return frozenset(model for model, (_, manifest) in known_models().items() if manifest.encryption)
