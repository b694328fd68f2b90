"""Which models were loaded, so that a runtime that was killed comes back with them.

A model during whose loading the process died is not tried again by itself: it would kill the next one, too.
"""

import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rust_ai_ide.home import data_directory
from rust_ai_ide.runtime.generating import LoadOptions


class LoadedModels:
    """The note of what is loaded, in the data directory. `None` as the file keeps no note."""

    def __init__(self, file: Path | None) -> None:
        self._file = file

    @classmethod
    def in_data_directory(cls) -> "LoadedModels":
        """Return the note that this machine's runtime keeps."""
        return cls(data_directory() / "loaded-models.json")

    def wanted(self) -> dict[str, LoadOptions]:
        """Return what was loaded when the last process ended."""
        return {model: options for model, (options, is_loaded) in self._read().items() if is_loaded}

    def exists(self) -> bool:
        """Return whether a process ever kept the note."""
        return self._file is not None and self._file.exists()

    def suspects(self) -> list[str]:
        """Return the models during whose loading the last process ended."""
        return [model for model, (_, is_loaded) in self._read().items() if not is_loaded]

    def begin(self, model: str, options: LoadOptions) -> None:
        """Note that a load begins."""
        self._write(self._read() | {model: (options, False)})

    def done(self, model: str, options: LoadOptions) -> None:
        """Note that a model is loaded."""
        self._write(self._read() | {model: (options, True)})

    def forget(self, model: str) -> None:
        """Note that a model is not loaded any more."""
        self._write({key: value for key, value in self._read().items() if key != model})

    def _read(self) -> dict[str, tuple[LoadOptions, bool]]:
        if self._file is None:
            return {}
        # A note that cannot be read is no note; nothing is lost but a reload.
        with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
            values: dict[str, Any] = json.loads(self._file.read_text())
            return {
                model: (LoadOptions(**value["options"]), value["is_loaded"] is True)
                for model, value in values.items()
            }
        return {}

    def _write(self, models: dict[str, tuple[LoadOptions, bool]]) -> None:
        if self._file is None:
            return
        values = {
            model: {"options": asdict(options), "is_loaded": is_loaded}
            for model, (options, is_loaded) in models.items()
        }
        made = self._file.with_suffix(".new")
        made.write_text(json.dumps(values, indent=1))
        made.replace(self._file)
