"""Finds the module that a path in the code means: through imports, re-exports, globs and crate names."""

from collections.abc import Mapping
from dataclasses import dataclass

from rust_ai_ide.architecture.modules import Module
from rust_ai_ide.architecture.uses import Use

STANDARD = frozenset({"std", "core", "alloc", "proc_macro", "test"})
_DEEPEST = 24
# Heads of paths that every module knows without importing them.
_KNOWN_EVERYWHERE = frozenset(
    {"bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str"}
    | {"u8", "u16", "u32", "u64", "u128", "usize"}
)
_TOOLS = frozenset({"clippy", "diagnostic", "miri", "rust_analyzer", "rustdoc", "rustfmt"})
_CERTAINTY_ORDER = ("resolved", "via-glob", "presumed")


@dataclass(frozen=True, slots=True)
class Found:
    """What a path means: a module, an item in one (`is_item`), or an external crate by name."""

    module: Module | None
    external: str = ""
    is_item: bool = False
    certainty: str = "resolved"


@dataclass(frozen=True, slots=True)
class CrateNames:
    """What paths of a crate start from: its root, its edition, and the crates it knows by name."""

    root: Module
    edition: str
    outside: Mapping[str, "Found"]


class Resolver:
    """Resolves paths; holds the names of all crates by id, since re-exports lead from one to another."""

    def __init__(self, crates: Mapping[str, CrateNames]) -> None:
        self._crates = crates
        self._known: dict[tuple[int, str], Found | None] = {}
        self._bindings: dict[int, tuple[dict[str, Use], list[Use]]] = {}

    def resolve(self, module: Module, use: Use) -> Found | None:
        """Return what the path of a use means in its module, None where that cannot be told."""
        return self._path(module, use.path, 0, is_use=use.kind in ("use", "reexport"))

    def is_known_without(self, use: Use) -> bool:
        """Whether a path that cannot be resolved begins with a type, a generic, a tool or a built-in name."""
        head = use.path[0] if use.path else ""
        return use.kind == "path" and (head[:1].isupper() or head in _KNOWN_EVERYWHERE | _TOOLS)

    def lookup(self, module: Module, name: str, depth: int) -> Found | None:
        """Return what a name means in a module, by declaration, import or glob import."""
        if name in module.children:
            return Found(module.children[name])
        if name in module.items:
            return Found(module, is_item=True)
        key = (id(module), name)
        if key in self._known:
            return self._known[key]
        if depth > _DEEPEST:
            return None
        self._known[key] = None  # Imports that go round in a circle find nothing.
        self._known[key] = self._imported(module, name, depth)
        return self._known[key]

    def _imported(self, module: Module, name: str, depth: int) -> Found | None:
        bindings, globs = self._bindings_of(module)
        if name in bindings:
            return self._path(module, bindings[name].path, depth + 1, is_use=True)
        for glob in globs:
            source = self._path(module, glob.path, depth + 1, is_use=True)
            if source is None or source.module is None or source.is_item or source.module is module:
                continue
            found = self.lookup(source.module, name, depth + 1)
            if found is not None:
                return Found(found.module, found.external, found.is_item, "via-glob")
        return None

    def _bindings_of(self, module: Module) -> tuple[dict[str, Use], list[Use]]:
        known = self._bindings.get(id(module))
        if known is None:
            named: dict[str, Use] = {}
            globs: list[Use] = []
            # Imports inside functions only count where the module itself has none of that name.
            for use in sorted(module.uses, key=lambda each: each.is_local):
                if use.binds == "*":
                    globs.append(use)
                elif use.binds:
                    named.setdefault(use.binds, use)
            known = self._bindings[id(module)] = (named, globs)
        return known

    def _path(self, module: Module, path: tuple[str, ...], depth: int, *, is_use: bool) -> Found | None:
        if not path or depth > _DEEPEST:
            return None
        head, rest = path[0], path[1:]
        start: Found | None
        if head in ("crate", "self", "super"):
            start, rest = self._relative(module, path)
        elif head == "":
            start, rest = self._from_the_root(module, rest, depth)
        else:
            names = self._crates[module.crate]
            from_root = is_use and names.edition == "2015"
            start = self.lookup(names.root if from_root else module, head, depth)
            start = start or self._crate(module, head)
        return self._walk(start, rest, depth) if start else None

    def _relative(self, module: Module, path: tuple[str, ...]) -> tuple[Found | None, tuple[str, ...]]:
        current: Module | None = module
        for position, name in enumerate(path):
            if current is None:
                return None, ()
            if name == "crate":
                current = self._crates[module.crate].root
            elif name == "super":
                current = current.parent
            elif name != "self":
                return Found(current), path[position:]
        return (Found(current) if current else None), ()

    def _from_the_root(
        self, module: Module, rest: tuple[str, ...], depth: int
    ) -> tuple[Found | None, tuple[str, ...]]:
        if not rest:
            return None, ()
        start, names = self._crate(module, rest[0]), self._crates[module.crate]
        if start is None and names.edition == "2015":
            start = self.lookup(names.root, rest[0], depth)
        return start, rest[1:]

    def _crate(self, module: Module, name: str) -> Found | None:
        return self._crates[module.crate].outside.get(name) or (
            Found(None, name) if name in STANDARD else None
        )

    def _walk(self, start: Found, rest: tuple[str, ...], depth: int) -> Found | None:
        current = start
        for name in rest:
            if current.module is None or current.is_item:
                break
            found = self.lookup(current.module, name, depth + 1)
            if found is None:
                # The module is there, the item is not: a macro made it, or it is behind a foreign glob.
                return Found(current.module, is_item=True, certainty="presumed")
            worst = max(current.certainty, found.certainty, key=_CERTAINTY_ORDER.index)
            current = Found(found.module, found.external, found.is_item, worst)
        return current
