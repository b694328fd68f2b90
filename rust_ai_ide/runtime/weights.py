"""The shapes of a model, read from the head of each variable in CTranslate2's `model.bin`, without its values.

The layout is that of CTranslate2's `ModelSpec` serialisation, binary version 6: a version, the name and revision of
the specification, then each variable as name, rank, dimensions, type, byte count and bytes, then other names of
variables that hold the same values; little-endian.
"""

import struct
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

from rust_ai_ide.runtime.errors import InvalidConfig
from rust_ai_ide.runtime.manifest import WEIGHTS, Manifest, read_manifest, sealed_name

BINARY_VERSIONS = range(4, 7)
DECODER = "TransformerDecoderSpec"
TYPES = ("float32", "int8", "int16", "int32", "float16", "bfloat16")
TYPE_BYTES = (4, 1, 2, 4, 2, 2)
_INTEGERS = {1: "<b", 2: "<h", 3: "<i"}
MOST_VARIABLES = 100_000
MOST_NAME = 1024
MOST_RANK = 8
MOST_COUNT = 10**14


@dataclass(frozen=True)
class Variable:
    """One array of weights, `offset` bytes into the file; `value` only where it is a whole number of rank 0."""

    name: str
    shape: tuple[int, ...]
    type: str
    size: int
    offset: int
    value: int | None = None


@dataclass(frozen=True)
class Shapes:
    """What decides a decoder's memory. Widths count elements; `cached_heads` is 1 under multi-query attention."""

    layers: int
    heads: int
    cached_heads: int
    head_width: int
    width: int
    inner_width: int
    vocabulary: int
    parameters: int
    weight_bytes: int
    weight_type: str


def read_shapes(folder: Path) -> Shapes:
    """Return the shapes of the decoder in a model folder. Raises InvalidConfig where it is none or cut off.

    Those of encrypted weights are the recorded ones; nothing is decrypted.
    """
    if _is_sealed(folder):
        return read_recorded(read_manifest(folder))
    return _shapes(read_variables(folder), folder.name)


def shapes_in(file: BinaryIO, size: int, folder: str) -> Shapes:
    """Return the shapes of the decoder in an open `model.bin` of `size` bytes. Raises InvalidConfig."""
    return _shapes({variable.name: variable for variable in _variables(file, size)}, folder)


def record_shapes(shapes: Shapes) -> dict[str, int | str]:
    """Return the shapes as a manifest records them."""
    return asdict(shapes)


def read_recorded(manifest: Manifest) -> Shapes:
    """Return the shapes that the manifest of an encrypted model records. Raises InvalidConfig."""
    recorded = manifest.encryption.shapes if manifest.encryption else {}
    known = {item.name for item in fields(Shapes)}
    kept: dict[str, Any] = {name: value for name, value in recorded.items() if name in known}
    numbers = [value for name, value in kept.items() if name != "weight_type"]
    if (
        set(kept) != known
        or kept["weight_type"] not in TYPES
        or not all(type(value) is int and 0 < value < MOST_COUNT for value in numbers)
    ):
        raise InvalidConfig(
            f"The manifest of {manifest.id} does not record the shapes of {WEIGHTS}.", "encryption"
        )
    return Shapes(**kept)


def read_variables(folder: Path) -> dict[str, Variable]:
    """Return the arrays of a model folder by name. Raises InvalidConfig where `model.bin` is none or cut off."""
    return _read(folder)[0]


def read_aliases(folder: Path) -> dict[str, str]:
    """Return the other names of arrays in a model folder, and what each is another name of. Raises InvalidConfig."""
    return _read(folder)[1]


def _read(folder: Path) -> tuple[dict[str, Variable], dict[str, str]]:
    path = folder / WEIGHTS
    if _is_sealed(folder):
        raise InvalidConfig(f"{folder.name} is encrypted; decrypt it first.", "model")
    try:
        with path.open("rb") as file:
            variables = {variable.name: variable for variable in _variables(file, path.stat().st_size)}
            count = _number(file, "<I")
            if count > MOST_VARIABLES:
                raise InvalidConfig(f"{WEIGHTS} claims {count:,} other names of variables.", WEIGHTS)
            return variables, {_text(file): _text(file) for _ in range(count)}
    except OSError as error:
        raise InvalidConfig(
            f"{WEIGHTS} of {folder.name} cannot be read: {error.strerror}.", WEIGHTS
        ) from error


