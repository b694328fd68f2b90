"""What is measured of files as heat of the nodes of a graph: a value for each, and one of five steps."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from rust_ai_ide.architecture.graph import Graph, representatives

STEPS = 5


@dataclass(frozen=True, slots=True)
class Heat:
    """The value of each node that has one, and the highest value of each step, the coolest first.

    The steps hold about as many nodes each; where many have one value there are fewer. Zero has no step.
    """

    values: Mapping[str, int]
    bounds: tuple[int, ...]

    def step(self, node: str) -> int:
        """Return the step of a node from 1, the coolest, to 5; 0 for none."""
        value = self.values.get(node, 0)
        if value <= 0:
            return 0
        return STEPS - len(self.bounds) + 1 + min(bisect_left(self.bounds, value), len(self.bounds) - 1)

    @property
    def legend(self) -> tuple[tuple[int, int, int], ...]:
        """Each step with its lowest and highest value."""
        first = STEPS - len(self.bounds) + 1
        lows = (1, *(bound + 1 for bound in self.bounds))
        return tuple(
            (first + number, low, high)
            for number, (low, high) in enumerate(zip(lows, self.bounds, strict=False))
        )


def heat_of(values: Mapping[str, int]) -> Heat:
    """Return nodes with the steps of their values."""
    ordered = sorted(value for value in values.values() if value > 0)
    count = len(ordered)
    bounds = (
        {ordered[max(0, -(-count * step // STEPS) - 1)] for step in range(1, STEPS + 1)} if count else set()
    )
    return Heat(values, tuple(sorted(bounds)))


def values_of_modules(modules: Graph, by_file: Mapping[str, int]) -> dict[str, int]:
    """Return the value of each module that is a file of its own, given those of files.

    A module that is written inside the file of another counts with that one, and has none.
    """
    owners: dict[tuple[str, str], str] = {}
    for node in sorted(modules.nodes, key=lambda node: (node.id.count("::"), node.id)):
        if node.place is not None:
            owners.setdefault((node.crate, node.place.file), node.id)
    return {name: by_file[file] for (_, file), name in owners.items() if file in by_file}


def values_of_crates(modules: Graph, values: Mapping[str, int]) -> dict[str, int]:
    """Return the sum over the modules of each crate."""
    sums: Counter[str] = Counter()
    for node in modules.nodes:
        if node.id in values:
            sums[node.crate] += values[node.id]
    return dict(sums)


def folded_values(whole: Graph, shown: Graph, values: Mapping[str, int]) -> dict[str, int]:
    """Return the sums for the nodes of a graph that stands for a larger one, as `collapse` makes it."""
    sums: Counter[str] = Counter()
    for name, standing in representatives(whole, shown).items():
        if name in values:
            sums[standing] += values[name]
    return dict(sums)
