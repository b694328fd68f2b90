"""Puts a fine-tuned version into the library, where it is not worse than its base."""

from dataclasses import replace
from pathlib import Path

from rust_ai_ide.runtime.library import known_models, register_folder
from rust_ai_ide.runtime.manifest import WEIGHTS, Manifest, read_manifest
from rust_ai_ide.training.finetuning.exporting import next_version
from rust_ai_ide.training.finetuning.result import Result

REGISTER = ("better", "anyway", "never")
"""When a version is added to the library: where it is not worse than its base, whatever it is, not at all."""


def add_to_library(result: Result, folder: Path, register: str) -> Result:
    """Return the result with the version registered, where `register` lets it, and the reason. Raises InvalidConfig."""
    manifest = read_manifest(folder)
    worse = result.comparison.worse
    if not _is_known(manifest):
        if register == "never":
            return replace(result, registered=False, reason="It was not to be registered.")
        if worse and register != "anyway":
            return replace(result, registered=False, reason=f"{worse} So it was not registered.")
        manifest = _add(folder, manifest)
    reason = f"{worse} It was registered all the same." if worse else "It is not worse than its base."
    return replace(result, model=manifest.id, registered=True, reason=reason)


def _add(folder: Path, manifest: Manifest) -> Manifest:
    if manifest.id in known_models():
        # Another version has taken the number since this one was written.
        manifest = replace(manifest, version=next_version(manifest))
        manifest.write(folder)
    return register_folder(folder, manifest)


def _is_known(manifest: Manifest) -> bool:
    """Return whether the library has this version with these weights."""
    known = known_models().get(manifest.id)
    return known is not None and known[1].files[WEIGHTS] == manifest.files[WEIGHTS]
