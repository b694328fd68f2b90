"""The module tree of a crate: which file each `mod` leads to."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from rust_ai_ide.architecture.graph import Place
from rust_ai_ide.architecture.uses import FileUses, ModuleDeclaration, Scope, Use

DEEPEST = 64
MOST_MODULES = 50_000

FactsOf = Callable[[Iterable[str]], Mapping[str, FileUses]]
"""Gives the facts of files by path."""


@dataclass(eq=False, slots=True)
class Module:
    """A module of one crate; `path` is its names from the crate's root, which has ()."""

    crate: str
    path: tuple[str, ...]
    file: str
    scope: Scope
    place: Place
    parent: "Module | None"
    is_test: bool
    children: dict[str, "Module"] = field(default_factory=dict)
    items: set[str] = field(default_factory=set)
    uses: list[Use] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The name of the module with that of its crate in front."""
        return "::".join((self.crate, *self.path))


@dataclass(slots=True)
class ModuleTree:
    """The modules of one crate, the root first; `missing` are declarations whose file is not there."""

    modules: list[Module] = field(default_factory=list)
    missing: list[tuple[Place, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def root(self) -> Module:
        """The module of the crate's first file."""
        return self.modules[0]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A file to be read as a module; its own modules lie in `folder`, and #[path] counts from its own."""

    module: Module
    folder: str
    ancestors: frozenset[str]


def module_tree(crate: str, root: str, files: Collection[str], facts_of: FactsOf) -> ModuleTree:
    """Follow the `mod` declarations of a crate from its root file on.

    Reads files level by level, so that their facts are asked for together.
    """
    tree = ModuleTree()
    top = Module(crate, (), root, (), Place(root, 1), None, False)
    tree.modules.append(top)
    level = [_Waiting(top, _folder(root), frozenset({root}))]
    depth = 0
    while level and depth < DEEPEST and len(tree.modules) < MOST_MODULES:
        facts = facts_of([waiting.module.file for waiting in level])
        below: list[_Waiting] = []
        for waiting in level:
            below += _add_file(tree, waiting, facts[waiting.module.file], files)
        level, depth = below, depth + 1
    if level:
        tree.problems.append(f"The modules of {crate} nest too deeply; those further down were left out.")
    return tree


def _add_file(tree: ModuleTree, waiting: _Waiting, facts: FileUses, files: Collection[str]) -> list[_Waiting]:
    module = waiting.module
    if facts.problem:
        tree.problems.append(f"{module.file} was not analysed: {facts.problem}")
    scopes: dict[Scope, Module] = {(): module}
    below: list[_Waiting] = []
    # A module comes after the one around it, and inline ones before those that a macro may declare in them.
    for declared in sorted(facts.modules, key=lambda each: (len(each.scope), each.in_macro)):
        around = scopes.get(declared.scope)
        if around is None or declared.name in around.children:
            continue
        if declared.is_inline:
            child = _child(around, declared, module.file, (*declared.scope, declared.name))
            scopes[child.scope] = child
        else:
            found = _find(waiting, declared, files)
            if found is None or found[0] in waiting.ancestors:
                # In a macro the declaration may be for another platform, or no declaration at all.
                if not declared.in_macro:
                    tree.missing.append((Place(module.file, declared.line), declared.name))
                continue
            child = _child(around, declared, found[0], ())
            below.append(_Waiting(child, found[1], waiting.ancestors | {found[0]}))
        around.children[declared.name] = child
        tree.modules.append(child)
    for scope, name in facts.items:
        if scope in scopes:
            scopes[scope].items.add(name)
    for use in facts.uses:
        if use.scope in scopes:
            scopes[use.scope].uses.append(use)
    return below


def _child(around: Module, declared: ModuleDeclaration, file: str, scope: Scope) -> Module:
    # A module of its own file begins there; an inline one where it is declared.
    place = Place(file, declared.line if declared.is_inline else 1)
    return Module(
        around.crate, (*around.path, declared.name), file, scope, place, around,
        around.is_test or declared.is_test,
    )  # fmt: skip


def _find(waiting: _Waiting, declared: ModuleDeclaration, files: Collection[str]) -> tuple[str, str] | None:
    """Return the file of a declared module and the folder where its own modules lie."""
    inner = "/".join((waiting.folder, *declared.scope)).lstrip("/")
    if declared.path is not None:
        # Next to the file that says so; inside an inline module, in the folder of that module.
        start = inner if declared.scope else _folder(waiting.module.file)
        file = _resolved(start, declared.path)
        return (file, _folder(file)) if file in files else None
    base = f"{inner}/{declared.name}" if inner else declared.name
    if f"{base}.rs" in files:
        return f"{base}.rs", base
    if f"{base}/mod.rs" in files:
        return f"{base}/mod.rs", base
    return None


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _resolved(folder: str, path: str) -> str:
    parts = folder.split("/") if folder else []
    for part in path.replace("\\", "/").split("/"):
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
