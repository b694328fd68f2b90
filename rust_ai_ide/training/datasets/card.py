"""What a dataset says about itself: `dataset.json` for programs, `README.md` for people."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rust_ai_ide.training.corpus import Crate
from rust_ai_ide.training.datasets.errors import DatasetUnusable
from rust_ai_ide.training.fertility import Fertility

CARD = "dataset.json"
README = "README.md"
FORMAT = 1


@dataclass(frozen=True)
class Card:
    """The card. Counts are of files (samples, where it was curated); `bytes` are of their texts.

    `split_by` is "crate" or "file". `quality` counts the files that were scored in ten equal steps from 0 to 1, before
    the threshold. `tokens` is None where no tokeniser has counted them; `tokeniser` is the model whose did, and `words`
    are those between spaces.
    """

    name: str
    kind: str
    created: str
    task_type: str
    split_by: str
    own_code: bool
    settings: Mapping[str, Any]
    found: int
    training: int
    validation: int
    training_bytes: int
    validation_bytes: int
    dropped: Mapping[str, int]
    licences: Mapping[str, int]
    augmentations: Mapping[str, int]
    quality: tuple[int, ...]
    crates: tuple[Crate, ...]
    notes: tuple[str, ...] = ()
    tokens: int | None = None
    tokeniser: str = ""
    words: int = 0
    format: int = field(default=FORMAT)

    @property
    def counted(self) -> str:
        """Say how many tokens there are and how long they are, "" where none were counted."""
        if self.tokens is None:
            return ""
        spread = Fertility(self.tokens, self.training_bytes + self.validation_bytes, self.words)
        return f"{self.tokens:,} tokens of {self.tokeniser}: {spread}"

    def to_json(self) -> str:
        """Return the card as `dataset.json` holds it."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"


def read_card(folder: Path) -> Card:
    """Read the card of the dataset in a folder. Raises DatasetUnusable."""
    try:
        data = json.loads((folder / CARD).read_text(encoding="utf-8"))
        crates = tuple(Crate(**crate) for crate in data.pop("crates"))
        quality, notes = tuple(data.pop("quality")), tuple(data.pop("notes"))
        card = Card(**data, quality=quality, notes=notes, crates=crates)
    except FileNotFoundError as error:
        raise DatasetUnusable(f"{folder} is no prepared dataset: it has no {CARD}.") from error
    except OSError as error:
        raise DatasetUnusable(f"{folder / CARD} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise DatasetUnusable(f"{folder / CARD} is not the card of a dataset; prepare it again.") from error
    if card.format != FORMAT:
        raise DatasetUnusable(f"{folder} was written by another version; prepare the dataset again.")
    return card
