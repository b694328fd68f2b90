"""Writes a fine-tuned network as the next version of its base."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rust_ai_ide.runtime.library import known_models
from rust_ai_ide.runtime.manifest import Manifest, read_manifest, record_files
from rust_ai_ide.training.export import CARD, QUANTISATION, TOKENISER, replacing, write_weights
from rust_ai_ide.training.finetuning.base import Base

LICENCE = "LICENSE"


def write_version(network: Any, base: Base, dataset: str, folder: Path) -> Manifest:
    """Write the model folder in 8 bits and return its manifest; its prompts and its licence are those of the base.

    `dataset` is the name it is said to have learned from. Raises ExportFailed.
    """
    with replacing(folder) as scratch:
        write_weights(network, base.pieces, scratch)
        shutil.copyfile(base.folder / TOKENISER, scratch / TOKENISER)
        if (base.folder / LICENCE).is_file():
            shutil.copyfile(base.folder / LICENCE, scratch / LICENCE)
        manifest = replace(
            base.manifest,
            version=next_version(base.manifest),
            quantisation=QUANTISATION,
            base_model=base.manifest.id,
            origin=f"fine-tuned by rust-ai-ide train finetune on {dataset}",
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            figures=(),
            files=record_files(scratch),
        )
        manifest.write(scratch)
    return manifest


def add_card(folder: Path, text: str) -> Manifest:
    """Write the card into a model folder and into its manifest, which is returned."""
    (folder / CARD).write_text(text, encoding="utf-8")
    manifest = replace(read_manifest(folder), files=record_files(folder))
    manifest.write(folder)
    return manifest


def next_version(manifest: Manifest) -> str:
    """Return the first version after this one that no known model of this name has."""
    known, version = known_models(), manifest.version
    while True:
        version = str(int(version) + 1) if version.isdecimal() else f"{version}.1"
        if f"{manifest.name}@{version}" not in known:
            return version
