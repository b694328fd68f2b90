"""Places in files where a completion is asked for, chosen by chance and the same for the same seed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rust_ai_ide.training.corpus import SourceFile

_TRIES = 50
START, MIDDLE, END = "start", "middle", "end"
PARTS = (START, MIDDLE, END)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place inside a line of a file: what stands before and after it, and the rest of the line."""

    path: str
    prefix: str
    suffix: str
    rest: str

    @property
    def part(self) -> str:
        """Tell in which third of its line's code the cursor stands: "start", "middle" or "end"."""
        begun = len(self.prefix.rpartition("\n")[2].lstrip())
        return PARTS[min(2, 3 * begun // max(1, begun + len(self.rest.rstrip())))]


def cursors(files: Sequence[SourceFile], count: int, seed: int = 0) -> list[Cursor]:
    """Return places inside lines of code, never in comments or at their ends, spread evenly over the files."""
    random = np.random.default_rng(seed)
    found: list[Cursor] = []
    for _ in range(count * _TRIES):
        if len(found) == count:
            break
        cursor = _cursor(files[int(random.integers(len(files)))], random)
        if cursor:
            found.append(cursor)
    return found


def cursors_of_projects(
    projects: Mapping[str, Sequence[SourceFile]], count: int, seed: int = 0
) -> Iterator[tuple[str, SourceFile, Cursor]]:
    """Yield places with their files and projects, as many of each project, one project after the other."""
    random = np.random.default_rng(seed)
    names = sorted(projects)
    found = 0
    for number in range(count * _TRIES):
        if found == count:
            return
        name = names[number % len(names)]
        file = projects[name][int(random.integers(len(projects[name])))]
        cursor = _cursor(file, random)
        if cursor:
            found += 1
            yield name, file, cursor


def _cursor(file: SourceFile, random: np.random.Generator) -> Cursor | None:
    """Return a place that chance chose, or None where no completion would be asked for there."""
    place = int(random.integers(len(file.text)))
    start = file.text.rfind("\n", 0, place) + 1
    end = file.text.find("\n", place)
    line = file.text[start : end if end >= 0 else len(file.text)]
    rest = file.text[place : start + len(line)]
    if not line[: place - start].strip() or len(rest.strip()) < 3 or line.strip().startswith("//"):
        return None
    return Cursor(file.path, file.text[:place], file.text[start + len(line) :], rest)
