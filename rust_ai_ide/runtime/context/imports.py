"""The `use` lines of a text, complete or half typed, and how well a file fits the path that one names."""

import re
from collections.abc import Iterator
from itertools import islice

MOST_USES = 500

# One that is being typed ends where the next item begins.
_USE = re.compile(r"\buse\s+([^;]{1,4000}?)(?=;|$|\n\s*\n|\n(?:pub|use|fn|mod|struct|enum|trait|impl|#))")
_TOKEN = re.compile(r"::|[{},*]|\bas\b|(?:r#)?[^\W\d]\w*")
_ROOTS = frozenset({"crate", "self", "super"})
_STANDARD = frozenset({"std", "core", "alloc"})
_PLAIN_FILES = frozenset({"mod", "lib", "main"})


def imports(text: str) -> list[tuple[tuple[str, ...], str]]:
    """Return each imported path with the name that it makes known; "*" for all names of a module."""
    return [leaf for use in islice(_USE.finditer(text), MOST_USES) for leaf in _leaves(use[1])]


def module_of(path: str) -> tuple[str, ...]:
    """Return the names that lead to a file's module: `a/src/b/mod.rs` is (a, b)."""
    *folders, name = path.split("/")
    stem = name.removesuffix(".rs")
    parts = [part.replace("-", "_") for part in folders if part != "src"]
    return (*parts, *(() if stem in _PLAIN_FILES else (stem,)))


def fit(path: tuple[str, ...], module: tuple[str, ...]) -> float:
    """Return from 0 to 1 how many of the names before the last of an imported path lead to a module.

    Re-exports make paths and files differ, so this is a matter of degree. What the standard library has fits nowhere.
    """
    if path[0] in _STANDARD:
        return 0.0
    names = [name for name in path[:-1] if name not in _ROOTS]
    if not names:
        return 0.5
    return sum(name in module for name in names) / len(names)


def _leaves(tree: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the leaves of a use tree; a loop, since nesting is the text's choice."""
    prefixes: list[tuple[str, ...]] = [()]
    path: tuple[str, ...] = ()
    alias: str | None = None
    after_as = False
    for part in [*_TOKEN.findall(tree), "end"]:
        if part == "{":
            prefixes.append(path)
        elif part in ("}", ",", "end"):
            leaf = path[:-1] if path[-1:] == ("self",) else path
            if len(path) > len(prefixes[-1]) and leaf:
                yield leaf, alias or leaf[-1]
            if part == "}" and len(prefixes) > 1:
                prefixes.pop()
                # What follows a closed list is a comma, or another closing brace: nothing is left to yield.
                path, alias = prefixes[-1], None
                continue
            path, alias = prefixes[-1], None
        elif part == "as":
            after_as = True
        elif after_as:
            alias, after_as = part, False
        elif part != "::":
            path = (*path, part.removeprefix("r#"))