def _is_sealed(folder: Path) -> bool:
    return not (folder / WEIGHTS).exists() and (folder / sealed_name(WEIGHTS)).exists()


def _variables(file: BinaryIO, size: int) -> Iterator[Variable]:
    version = _number(file, "<I")
    if version not in BINARY_VERSIONS:
        raise InvalidConfig(f"{WEIGHTS} is not a CTranslate2 model of a version that can be read.", WEIGHTS)
    name = _text(file)
    if name != DECODER:
        raise InvalidConfig(
            f"{WEIGHTS} holds a {name[:60]}; only decoders (text generators) can be used.", WEIGHTS
        )
    _number(file, "<I")
    count = _number(file, "<I")
    if count > MOST_VARIABLES:
        raise InvalidConfig(f"{WEIGHTS} claims {count:,} variables.", WEIGHTS)
    for _ in range(count):
        name = _text(file)
        rank = _number(file, "<B")
        if rank > MOST_RANK:
            raise InvalidConfig(f"{WEIGHTS} claims {rank} dimensions for {name[:60]}.", WEIGHTS)
        shape = tuple(_number(file, "<I") for _ in range(rank))
        kind = _number(file, "<B")
        length = _number(file, "<I")
        if kind >= len(TYPES) or prod(shape) * TYPE_BYTES[kind] != length or file.tell() + length > size:
            raise InvalidConfig(f"{WEIGHTS} is damaged or cut off at {name[:60]}.", WEIGHTS)
        value, offset = None, file.tell()
        if rank == 0 and kind in _INTEGERS:
            value = _number(file, _INTEGERS[kind])
        else:
            file.seek(length, 1)
        yield Variable(name, shape, TYPES[kind], length, offset, value)


def _number(file: BinaryIO, layout: str) -> int:
    size = struct.calcsize(layout)
    data = file.read(size)
    if len(data) != size:
        raise InvalidConfig(f"{WEIGHTS} is cut off.", WEIGHTS)
    return int(struct.unpack(layout, data)[0])


def _text(file: BinaryIO) -> str:
    length = _number(file, "<H")
    if not 1 <= length <= MOST_NAME:
        raise InvalidConfig(f"{WEIGHTS} is damaged: a name of {length} bytes.", WEIGHTS)
    data = file.read(length)
    if len(data) != length or data[-1] != 0:
        raise InvalidConfig(f"{WEIGHTS} is damaged or cut off in a name.", WEIGHTS)
    return data[:-1].decode("utf-8", "replace")


def _shapes(variables: dict[str, Variable], folder: str) -> Shapes:
    def variable(name: str) -> Variable:
        if name not in variables:
            raise InvalidConfig(f"{WEIGHTS} of {folder} lacks {name}.", WEIGHTS)
        return variables[name]

    def setting(name: str, default: int) -> int:
        found = variables.get(f"decoder/{name}")
        return default if found is None or found.value is None or found.value <= 0 else found.value

    layers = 0
    while f"decoder/layer_{layers}/self_attention/linear_0/weight" in variables:
        layers += 1
    embeddings = variable("decoder/embeddings/weight")
    heads = setting("num_heads", 0)
    if not layers or len(embeddings.shape) != 2 or not heads:
        raise InvalidConfig(
            f"{WEIGHTS} of {folder} is no decoder with layers, heads and embeddings.", WEIGHTS
        )
    vocabulary, width = embeddings.shape
    inner = variable("decoder/layer_0/ffn/linear_0/weight").shape
    multi_query = setting("multi_query_attention", 0)
    weights = [item for item in variables.values() if item.name.endswith("/weight")]
    return Shapes(
        layers=layers,
        heads=heads,
        cached_heads=1 if multi_query else heads,
        head_width=setting("head_dim", max(1, width // heads)),
        width=width,
        inner_width=inner[0],
        vocabulary=vocabulary,
        parameters=sum(prod(item.shape) for item in weights),
        weight_bytes=sum(item.size for item in variables.values()),
        weight_type=variable("decoder/layer_0/self_attention/linear_0/weight").type,
    )
