"""Reads who uses whom out of the tree that rustc prints after it has resolved all names (`-Zunpretty=hir-tree`).

The form of the tree is rustc 1.95's own and may change with any release.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# A definition of the crate itself, with its path from the crate's top.
_OWN = re.compile(r"DefId\(0:\d+ ~ \w+\[[0-9a-f]+\](?:::)?([^)]*)\)")
_STEP = 4
_IS_MODULE = " " * 16 + "kind: Mod("


@dataclass(frozen=True)
class Resolved:
    """The modules that were compiled, and which of them uses which; the top module is ""."""

    modules: frozenset[str]
    edges: frozenset[tuple[str, str]]


def read(lines: Iterable[str]) -> Resolved:
    """Return what the tree says. Only what a whole path means counts, not what its first parts do."""
    modules: set[str] = set()
    uses: set[tuple[str, str, bool]] = set()
    item = _Item("")
    for line in lines:
        if line.startswith(" "):
            item.take(line)
            continue
        # Each item has a tree of its own, that starts and ends at the left edge.
        if item.is_module:
            modules.add(item.path)
        uses.update((item.path, *meaning) for meaning in item.meanings)
        match = _OWN.match(line)
        item = _Item(match[1] if match else "")
    edges = set()
    for user, target, is_module in uses:
        used = target if is_module else _module_of(target, modules)
        edges.add((_named(_module_of(user, modules)), _named(used)))
    return Resolved(
        frozenset(map(_named, modules)), frozenset((user, used) for user, used in edges if user != used)
    )


class _Item:
    """What the paths in one item mean: other items by path, and whether they are modules."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.is_module = not path
        self.meanings: set[tuple[str, bool]] = set()
        self._path_at = self._definition_at = -1
        self._kind = ""

    def take(self, line: str) -> None:
        """Read the next line."""
        if self.is_module:
            # It only lists its items.
            return
        text = line.strip()
        indent = len(line) - len(line.lstrip(" "))
        if line.startswith(_IS_MODULE):
            self.is_module = True
        elif text.endswith("Path {"):
            self._path_at = indent
        elif text == "Def(" or (text == "res: Def(" and indent == self._path_at + _STEP):
            # What an import means, in each namespace, or what any other path means.
            self._definition_at, self._kind = indent + _STEP, ""
        elif text == "ListStem,":
            # `use a::{b, c}` is three imports; that of `a` alone brings nothing.
            self.meanings.clear()
        elif indent == self._definition_at:
            self._kind = self._kind or text.rstrip(",(")
            if text.startswith("DefId("):
                self._path_at = self._definition_at = -1
                if match := _OWN.match(text):
                    self.meanings.add((match[1], self._kind == "Mod"))


def _module_of(item: str, modules: set[str]) -> str:
    """Return the innermost module around an item."""
    while item:
        item = item.rpartition("::")[0]
        if item in modules:
            return item
    return ""


def _named(module: str) -> str:
    """Return a module's path without what has no name, such as an `{impl#0}` around it."""
    return "::".join(part for part in module.split("::") if not part.startswith("{")).replace("r#", "")
