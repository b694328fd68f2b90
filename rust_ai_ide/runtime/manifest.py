"""The manifest of a model folder: what the model is, how to prompt it, and the hash of every file.

A model folder holds `manifest.json`, what CTranslate2 reads (`model.bin`, `config.json`, a vocabulary) and the
tokeniser (`tokenizer.model` of SentencePiece, or `tokenizer.json`). Nothing else in it is ever opened.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from rust_ai_ide.runtime.errors import InvalidConfig
from rust_ai_ide.runtime.figures import Figures, read_figures

NAME = "manifest.json"
WEIGHTS = "model.bin"
TOKENISERS = ("tokenizer.model", "tokenizer.json")
ALLOWED = frozenset(
    {WEIGHTS, "config.json", "vocabulary.json", "vocabulary.txt", "README.md", "LICENSE", *TOKENISERS}
)
MOST_MANIFEST_BYTES = 1024 * 1024
MOST_CONTEXT = 1_048_576
_PIECE = 1024 * 1024


@dataclass(frozen=True)
class FileRecord:
    """One file of the folder: its SHA-256 in hexadecimal and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Encryption:
    """How the files are encrypted: by the key that `key_id` names.

    `shapes` are those of the weights, so that what they need is known without decrypting them.
    """

    key_id: str
    shapes: Mapping[str, int | str]


@dataclass(frozen=True)
class InfillTokens:
    """The tokens around the parts of an infilling prompt; `order` is "psm" or "spm"."""

    prefix: str
    suffix: str
    middle: str
    order: str = "psm"


@dataclass(frozen=True)
class Manifest:
    """What a model folder says of itself.

    `context_length` counts tokens, prompt and answer together. `begin` holds the tokens that start every prompt,
    `stop` those that end an answer. `chat_template` is a Jinja template in the form Hugging Face uses; a model
    without one completes and is never offered for chat. `path_header` is put before the text to complete, with
    `{path}` in it, where the model was trained so. `figures` are those of the original, then those of this version.
    """

    name: str
    version: str
    family: str
    licence: str
    context_length: int
    quantisation: str
    base_model: str = ""
    parameters: int = 0
    begin: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()
    infill: InfillTokens | None = None
    chat_template: str = ""
    path_header: str = ""
    origin: str = ""
    created: str = ""
    files: Mapping[str, FileRecord] = field(default_factory=dict)
    encryption: Encryption | None = None
    figures: tuple[Figures, ...] = ()

    @property
    def id(self) -> str:
        """The name under which the interface offers this version."""
        return f"{self.name}@{self.version}"

    def write(self, folder: Path) -> None:
        """Write `manifest.json`, whole or not at all."""
        text = json.dumps(asdict(self), indent=2, sort_keys=True)
        made = folder / f".{NAME}.{secrets.token_hex(4)}"
        try:
            with made.open("w", encoding="utf-8") as file:
                file.write(text + "\n")
                file.flush()
                os.fsync(file.fileno())
            made.replace(folder / NAME)
        finally:
            made.unlink(missing_ok=True)


def sealed_name(name: str) -> str:
    """Return what a file is called in the folder while it is encrypted."""
    return f"{name}.encrypted"


def read_manifest(folder: Path) -> Manifest:
    """Read and check the manifest of a folder, without reading the weights. Raises InvalidConfig."""
    file = folder / NAME
    try:
        if file.stat().st_size > MOST_MANIFEST_BYTES:
            raise InvalidConfig(f"{file.name} is larger than a manifest can be.")
        values = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InvalidConfig(f"{folder.name} has no {NAME}; it is not a model folder.") from error
    except (OSError, ValueError) as error:
        raise InvalidConfig(f"{file.name} of {folder.name} cannot be read: {error}.") from error
    return _manifest(values, folder.name)


def record_files(folder: Path) -> dict[str, FileRecord]:
    """Return the records of the files in the folder that belong to a model."""
    return {
        path.name: FileRecord(sha256_of(path), path.stat().st_size)
        for path in sorted(folder.iterdir())
        if path.name in ALLOWED and path.is_file()
    }


