"""What the folder of a version says beyond the table of versions."""

from apps.models.models import ModelVersion
from rust_ai_ide.runtime.errors import InvalidConfig
from rust_ai_ide.runtime.library import known_models
from rust_ai_ide.runtime.manifest import Manifest
from rust_ai_ide.runtime.quantising import narrower


def manifest_of(version: ModelVersion) -> Manifest | None:
    """Return the manifest of a version, or None where its folder is gone."""
    known = known_models().get(version.identifier)
    return known[1] if known else None


def encrypted_models() -> frozenset[str]:
    """Return the ids of the versions whose files are encrypted."""
    return frozenset(model for model, (_, manifest) in known_models().items() if manifest.encryption)


def smaller_types(version: ModelVersion) -> tuple[str, ...]:
    """Return the types in which another version of this one would be smaller."""
    known = known_models().get(version.identifier)
    try:
        return narrower(known[0]) if known else ()
    except InvalidConfig:
        # Weights that cannot be read are told of when they are loaded.
        return ()


def compared_models() -> list[Manifest]:
    """Return the manifests that hold figures of before and after quantising."""
    return [manifest for _, manifest in known_models().values() if manifest.figures]
