"""The architecture of a project together with its types and functions, by the modules that declare them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rust_ai_ide.architecture.facts import Scope, Use
from rust_ai_ide.architecture.graph import Place
from rust_ai_ide.architecture.model import ArchitectureModel
from rust_ai_ide.architecture.modules import Module
from rust_ai_ide.architecture.names import Resolver
from rust_ai_ide.architecture.types.facts import Function, Impl, Static, Type, TypeFacts

TypeId = tuple[str, str]
"""The id of a module, or the name of a crate from outside, and the name of a type in it."""


@dataclass(frozen=True, slots=True)
class ModuleTypes:
    """What one module declares; `is_test` where only tests have the module."""

    module: Module
    is_test: bool
    types: tuple[Type, ...]
    impls: tuple[Impl, ...]
    functions: tuple[Function, ...]
    statics: tuple[Static, ...]

    @property
    def id(self) -> str:
        """The id of the module."""
        return self.module.id

    def place(self, line: int) -> Place:
        """Return a line of the module as a place."""
        return Place(self.module.file, line)


@dataclass(frozen=True)
class Structure:
    """A model, the modules of each crate by its id, and what each file says of types.

    Names of types are resolved when they are asked for.
    """

    model: ArchitectureModel
    crates: Mapping[str, tuple[Module, ...]]
    resolver: Resolver
    files: Mapping[str, TypeFacts]

    @cached_property
    def modules(self) -> tuple[ModuleTypes, ...]:
        """All modules with what they declare, in the order of crates and files."""
        tests = {node.id for node in self.model.module_graph.nodes if node.is_test}
        shared: dict[str, dict[Scope, TypeFacts]] = {
            file: _by_scope(facts) for file, facts in self.files.items()
        }
        found = []
        for modules in self.crates.values():
            for module in modules:
                facts = shared.get(module.file, {}).get(module.scope, TypeFacts())
                found.append(ModuleTypes(module, module.is_test or module.id in tests, *facts))
        return tuple(found)

    def named(self, module: Module, path: str) -> TypeId | None:
        """Return what the path of a type or function means in a module; None where that is not known."""
        names = tuple(path.split("::"))
        use = Use("path", module.scope, names, "", 0, False, False, False)
        found = self.resolver.resolve(module, use)
        if found is None or (found.module is not None and not found.is_item):
            return None
        return found.target, self._original(module, names)

    def _original(self, module: Module, names: tuple[str, ...]) -> str:
        """Return a name as it is declared, where an import renames it."""
        if len(names) == 1:
            for use in module.uses:
                if use.binds == names[0] and use.path:
                    return use.path[-1]
        return names[-1]


def _by_scope(facts: TypeFacts) -> dict[Scope, TypeFacts]:
    """Return what a file says by its inline modules."""
    kinds: list[tuple[Any, ...]] = list(facts)
    grouped: dict[Scope, list[list[Any]]] = {}
    for number, kind in enumerate(kinds):
        for each in kind:
            grouped.setdefault(each.scope, [[] for _ in kinds])[number].append(each)
    return {scope: TypeFacts._make(map(tuple, lists)) for scope, lists in grouped.items()}