def verify_files(folder: Path, manifest: Manifest) -> None:
    """Check that every recorded file is there with its size and hash. Raises InvalidConfig naming the first other."""
    for name, record in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise InvalidConfig(f"{manifest.id} lacks its file {name}.", name)
        size = path.stat().st_size
        if size != record.size:
            raise InvalidConfig(
                f"{name} of {manifest.id} has {size:,} bytes instead of {record.size:,}.", name
            )
        if sha256_of(path) != record.sha256:
            raise InvalidConfig(
                f"{name} of {manifest.id} is not the file its manifest names (wrong SHA-256).", name
            )


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's content in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


_TEXT = ("name", "version", "family", "licence", "quantisation")
_OPTIONAL_TEXT = ("base_model", "chat_template", "path_header", "origin", "created")


def _manifest(values: Any, folder: str) -> Manifest:
    where = f"The manifest of {folder}"
    if not isinstance(values, dict):
        raise InvalidConfig(f"{where} is not an object.")
    known = {item.name for item in fields(Manifest)}
    kept = {name: value for name, value in values.items() if name in known}
    for name in (*_TEXT, *_OPTIONAL_TEXT):
        value = kept.get(name, "" if name in _OPTIONAL_TEXT else None)
        if not isinstance(value, str) or (name in _TEXT and not value.strip()):
            raise InvalidConfig(f"{where} needs a text as {name}.", name)
    for name, most in (("context_length", MOST_CONTEXT), ("parameters", 10**13)):
        value = kept.get(name, 0)
        least = 1 if name == "context_length" else 0
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise InvalidConfig(f"{where} needs a number from {least} to {most:,} as {name}.", name)
    for name in ("begin", "stop"):
        value = kept.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise InvalidConfig(f"{where} needs a list of texts as {name}.", name)
        kept[name] = tuple(value)
    kept["infill"] = _infill(kept.get("infill"), where)
    kept["files"] = _files(kept.get("files"), where)
    kept["figures"] = read_figures(kept.get("figures"), where)
    kept["encryption"] = _encryption(kept.get("encryption"), where)
    return Manifest(**kept)


def _infill(value: Any, where: str) -> InfillTokens | None:
    if value is None:
        return None
    if isinstance(value, dict):
        parts = [value.get(part) for part in ("prefix", "suffix", "middle")]
        tokens = [part for part in parts if isinstance(part, str) and part]
        order = value.get("order", "psm")
        if len(tokens) == len(parts) and order in {"psm", "spm"}:
            prefix, suffix, middle = tokens
            return InfillTokens(prefix, suffix, middle, order)
    raise InvalidConfig(
        f'{where} needs prefix, suffix, middle and an order, "psm" or "spm", in infill.', "infill"
    )


def _encryption(value: Any, where: str) -> Encryption | None:
    if value is None:
        return None
    key, shapes = (value.get("key_id"), value.get("shapes")) if isinstance(value, dict) else (None, None)
    if not isinstance(key, str) or not isinstance(shapes, dict):
        raise InvalidConfig(f"{where} needs a key_id and shapes in encryption.", "encryption")
    return Encryption(key, shapes)


def _files(value: Any, where: str) -> dict[str, FileRecord]:
    if not isinstance(value, dict) or WEIGHTS not in value or "config.json" not in value:
        raise InvalidConfig(f"{where} needs the files {WEIGHTS} and config.json.", "files")
    if not any(name in value for name in TOKENISERS):
        raise InvalidConfig(f"{where} needs one of the files {' and '.join(TOKENISERS)}.", "files")
    records = {}
    for name, record in value.items():
        if name not in ALLOWED:
            raise InvalidConfig(f"{where} names {name!r}, which is no file of a model.", "files")
        sha256, size = (
            (record.get("sha256"), record.get("size")) if isinstance(record, dict) else (None, None)
        )
        if not isinstance(sha256, str) or len(sha256) != 64 or not isinstance(size, int) or size < 1:
            raise InvalidConfig(f"{where} needs a SHA-256 and a size for {name}.", "files")
        records[name] = FileRecord(sha256, size)
    return records
