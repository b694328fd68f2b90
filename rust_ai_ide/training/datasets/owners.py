"""Which crate a file belongs to, and under which licence that is."""

import tomllib
from typing import Any

from rust_ai_ide.training.corpus import Crate
from rust_ai_ide.training.datasets.sources import Source

OWN_CODE = "own code"
"""What stands for a licence where the user says that code without one is theirs."""


class Owners:
    """Finds the crates of a source's files; each manifest is read once."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._known: dict[str, tuple[str, Crate]] = {}
        self._packages: dict[str, dict[str, Any]] = {}

    def of(self, path: str) -> tuple[str, Crate]:
        """Return the folder of the crate that a file belongs to, and the crate."""
        folder = path.rpartition("/")[0]
        if folder not in self._known:
            self._known[folder] = self._crate(folder)
        return self._known[folder]

    def _crate(self, folder: str) -> tuple[str, Crate]:
        package = self._table(folder).get("package")
        if isinstance(package, dict) and isinstance(package.get("name"), str):
            version, licence = (self._value(package, folder, name) for name in ("version", "license"))
            return folder, Crate(package["name"], version, licence)
        if folder:
            return self.of(folder)
        # No manifest at all: the root stands for a crate.
        return "", Crate(self._source.name, "", "")

    def _value(self, package: dict[str, Any], folder: str, name: str) -> str:
        value = package.get(name)
        if value == {"workspace": True}:
            value = self._inherited(folder, name)
        return value if isinstance(value, str) else ""

    def _inherited(self, folder: str, name: str) -> object:
        while True:
            workspace = self._table(folder).get("workspace")
            shared = workspace.get("package") if isinstance(workspace, dict) else None
            if isinstance(shared, dict) and name in shared:
                return shared[name]
            if not folder:
                return ""
            folder = folder.rpartition("/")[0]

    def _table(self, folder: str) -> dict[str, Any]:
        if folder not in self._packages:
            self._packages[folder] = _parsed(self._source.manifest(folder))
        return self._packages[folder]


def _parsed(data: bytes | None) -> dict[str, Any]:
    try:
        return tomllib.loads((data or b"").decode("utf-8"))
    except (ValueError, RecursionError):
        return {}
