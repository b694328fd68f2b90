"""The model folder that a fine-tuning starts from."""

import json
from dataclasses import dataclass
from pathlib import Path

from rust_ai_ide.runtime.errors import InvalidConfig
from rust_ai_ide.runtime.manifest import WEIGHTS, InfillTokens, Manifest, read_manifest
from rust_ai_ide.training.export import TOKENISER
from rust_ai_ide.training.finetuning.errors import FinetuningRefused
from rust_ai_ide.training.network import NetworkConfig
from rust_ai_ide.training.tokeniser import BEGIN, END, MIDDLE, PREFIX, SUFFIX, CodeTokeniser
from rust_ai_ide.training.twin import network_config

VOCABULARY = "vocabulary.json"


@dataclass(frozen=True)
class Base:
    """A model folder with what training must know of it; token n is `pieces[n]`."""

    folder: Path
    manifest: Manifest
    shape: NetworkConfig
    pieces: tuple[str, ...]

    @property
    def digest(self) -> str:
        """The SHA-256 of its weights."""
        return self.manifest.files[WEIGHTS].sha256

    @property
    def order(self) -> str:
        """In which order its infilling prompts stand, "psm" or "spm", "" where it does not infill as we train it."""
        infill = self.manifest.infill
        known = infill and infill == InfillTokens(PREFIX, SUFFIX, MIDDLE, infill.order)
        return infill.order if infill and known else ""


def read_base(folder: Path) -> Base:
    """Read a model folder. Raises FinetuningRefused for one that cannot be trained, InvalidConfig for a broken one."""
    manifest = read_manifest(folder)
    if manifest.encryption is not None:
        raise FinetuningRefused(f"{manifest.id} is encrypted; decrypt it before it is trained further.")
    if not (folder / TOKENISER).is_file():
        raise FinetuningRefused(
            f"{manifest.id} has no tokeniser of SentencePiece ({TOKENISER}), the only kind that is trained with."
        )
    try:
        pieces = tuple(map(str, json.loads((folder / VOCABULARY).read_text(encoding="utf-8"))))
    except (OSError, ValueError, TypeError) as error:
        raise InvalidConfig(f"{VOCABULARY} of {manifest.id} cannot be read.", VOCABULARY) from error
    tokeniser = CodeTokeniser(folder / TOKENISER)
    if tuple(tokeniser.pieces()) != pieces[: tokeniser.size] or {BEGIN, END} - set(pieces):
        raise FinetuningRefused(
            f"The vocabulary of {manifest.id} is not that of its tokeniser, so it cannot be trained further."
        )
    return Base(folder, manifest, network_config(folder), pieces)
