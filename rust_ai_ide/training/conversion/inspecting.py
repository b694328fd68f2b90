"""Looks at a Hugging Face folder before anything is loaded: what it is, and whether its files are whole."""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rust_ai_ide.runtime.quantisations import ENDPOINT
from rust_ai_ide.training.conversion.errors import ConversionFailed

FAMILIES = ("llama", "gpt_bigcode")
INDEX = "model.safetensors.index.json"
_MOST_JSON_BYTES = 64 * 1024 * 1024
_LENGTH = struct.Struct("<Q")
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt")
# The names that families give to the same sizes, and the most that any known model has, with room above.
_SIZES = {
    "width": (("hidden_size", "n_embd"), 65_536),
    "number of layers": (("num_hidden_layers", "n_layer"), 512),
    "number of heads": (("num_attention_heads", "n_head"), 1_024),
    "vocabulary": (("vocab_size",), 2_000_000),
    "context": (("max_position_embeddings", "n_positions"), 16_777_216),
}


@dataclass(frozen=True)
class Inspected:
    """What a folder holds: the family of its model, its context in tokens, and its files of weights."""

    family: str
    context: int
    weights: tuple[Path, ...]
    config: Mapping[str, Any]


def inspect_folder(folder: Path) -> Inspected:
    """Check the configuration and the files of weights. Raises ConversionFailed."""
    config = read_json(folder / "config.json")
    family = config.get("model_type")
    refuse_quantised(config)
    if family not in FAMILIES:
        raise ConversionFailed(
            f"Models of the type {str(family)[:40]!r} cannot be converted, only {' and '.join(FAMILIES)}; {ENDPOINT}."
        )
    sizes = read_sizes(config)
    if sizes["width"] % sizes["number of heads"]:
        raise ConversionFailed(
            f"config.json asks for {sizes['number of heads']} heads in a width of {sizes['width']}, "
            "which does not divide."
        )
    weights = _weights(folder)
    for file in weights:
        check_safetensors(file)
    return Inspected(str(family), sizes["context"], weights, config)


def read_json(file: Path) -> dict[str, Any]:
    """Return the object in a JSON file. Raises ConversionFailed."""
    try:
        if file.stat().st_size > _MOST_JSON_BYTES:
            raise ConversionFailed(f"{file.name} is larger than such a file can be.")
        values = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConversionFailed(f"The folder has no {file.name}.") from error
    except (OSError, ValueError, RecursionError) as error:
        raise ConversionFailed(f"{file.name} cannot be read as JSON.") from error
    if not isinstance(values, dict):
        raise ConversionFailed(f"{file.name} does not hold an object.")
    return values


def refuse_quantised(config: Mapping[str, Any]) -> None:
    """Raise ConversionFailed for weights that another quantiser packed."""
    quantised = config.get("quantization_config")
    if not quantised:
        return
    method = (
        quantised.get("quant_method", "another method") if isinstance(quantised, dict) else "another method"
    )
    raise ConversionFailed(
        f"These weights are quantised by {str(method)[:40]}, which needs a GPU: there is no 4-bit arithmetic for "
        f"processors here. Take the model's unquantised safetensors, or {ENDPOINT}."
    )


def read_sizes(config: Mapping[str, Any]) -> dict[str, int]:
    """Return width, number of layers and heads, vocabulary and context. Raises ConversionFailed."""
    found = {}
    for what, (names, most) in _SIZES.items():
        value = next((config[name] for name in names if name in config), None)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise ConversionFailed(
                f"config.json has {str(value)[:40]} as {what}, where a number from 1 to {most:,} belongs."
            )
        found[what] = value
    return found


def read_header(file: Path) -> dict[str, Any]:
    """Return type, shape and place of each array in a safetensors file. Raises ConversionFailed."""
    return _header(file)[0]


def check_safetensors(file: Path) -> None:
    """Raise ConversionFailed where a file of weights is not whole, as its own header tells."""
    header, start = _header(file)
    try:
        wanted = start + max(part["data_offsets"][1] for part in header.values())
        size = file.stat().st_size
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise _no_safetensors(file) from error
    if size != wanted:
        raise ConversionFailed(
            f"{file.name} has {size:,} bytes instead of {wanted:,}; it was not copied or downloaded to its end."
        )


def _header(file: Path) -> tuple[dict[str, Any], int]:
    """Return the header of a safetensors file without its remarks, and where the arrays begin."""
    try:
        with file.open("rb") as stream:
            (length,) = _LENGTH.unpack(stream.read(_LENGTH.size))
            if length > min(file.stat().st_size, _MOST_JSON_BYTES):
                raise ValueError
            header = json.loads(stream.read(length))
        return {name: part for name, part in header.items() if name != "__metadata__"}, _LENGTH.size + length
    except FileNotFoundError as error:
        raise ConversionFailed(f"The file of weights {file.name} is missing.") from error
    except (OSError, struct.error, ValueError, AttributeError, RecursionError) as error:
        raise _no_safetensors(file) from error


def _no_safetensors(file: Path) -> ConversionFailed:
    return ConversionFailed(f"{file.name} is no safetensors file, or not all of it is here.")


def _weights(folder: Path) -> tuple[Path, ...]:
    if (folder / INDEX).is_file():
        shards = read_json(folder / INDEX).get("weight_map")
        names = set(shards.values()) if isinstance(shards, dict) else set()
        if not names or not all(isinstance(name, str) and Path(name).name == name for name in names):
            raise ConversionFailed(f"{INDEX} does not name files of this folder.")
        return tuple(folder / name for name in sorted(names))
    if (folder / "model.safetensors").is_file():
        return (folder / "model.safetensors",)
    if any(file for pattern in _PICKLES for file in folder.glob(pattern)):
        raise ConversionFailed(
            "The weights are pickled, and a pickle can run any program, so it is not opened; "
            "take the model's safetensors instead."
        )
    raise ConversionFailed("The folder has no model.safetensors.")
