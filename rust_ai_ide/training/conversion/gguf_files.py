"""Looks into a GGUF file before its weights are unpacked."""

from collections import Counter
from pathlib import Path
from typing import Any

from rust_ai_ide.runtime.quantisations import ENDPOINT
from rust_ai_ide.training.conversion.errors import ConversionFailed
from rust_ai_ide.training.extra import require

MAGIC = b"GGUF"
FAMILIES = ("llama",)
TYPES = frozenset({"F32", "F16", "BF16", "Q4_0", "Q5_0", "Q8_0", "Q4_K", "Q5_K", "Q6_K"})


def is_gguf(file: Path) -> bool:
    """Return whether a file begins as GGUF does."""
    try:
        with file.open("rb") as stream:
            return stream.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def inspect_gguf(file: Path) -> str:
    """Return the type of quantisation that most weights have. Raises ConversionFailed."""
    gguf = require("gguf")
    try:
        reader = gguf.GGUFReader(file)
        field = reader.get_field("general.architecture")
        family = field.contents() if field else None
        sizes = {tensor.name: (tensor.tensor_type.name, int(tensor.n_elements)) for tensor in reader.tensors}
    except Exception as error:  # numpy and the reader raise whatever a broken file leads them to
        raise ConversionFailed(f"{file.name} is no GGUF file, or not all of it is here.") from error
    if family not in FAMILIES:
        raise ConversionFailed(
            f"GGUF files of {str(family)[:40]!r} cannot be converted, only of {' and '.join(FAMILIES)}; {ENDPOINT}."
        )
    unknown = sorted({kind for kind, _ in sizes.values()} - TYPES)
    if unknown:
        raise ConversionFailed(f"Weights of type {unknown[0]} cannot be unpacked here; {ENDPOINT}.")
    counted: Counter[str] = Counter()
    for kind, elements in sizes.values():
        counted[kind] += elements
    if not counted:
        raise ConversionFailed(f"{file.name} holds no weights.")
    return counted.most_common(1)[0][0]


def tokeniser_files(file: Path, folder: Path) -> None:
    """Write the tokeniser that a GGUF file holds as `tokenizer.json` and its settings. Raises ConversionFailed."""
    transformers = require("transformers")
    try:
        tokeniser: Any = transformers.AutoTokenizer.from_pretrained(
            file.parent, gguf_file=file.name, local_files_only=True
        )
        tokeniser.save_pretrained(folder)
    except Exception as error:  # the library raises whatever its parts raise
        raise ConversionFailed(f"The tokeniser in {file.name} cannot be read: {str(error)[:120]}.") from error
