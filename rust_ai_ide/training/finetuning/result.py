"""What a fine-tuning came to, kept beside its model so that asking again costs nothing."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rust_ai_ide.training.evaluation.lines import LineFigures
from rust_ai_ide.training.finetuning.card import table
from rust_ai_ide.training.finetuning.comparing import Comparison, Measured
from rust_ai_ide.training.privacy.config import Spent

NAME = "result.json"


@dataclass(frozen=True)
class Result:
    """The name of the model folder in the folder of the training, the id of its version, the figures before and after.

    `registered` says whether the version is in the library, `reason` in a sentence why, or why not. `privacy` is what a
    private training spent.
    """

    folder: str
    model: str
    comparison: Comparison
    registered: bool
    reason: str
    privacy: Spent | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)

    def as_text(self) -> list[tuple[str, str, str]]:
        """Return the rows of the table before and after."""
        return table(self.comparison)

    def write(self, folder: Path, settings: str) -> None:
        """Write `result.json`, whole or not at all; `settings` are those of the training."""
        waiting = folder / f"{NAME}.new"
        waiting.write_text(
            json.dumps({**self.as_json(), "settings": settings}, indent=1) + "\n", encoding="utf-8"
        )
        waiting.replace(folder / NAME)


def read_result(folder: Path, settings: str = "") -> Result | None:
    """Return the result of a training, with these settings if they are given; None where none is whole."""
    try:
        values = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if values.pop("settings") != settings and settings:
            return None
        before, after = (_measured(values["comparison"][name]) for name in ("before", "after"))
        privacy = values.pop("privacy", None)
        spent = Spent(**privacy) if privacy else None
        return Result(**{**values, "comparison": Comparison(before, after), "privacy": spent})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _measured(values: dict[str, Any]) -> Measured:
    infilled = values["infilled"]
    return Measured(
        values["bits_per_byte"], LineFigures(**values["lines"]), LineFigures(**infilled) if infilled else None
    )
