"""Finds the module that a path in the code means: through imports, re-exports, globs and crate names."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from rust_ai_ide.architecture.facts import Use
from rust_ai_ide.architecture.graph import CERTAINTIES
from rust_ai_ide.architecture.modules import Module

STANDARD = frozenset({"std", "core", "alloc", "proc_macro", "test"})
_DEEPEST = 24
_MOST_ALTERNATIVES = 4
# Heads of paths that every module knows without importing them.
_KNOWN_EVERYWHERE = frozenset(
    {"bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str"}
    | {"u8", "u16", "u32", "u64", "u128", "usize"}
)
_TOOLS = frozenset({"clippy", "diagnostic", "miri", "rust_analyzer", "rustdoc", "rustfmt"})


@dataclass(frozen=True, slots=True)
class Found:
    """What a path means: a module, an item in one (`is_item`), or an external crate by name.

    `otherwise` is what it means in other configurations.
    """

    module: Module | None
    external: str = ""
    is_item: bool = False
    certainty: str = "resolved"
    otherwise: tuple["Found", ...] = ()

    @property
    def crate(self) -> str:
        """The id of the crate that it lies in, or the name of the external one."""
        return self.module.crate if self.module is not None else self.external

    @property
    def target(self) -> str:
        """The id of the module, or the name of the external crate."""
        return self.module.id if self.module is not None else self.external


@dataclass(frozen=True, slots=True)
class CrateNames:
    """What paths of a crate start from: its root, its edition, and the crates it knows by name."""

    root: Module
    edition: str
    outside: Mapping[str, "Found"]


# Where a name stands in a path: before another, at the end of an import, at the end of any other path.
_HEAD, _END, _ITEM = "head", "end", "item"


class Resolver:
    """Resolves paths; holds the names of all crates by id, since re-exports lead from one to another."""

    def __init__(self, crates: Mapping[str, CrateNames]) -> None:
        self._crates = crates
        self._known: dict[tuple[int, str, bool, str], Found | None] = {}
        self._sources: dict[tuple[int, int], Found] = {}
        self._foreign: dict[int, Found | None] = {}
        self._bindings: dict[int, tuple[dict[str, list[Use]], list[Use]]] = {}

    def resolve(self, module: Module, use: Use) -> Found | None:
        """Return what the path of a use means in its module, None where that cannot be told."""
        end = _ITEM if use.kind == "path" else _END
        return self._path(module, use.path, 0, is_use=use.kind in ("use", "reexport"), end=end)

    def guessed(self, module: Module, use: Use) -> Found | None:
        """Return what a name means that is one only perhaps, such as a word handed to a macro.

        Lone names count where an import of all names of another module brings them.
        """
        if use.kind == "name" and (
            use.path[0] in module.items or use.path[0] in self._bindings_of(module)[0]
        ):
            return None
        found = self._path(module, use.path, 0, is_use=False, end=_ITEM)
        ways = (found, *found.otherwise) if found is not None else ()
        sure = [way for way in ways if way.module is not None and way.is_item and way.certainty != "presumed"]
        return replace(sure[0], otherwise=tuple(sure[1:])) if sure else None

    def is_known_without(self, use: Use) -> bool:
        """Whether a path that cannot be resolved begins with a type, a generic, a tool or a built-in name."""
        head = use.path[0] if use.path else ""
        return use.kind == "path" and (head[:1].isupper() or head in _KNOWN_EVERYWHERE | _TOOLS)

    def lookup(
        self, module: Module, name: str, depth: int, *, position: str, from_outside: bool = False
    ) -> Found | None:
        """Return what a name means in a module, by declaration, import or glob import.

        `position` says where in a path the name stands. Only what is visible counts `from_outside`.
        """
        key = (id(module), name, from_outside, position)
        if key in self._known:
            return self._known[key]
        if depth > _DEEPEST:
            return None
        self._known[key] = None  # Imports that go round in a circle find nothing.
        self._known[key] = _first(self._candidates(module, name, depth, position, from_outside))
        return self._known[key]

    def _candidates(
        self, module: Module, name: str, depth: int, position: str, from_outside: bool
    ) -> Iterator[tuple[Found, bool]]:
        """Yield what a name may mean, the strongest first, and whether a `cfg` decides about it."""
        yield from self._declared(module, name, position, from_outside)
        bindings, globs = self._bindings_of(module)
        for use in bindings.get(name, ()):
            if not (from_outside and use.kind == "use"):
                found = self._path(module, use.path, depth + 1, is_use=True, end=position)
                if found is not None:
                    yield found, module.is_choice or use.is_conditional
        if position != _HEAD and name in module.exports:
            yield Found(module.exports[name], is_item=True), False
        for use in globs:
            if not (from_outside and use.kind == "use"):
                found = self._through(module, use, name, depth, position)
                if found is not None:
                    yield found, module.is_choice or use.is_conditional or found.certainty == "presumed"
        if name in module.made and name not in _KNOWN_EVERYWHERE:
            yield Found(module, is_item=True, certainty="in-macro"), True
        for other in module.others:
            found = self.lookup(other, name, depth + 1, position=position, from_outside=from_outside)
            if found is not None:
                yield found, True

    def _declared(
        self, module: Module, name: str, position: str, from_outside: bool
    ) -> Iterator[tuple[Found, bool]]:
        child, item = module.children.get(name), module.items.get(name)
        if item is not None and (
            (from_outside and not item.is_public) or (item.is_value and position == _HEAD)
        ):
            item = None
        if child is not None and (child.is_public or not from_outside) and not (position == _ITEM and item):
            yield Found(child), module.is_choice
        if item is not None:
            yield Found(module, is_item=True), module.is_choice or item.is_conditional

    def _through(self, module: Module, glob: Use, name: str, depth: int, position: str) -> Found | None:
        source = self._sources.get((id(module), id(glob)))
        if source is None:
            source = self._path(module, glob.path, depth + 1, is_use=True, end=_END)
            if source is None:
                return None
            self._sources[id(module), id(glob)] = source
        if source.module is None or source.is_item or source.module is module:
            return None
        from_outside = not _lies_in(module, source.module)
        found = self.lookup(source.module, name, depth + 1, position=position, from_outside=from_outside)
        return _less_sure(found, "via-glob") if found is not None else None

    def _bindings_of(self, module: Module) -> tuple[dict[str, list[Use]], list[Use]]:
        known = self._bindings.get(id(module))
        if known is None:
            named: dict[str, list[Use]] = {}
            globs: list[Use] = []
            # Imports inside functions only count where the module itself has none of that name.
            for use in sorted(module.uses, key=lambda each: each.is_local):
                if use.binds == "*":
                    globs.append(use)
                elif use.binds and not (use.is_local and use.binds in named):
                    named.setdefault(use.binds, []).append(use)
            known = self._bindings[id(module)] = (named, globs)
        return known

    def _foreign_glob(self, module: Module, depth: int) -> Found | None:
        """Return the external crate that a module imports all names from, if there is one."""
        if id(module) not in self._foreign:
            self._foreign[id(module)] = None
            for glob in self._bindings_of(module)[1]:
                source = self._path(module, glob.path, depth + 1, is_use=True, end=_END)
                if source is not None and source.module is None:
                    self._foreign[id(module)] = replace(source, certainty="via-glob", otherwise=())
                    break
        return self._foreign[id(module)]

    def _path(
        self, module: Module, path: tuple[str, ...], depth: int, *, is_use: bool, end: str
    ) -> Found | None:
        if not path or depth > _DEEPEST:
            return None
        head, rest = path[0], path[1:]
        start: Found | None
        if head in ("crate", "self", "super"):
            start, rest = self._relative(module, path)
        elif head == "":
            start, rest = self._from_the_root(module, rest, depth, end)
        else:
            names = self._crates[module.crate]
            from_root = is_use and names.edition == "2015"
            position = _HEAD if rest else end
            start = self.lookup(names.root if from_root else module, head, depth, position=position)
            start = start or self._crate(module, head)
        return self._walk(start, rest, depth, end) if start else None

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
        self, module: Module, rest: tuple[str, ...], depth: int, end: str
    ) -> tuple[Found | None, tuple[str, ...]]:
        if not rest:
            return None, ()
        start, names = self._crate(module, rest[0]), self._crates[module.crate]
        if start is None and names.edition == "2015":
            start = self.lookup(names.root, rest[0], depth, position=_HEAD if rest[1:] else end)
        return start, rest[1:]

    def _crate(self, module: Module, name: str) -> Found | None:
        return self._crates[module.crate].outside.get(name) or (
            Found(None, name) if name in STANDARD else None
        )

    def _walk(self, start: Found, rest: tuple[str, ...], depth: int, end: str) -> Found | None:
        best: Found | None = start
        for number, name in enumerate(rest):
            position = _HEAD if number < len(rest) - 1 else end
            ways = (best, *best.otherwise) if best is not None else ()
            best = _alternatives([step for way in ways for step in self._step(way, name, depth, position)])
        return best

    def _step(self, way: Found, name: str, depth: int, position: str) -> Iterator[Found]:
        """Yield what a name means behind what the path before it means."""
        if way.module is None or way.is_item:
            yield _alone(way)
            return
        found = self.lookup(way.module, name, depth + 1, position=position)
        found = found or self._foreign_glob(way.module, depth + 1)
        if found is None:
            # The module is there, the item is not: a macro made it, perhaps.
            yield Found(way.module, is_item=True, certainty="presumed")
        else:
            for each in (found, *found.otherwise):
                yield _alone(_less_sure(each, way.certainty))


def _first(candidates: Iterable[tuple[Found, bool]]) -> Found | None:
    """Return the first candidate that is sure, with the others before it where a `cfg` chooses."""
    found: list[Found] = []
    for candidate, is_choice in candidates:
        found.append(candidate)
        if not is_choice:
            break
    return _alternatives(found)


def _alternatives(found: list[Found]) -> Found | None:
    """Return the first that is not presumed, with those that lead elsewhere as what it means otherwise."""
    if len(found) == 1:
        return found[0]
    ordered = sorted(found, key=lambda each: each.certainty == "presumed")
    targets: dict[str, Found] = {}
    for each in ordered:
        for way in (each, *each.otherwise):
            if way.certainty != "presumed" or not targets:
                targets.setdefault(way.target, _alone(way))
    if not ordered:
        return None
    if len(targets) == 1:
        return _alone(ordered[0])
    first, *rest = (_less_sure(way, "cfg-unknown") for way in targets.values())
    return replace(first, otherwise=tuple(rest[:_MOST_ALTERNATIVES]))


def _less_sure(found: Found, certainty: str) -> Found:
    if CERTAINTIES.index(certainty) <= CERTAINTIES.index(found.certainty):
        return found
    return replace(found, certainty=certainty)


def _alone(found: Found) -> Found:
    return replace(found, otherwise=()) if found.otherwise else found


def _lies_in(module: Module, outer: Module) -> bool:
    around: Module | None = module
    while around is not None:
        # Not the same object where files choose between configurations.
        if around is outer or (around.path == outer.path and around.crate == outer.crate):
            return True
        around = around.parent
    return False
