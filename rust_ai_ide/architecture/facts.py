"""What one Rust file says about modules, as data that the store can keep."""

import json
from dataclasses import dataclass
from typing import Any

Scope = tuple[str, ...]
"""The names of the inline modules around something, outermost first; () is the file itself."""


@dataclass(frozen=True, slots=True)
class ModuleDeclaration:
    """A `mod`: `scope` is where it stands; `path` is its #[path]; inline ones have their body in the file.

    `is_choice` ones are one of several, where `cfg_attr` says which file it is. `condition` is what the `cfg` of the
    module says, "" for none.
    """

    name: str
    scope: Scope
    line: int
    is_inline: bool
    is_test: bool
    in_macro: bool
    path: str | None
    is_public: bool = False
    is_choice: bool = False
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """A path that a file uses. `kind` is use, reexport, path, extern, or name for a lone name.

    In what a macro makes, `filled` is a path whose last name the caller gives.

    `path` begins with "" for a leading `::`. `binds` is the name that a use makes known ("" for none, "*"
    for all). `is_local` uses stand inside a function. `condition` is what `cfg` says around it in its module.
    """

    kind: str
    scope: Scope
    path: tuple[str, ...]
    binds: str
    line: int
    is_test: bool
    in_macro: bool
    is_local: bool
    condition: str = ""

    @property
    def is_conditional(self) -> bool:
        """Whether a `cfg` decides about it, where the module around it is compiled."""
        return self.condition != ""


@dataclass(frozen=True, slots=True)
class Item:
    """A name that a module declares for something other than a module; no path goes on behind a value."""

    scope: Scope
    name: str
    is_public: bool
    condition: str
    is_value: bool

    @property
    def is_conditional(self) -> bool:
        """Whether a `cfg` decides about it, where the module around it is compiled."""
        return self.condition != ""


@dataclass(frozen=True, slots=True)
class MacroDefinition:
    """A `macro_rules!`; `facts` is what the code it makes says, as if it stood alone."""

    name: str
    scope: Scope
    line: int
    is_exported: bool
    is_test: bool
    facts: "FileUses"
    condition: str = ""


@dataclass(frozen=True, slots=True)
class MacroCall:
    """A call of a macro by its bare name, with the `words` it hands over.

    `is_local` ones stand inside a function and make no items.
    """

    name: str
    scope: Scope
    line: int
    is_test: bool
    is_local: bool
    words: tuple[str, ...] = ()
    condition: str = ""


@dataclass(frozen=True, slots=True)
class FileUses:
    """All facts of one file; `problem` says in a sentence why there are none."""

    modules: tuple[ModuleDeclaration, ...] = ()
    uses: tuple[Use, ...] = ()
    items: tuple[Item, ...] = ()
    macros: tuple[MacroDefinition, ...] = ()
    calls: tuple[MacroCall, ...] = ()
    problem: str = ""


def encode(facts: FileUses) -> bytes:
    """Return facts as JSON for the store."""
    return json.dumps(_rows(facts), separators=(",", ":")).encode()


def decode(body: bytes) -> FileUses:
    """Return the facts that `encode` wrote."""
    return _facts(json.loads(body))


def _rows(facts: FileUses) -> list[Any]:
    return [
        [
            (
                m.name,
                m.scope,
                m.line,
                m.is_inline,
                m.is_test,
                m.in_macro,
                m.path,
                m.is_public,
                m.is_choice,
                m.condition,
            )
            for m in facts.modules
        ],
        [
            (u.kind, u.scope, u.path, u.binds, u.line, u.is_test, u.in_macro, u.is_local, u.condition)
            for u in facts.uses
        ],
        [(i.scope, i.name, i.is_public, i.condition, i.is_value) for i in facts.items],
        [
            (m.name, m.scope, m.line, m.is_exported, m.is_test, _rows(m.facts), m.condition)
            for m in facts.macros
        ],
        [(c.name, c.scope, c.line, c.is_test, c.is_local, c.words, c.condition) for c in facts.calls],
        facts.problem,
    ]


def _facts(rows: list[Any]) -> FileUses:
    modules, uses, items, macros, calls, problem = rows
    return FileUses(
        tuple(ModuleDeclaration(m[0], tuple(m[1]), *m[2:]) for m in modules),
        tuple(Use(u[0], tuple(u[1]), tuple(u[2]), *u[3:]) for u in uses),
        tuple(Item(tuple(i[0]), *i[1:]) for i in items),
        tuple(MacroDefinition(m[0], tuple(m[1]), m[2], m[3], m[4], _facts(m[5]), m[6]) for m in macros),
        tuple(MacroCall(c[0], tuple(c[1]), c[2], c[3], c[4], tuple(c[5]), c[6]) for c in calls),
        problem,
    )
