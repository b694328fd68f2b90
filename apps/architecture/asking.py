"""What the address of the architecture page asks to see."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from rust_ai_ide.architecture.choosing import Choice
from rust_ai_ide.architecture.graph import AROUND, DIRECTIONS
from rust_ai_ide.architecture.model import CRATES, MODULES

LEVELS = {CRATES: "Crates", MODULES: "Modules"}
GRAPH, MATRIX, RANKS = "graph", "matrix", "levels"
SHAPES = {GRAPH: "Graph", MATRIX: "Matrix", RANKS: "Levels"}
HEATS = {"changes": "Changes", "findings": "Findings", "complexity": "Complexity", "lines": "Lines"}
DEEPEST = 5
_FEW_CRATES = 3
_TESTS = frozenset({"test", "bench"})


@dataclass(frozen=True)
class View:
    """What the reader asked to see."""

    level: str = CRATES
    shape: str = GRAPH
    tests: bool = False
    external: bool = False
    crate: str = ""
    inside: str = ""
    focus: str = ""
    depth: int = 1
    direction: str = AROUND
    start: str = ""
    end: str = ""
    user: str = ""
    used: str = ""
    heat: str = ""

    @property
    def part(self) -> tuple[str, Choice, str, str]:
        """Return what names the part of the model that is shown, in whatever shape."""
        return self.level, self.choice, self.start, self.end

    @property
    def asks_way(self) -> bool:
        """Whether the ways from one node to another are asked for."""
        return bool(self.start and self.end)

    @property
    def choice(self) -> Choice:
        """Return the part of the level's graph that is asked for; ways are looked for in all crates."""
        if self.asks_way:
            return Choice(self.tests, self.external)
        return Choice(
            self.tests, self.external, self.crate, self.inside, self.focus, self.depth, self.direction
        )


def view_of(query: QueryDict, crates: list[dict[str, Any]]) -> View:
    """Read an address; what it does not say, or says in no known way, is as usual for these crates."""
    usual = MODULES if sum(crate["kind"] not in _TESTS for crate in crates) < _FEW_CRATES else CRATES
    return View(
        level=_one_of(LEVELS, query.get("level"), usual),
        shape=_one_of(SHAPES, query.get("view"), GRAPH),
        tests=query.get("tests") == "1",
        external=query.get("external") == "1",
        crate=query.get("crate", ""),
        inside=query.get("inside", ""),
        focus=query.get("focus", ""),
        depth=_depth(query.get("depth", "")),
        direction=_one_of(DIRECTIONS, query.get("direction"), AROUND),
        start=query.get("from", "").strip(),
        end=query.get("to", "").strip(),
        user=query.get("user", ""),
        used=query.get("used", ""),
        heat=_one_of(HEATS, query.get("heat"), ""),
    )


def _one_of(known: Any, wanted: str | None, usual: str) -> str:
    return wanted if wanted in known else usual


def _depth(text: str) -> int:
    return int(text) if text in map(str, range(1, DEEPEST + 1)) else 1
