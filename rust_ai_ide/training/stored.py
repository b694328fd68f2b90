"""The arrays in CTranslate2's `model.bin`, read back as 32-bit numbers."""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rust_ai_ide.runtime.arrays import read_array
from rust_ai_ide.runtime.errors import InvalidConfig
from rust_ai_ide.runtime.manifest import WEIGHTS
from rust_ai_ide.runtime.weights import read_aliases, read_shapes, read_variables

Array = NDArray[np.float32]
_READ_BACK = {"float32", "float16", "bfloat16", "int8"}
_EPSILON = "layer_norm_epsilon"


class StoredWeights:
    """The arrays of a model folder by name; `shapes` are the sizes that they have together."""

    def __init__(self, folder: Path) -> None:
        """Read the heads of the arrays. Raises InvalidConfig."""
        self._folder = folder
        self._variables = read_variables(folder)
        self._aliases = read_aliases(folder)
        self.shapes = read_shapes(folder)

    def __contains__(self, name: str) -> bool:
        """Return whether there is an array of this name of its own, not another name of one."""
        return name in self._variables

    def names(self) -> frozenset[str]:
        """Return the names of all arrays."""
        return frozenset(self._variables)

    def rows(self, name: str) -> int:
        """Return how many rows an array has. Raises InvalidConfig where it is missing."""
        if name not in self._variables:
            raise InvalidConfig(f"{WEIGHTS} lacks {name}.", WEIGHTS)
        return self._variables[name].shape[0]

    def number(self, name: str) -> int | None:
        """Return a whole number that is stored by itself, None where there is none."""
        variable = self._variables.get(name)
        return None if variable is None else variable.value

    def array(self, name: str) -> Array:
        """Return one array. Raises InvalidConfig where it is missing or of a type that is not read back."""
        variable = self._variables.get(self._aliases.get(name, name))
        if variable is None:
            raise InvalidConfig(f"{WEIGHTS} lacks {name}.", WEIGHTS)
        if variable.type not in _READ_BACK:
            raise InvalidConfig(f"Weights of the type {variable.type} cannot be read back.", WEIGHTS)
        stored: Array = read_array(self._folder, variable).astype(np.float32)
        if variable.type == "int8":
            # CTranslate2 stores round(weight * scale), with scale = 127 / max|row|.
            stored /= self.array(f"{name}_scale")[:, None]
        return stored

    def epsilon(self, usual: float) -> float:
        """Return the epsilon of the norms, `usual` where the folder names none."""
        return float(
            json.loads((self._folder / "config.json").read_text(encoding="utf-8"))[_EPSILON] or usual
        )
