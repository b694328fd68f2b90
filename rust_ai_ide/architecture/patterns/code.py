"""What detectors read: modules, types and uses, without test code."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rust_ai_ide.architecture.graph import Edge
from rust_ai_ide.architecture.model import SIDE_KINDS
from rust_ai_ide.architecture.types.facts import Function, Names
from rust_ai_ide.architecture.types.index import Declared, Implemented, TypeIndex
from rust_ai_ide.architecture.types.structure import ModuleTypes, Structure, TypeId

_SURE = frozenset({"resolved", "via-glob"})


@dataclass(frozen=True)
class Code:
    """A structure as detectors see it: without tests, benches, examples and build scripts."""

    structure: Structure
    index: TypeIndex

    @cached_property
    def side_crates(self) -> frozenset[str]:
        """The ids of test crates, benches, examples and build scripts."""
        return frozenset(crate.id for crate in self.structure.model.crates if crate.kind in SIDE_KINDS)

    @cached_property
    def modules(self) -> tuple[ModuleTypes, ...]:
        """All modules but for those of tests and side crates."""
        return tuple(
            each
            for each in self.structure.modules
            if not each.is_test and each.module.crate not in self.side_crates
        )

    @cached_property
    def by_id(self) -> dict[str, ModuleTypes]:
        """The modules by their ids; of several with one id, each for another configuration, the first."""
        return {each.id: each for each in reversed(self.modules)}

    @cached_property
    def types(self) -> tuple[Declared, ...]:
        """All types of these modules, in order."""
        return tuple(
            self.index.declared[module.id, each.name]
            for module in self.modules
            for each in module.types
            if not each.is_test
        )

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Who uses whom among these modules, where names were followed to their declaration."""
        return tuple(
            edge
            for edge in self.structure.model.module_graph.edges
            if edge.source in self.by_id and not edge.is_test and edge.certainty in _SURE
        )

    @cached_property
    def edges_of_crates(self) -> dict[str, list[Edge]]:
        """The same by the id of the crate that uses."""
        found: dict[str, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            found[self.by_id[edge.source].module.crate].append(edge)
        return found

    @cached_property
    def modules_of_crates(self) -> dict[str, list[ModuleTypes]]:
        """The modules by the ids of their crates."""
        found: dict[str, list[ModuleTypes]] = defaultdict(list)
        for module in self.modules:
            found[module.module.crate].append(module)
        return found

    @cached_property
    def users(self) -> dict[str, set[str]]:
        """The ids of the modules that use each module or external crate."""
        found: dict[str, set[str]] = defaultdict(set)
        for edge in self.edges:
            found[edge.target].add(edge.source)
        return found

    def functions(self) -> Iterator[tuple[ModuleTypes, Function]]:
        """Yield all functions and methods that have a body, with the module of each."""
        for module in self.modules:
            for function in module.functions:
                if not function.is_test:
                    yield module, function
            for impl in module.impls:
                if not impl.is_test:
                    for method in impl.methods:
                        yield module, method

    def methods(self, kind: TypeId) -> list[tuple[ModuleTypes, Function]]:
        """Return the methods of a type, inherent or of any trait."""
        found = list(self.index.methods(kind))
        for each in self.index.of_type.get(kind, ()):
            found += [(each.module, method) for method in each.impl.methods]
        return found

    def own_types(self, module: ModuleTypes, names: Names) -> Iterator[Declared]:
        """Yield the types of the project that names in a module mean."""
        for name in names:
            found = self.index.own(module, name)
            if found is not None:
                yield found

    def impls_of(self, trait: Declared) -> list[Implemented]:
        """Return the impls of a trait, but for those of tests."""
        return [each for each in self.index.of_trait.get(trait.id, ()) if each.module.id in self.by_id]
