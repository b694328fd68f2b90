"""The extra `train`: the libraries that training needs and running a model does not."""

import importlib
import os
from typing import Any

from rust_ai_ide.errors import RustAiIdeError


class TrainingNotInstalled(RustAiIdeError):
    """A library of the extra `train` is missing."""


def require(name: str) -> Any:
    """Import and return a library of the extra `train`. Raises TrainingNotInstalled."""
    # OpenMP's threads wait for each other by spinning; beside other work that makes training ten times slower.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise TrainingNotInstalled(
            f"Training needs {name.partition('.')[0]}, which is not installed: run make install-train, "
            'or pip install "rust-ai-ide[train]".'
        ) from error
