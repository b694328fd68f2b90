"""Places in files where a completion is asked for, chosen by chance and the same for the same seed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rust_ai_ide.training.corpus import SourceFile


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place inside a line of a file: what stands before and after it, and the rest of the line."""

    path: str
    prefix: str
    suffix: str
    rest: str


def cursors(files: Sequence[SourceFile], count: int, seed: int = 0) -> list[Cursor]:
    """Return places inside lines of code, never in comments or at their ends, spread evenly over the files."""
    random = np.random.default_rng(seed)
    found: list[Cursor] = []
    for _ in range(count * 50):
        if len(found) == count:
            break
        file = files[int(random.integers(len(files)))]
        place = int(random.integers(len(file.text)))
        start = file.text.rfind("\n", 0, place) + 1
        end = file.text.find("\n", place)
        line = file.text[start : end if end >= 0 else len(file.text)]
        rest = file.text[place : start + len(line)]
        if not line[: place - start].strip() or len(rest.strip()) < 3 or line.strip().startswith("//"):
            continue
        found.append(Cursor(file.path, file.text[:place], file.text[start + len(line) :], rest))
    return found
