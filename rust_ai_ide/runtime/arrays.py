"""The values of a model's arrays, read out of `model.bin`."""

from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rust_ai_ide.runtime.manifest import WEIGHTS
from rust_ai_ide.runtime.weights import Variable

if TYPE_CHECKING:
    from numpy.typing import NDArray

_KINDS = {
    "float32": "<f4",
    "int8": "i1",
    "int16": "<i2",
    "int32": "<i4",
    "float16": "<f2",
    "bfloat16": "<u2",
}


def read_array(folder: Path, variable: Variable) -> "NDArray[Any]":
    """Return the values of an array in its shape, as they are stored; bfloat16 becomes float32."""
    import numpy as np

    with (folder / WEIGHTS).open("rb") as file:
        file.seek(variable.offset)
        array = np.fromfile(file, _KINDS[variable.type], prod(variable.shape))
    if variable.type == "bfloat16":
        # The upper half of a 32-bit number.
        array = (array.astype("<u4") << 16).view("<f4")
    return array.reshape(variable.shape)
