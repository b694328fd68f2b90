"""The module tree of a crate: which file each `mod` leads to."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from rust_ai_ide.architecture.facts import (
    FileUses,
    Item,
    MacroCall,
    MacroDefinition,
    ModuleDeclaration,
    Scope,
    Use,
)
from rust_ai_ide.architecture.graph import Place

DEEPEST = 64
MOST_MODULES = 50_000

FactsOf = Callable[[Iterable[str]], Mapping[str, FileUses]]
"""Gives the facts of files by path."""


@dataclass(eq=False, slots=True)
class Module:
    """A module of one crate; `path` is its names from the crate's root, which has ().

    `others` are what it is in other configurations, where several declarations choose between files;
    `is_choice` says so for it and for them. `made` are words handed to macros that make items of them.
    `exports` are macros that the whole crate knows at its root, with the module that defines each.
    """

    crate: str
    path: tuple[str, ...]
    file: str
    scope: Scope
    place: Place
    parent: "Module | None"
    is_test: bool
    is_public: bool = True
    is_choice: bool = False
    children: dict[str, "Module"] = field(default_factory=dict)
    others: "list[Module]" = field(default_factory=list)
    items: dict[str, Item] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    uses: list[Use] = field(default_factory=list)
    macros: list[MacroDefinition] = field(default_factory=list)
    calls: list[MacroCall] = field(default_factory=list)
    exports: "dict[str, Module]" = field(default_factory=dict)

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
    folders = _folders(waiting, facts)
    below: list[_Waiting] = []
    # A module comes after the one around it, and inline ones before those that a macro may declare in them.
    for declared in sorted(facts.modules, key=lambda each: (len(each.scope), each.in_macro)):
        around, same = scopes.get(declared.scope), scopes.get((*declared.scope, declared.name))
        if same is not None:
            # Two bodies in one file, each for another configuration, count as one module.
            same.is_choice |= declared.is_inline
        elif around is not None and declared.is_inline:
            child = _child(around, declared, module.file, (*declared.scope, declared.name))
            scopes[child.scope] = child
            _add_child(tree, around, child)
        elif around is not None:
            below += _add_declared(tree, waiting, around, declared, folders[declared.scope], files)
    _share_out(facts, scopes)
    return below


def _folders(waiting: _Waiting, facts: FileUses) -> dict[Scope, str]:
    """Return where the files lie of the modules that a file declares, by the inline modules around them.

    An inline module stands for a folder of its name, or for that of its #[path], which counts from the file.
    """
    folders: dict[Scope, str] = {(): waiting.folder}
    for declared in sorted(facts.modules, key=lambda each: len(each.scope)):
        around = folders.get(declared.scope)
        if not declared.is_inline or around is None:
            continue
        if declared.path is not None and not declared.scope:
            around = _folder(waiting.module.file)
        name = declared.name if declared.path is None else declared.path
        folders.setdefault((*declared.scope, declared.name), _resolved(around, name))
    return folders


def _add_declared(
    tree: ModuleTree,
    waiting: _Waiting,
    around: Module,
    declared: ModuleDeclaration,
    folder: str,
    files: Collection[str],
) -> Iterator[_Waiting]:
    """Add a module with a file of its own, found in a folder, and yield that file to be read."""
    found = _find(waiting, declared, folder, files)
    if found is None or found[0] in waiting.ancestors:
        # In a macro the declaration may be for another platform, or no declaration at all.
        if not (declared.in_macro or declared.is_choice):
            tree.missing.append((Place(waiting.module.file, declared.line), declared.name))
        return
    first = around.children.get(declared.name)
    if first is not None and any(found[0] == known.file for known in (first, *first.others)):
        return
    child = _child(around, declared, found[0], ())
    _add_child(tree, around, child)
    yield _Waiting(child, found[1], waiting.ancestors | {found[0]})


def _add_child(tree: ModuleTree, around: Module, child: Module) -> None:
    first = around.children.setdefault(child.path[-1], child)
    if first is not child:
        first.others.append(child)
        first.is_choice = child.is_choice = True
    tree.modules.append(child)


def _share_out(facts: FileUses, scopes: dict[Scope, Module]) -> None:
    """Give each module of a file what the file says of it."""
    for item in facts.items:
        if item.scope in scopes:
            scopes[item.scope].items[item.name] = item
    for use in facts.uses:
        if use.scope in scopes:
            scopes[use.scope].uses.append(use)
    for macro in facts.macros:
        if macro.scope in scopes:
            scopes[macro.scope].macros.append(macro)
    for call in facts.calls:
        if call.scope in scopes:
            scopes[call.scope].calls.append(call)


def _child(around: Module, declared: ModuleDeclaration, file: str, scope: Scope) -> Module:
    # A module of its own file begins there; an inline one where it is declared.
    place = Place(file, declared.line if declared.is_inline else 1)
    return Module(
        around.crate, (*around.path, declared.name), file, scope, place, around,
        around.is_test or declared.is_test, declared.is_public,
    )  # fmt: skip


def _find(
    waiting: _Waiting, declared: ModuleDeclaration, inner: str, files: Collection[str]
) -> tuple[str, str] | None:
    """Return the file of a declared module and the folder where its own modules lie."""
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
