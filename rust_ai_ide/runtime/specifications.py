"""Reads `model.bin` back into a specification of CTranslate2, and writes it with other types.

CTranslate2's own quantiser does the arithmetic, so the result is what a conversion of the same floats gives.
"""

import os
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rust_ai_ide.runtime.arrays import read_array
from rust_ai_ide.runtime.manifest import WEIGHTS
from rust_ai_ide.runtime.weights import DECODER, read_aliases, read_variables

_SCALED = "weight"
_HEAD, _REVISION = struct.Struct("<IH"), struct.Struct("<I")


def write_quantised(source: str, target: str, quantisation: str) -> None:
    """Write `model.bin` of one folder into another. It takes the memory of the weights twice. Raises InvalidConfig."""
    folder = Path(source)
    spec = _specification(folder)
    spec._quantize(quantisation)
    made = Path(target, WEIGHTS)
    spec._serialize(str(made))
    with made.open("rb") as file:
        os.fsync(file.fileno())


def _specification(folder: Path) -> Any:
    """Return a specification of CTranslate2 with the arrays of a folder."""
    import numpy as np
    from ctranslate2.specs.model_spec import OPTIONAL, LayerSpec, ModelSpec, NumpyVariable

    def filled(spec: Any, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            made = Layer(value) if isinstance(value, dict) else value
            setattr(spec, name, NumpyVariable(made) if isinstance(made, np.ndarray) else made)
        if isinstance(values.get(_SCALED), str) or getattr(values.get(_SCALED), "ndim", 0) == 2:
            # CTranslate2 quantises what has room for a scale.
            setattr(spec, f"{_SCALED}_scale", OPTIONAL)

    class Layer(LayerSpec):  # type: ignore[misc]
        def __init__(self, values: Mapping[str, Any]) -> None:
            filled(self, values)

    class Decoder(ModelSpec):  # type: ignore[misc]
        name = DECODER
        revision = _revision(folder)

        def __init__(self, values: Mapping[str, Any]) -> None:
            super().__init__()
            filled(self, values)

    return Decoder(_tree(folder))


def _tree(folder: Path) -> dict[str, Any]:
    """Return the arrays by the parts of their names; an alias is the name of what it stands for."""
    tree: dict[str, Any] = {}
    values = {name: read_array(folder, variable) for name, variable in read_variables(folder).items()}
    for name, value in {**values, **read_aliases(folder)}.items():
        *scopes, last = name.split("/")
        place = tree
        for scope in scopes:
            place = place.setdefault(scope, {})
        place[last] = value
    return tree


def _revision(folder: Path) -> int:
    """Return the revision of the specification, which stands after the version and the name in the file."""
    with (folder / WEIGHTS).open("rb") as file:
        _, length = _HEAD.unpack(file.read(_HEAD.size))
        file.seek(length, os.SEEK_CUR)
        return int(_REVISION.unpack(file.read(_REVISION.size))[0])
