"""Which modules, blocks and conditions lie around a place in a file."""

from bisect import bisect_right
from collections.abc import Iterable

from rust_ai_ide.architecture.facts import Scope

Span = tuple[int, int]


class Ranges:
    """Byte ranges that nest or lie apart, to ask whether a place lies in one."""

    def __init__(self, ranges: Iterable[Span]) -> None:
        merged: list[Span] = []
        for start, end in sorted(ranges, key=lambda span: (span[0], -span[1])):
            if not merged or start >= merged[-1][1]:
                merged.append((start, end))
        self._starts = [start for start, _ in merged]
        self._ends = [end for _, end in merged]

    def hold(self, place: int) -> bool:
        """Whether a place lies in one of them."""
        index = bisect_right(self._starts, place) - 1
        return index >= 0 and place < self._ends[index]


class Labels:
    """What is said around each place, by byte ranges that nest or lie apart."""

    def __init__(self, said: Iterable[tuple[Span, str]]) -> None:
        steps: list[tuple[int, int, str]] = []
        for number, ((start, end), label) in enumerate(
            sorted(said, key=lambda each: (each[0][0], -each[0][1]))
        ):
            # Where one ends and the next begins, the end comes first.
            steps += [(start, number + 1, label), (end, 0, "")]
        self._places: list[int] = [0]
        self._labels: list[tuple[str, ...]] = [()]
        around: list[str] = []
        for place, is_start, label in sorted(steps, key=lambda step: step[:2]):
            if is_start:
                around.append(label)
            else:
                around.pop()
            self._places.append(place)
            self._labels.append(tuple(around))

    def at(self, place: int) -> tuple[str, ...]:
        """Return the labels around a place, the outermost first."""
        return self._labels[bisect_right(self._places, place) - 1]


class Scopes:
    """The inline modules around each place of a file."""

    def __init__(self, inline: Iterable[tuple[Span, str]]) -> None:
        steps: list[tuple[int, str | None]] = []
        for (start, end), name in inline:
            # A module lies in what is around it, not in itself.
            steps.append((start + 1, name))
            steps.append((end, None))
        steps.sort(key=lambda step: (step[0], step[1] is not None))
        self._places: list[int] = [0]
        self._scopes: list[Scope] = [()]
        open_modules: list[str] = []
        for place, opened in steps:
            if opened is None:
                open_modules.pop()
            else:
                open_modules.append(opened)
            self._places.append(place)
            self._scopes.append(tuple(open_modules))

    def at(self, place: int) -> Scope:
        """Return the names of the modules around a place."""
        return self._scopes[bisect_right(self._places, place) - 1]
