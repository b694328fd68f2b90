"""Types, traits and their impls across modules, by the module that declares each."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from rust_ai_ide.architecture.graph import Place
from rust_ai_ide.architecture.types.facts import Function, Impl, Type
from rust_ai_ide.architecture.types.structure import ModuleTypes, Structure, TypeId


@dataclass(frozen=True, slots=True)
class Declared:
    """A type with the module that declares it."""

    id: TypeId
    type: Type
    module: ModuleTypes

    @property
    def path(self) -> str:
        """The type with the id of its module in front."""
        return "::".join(self.id)

    @property
    def place(self) -> Place:
        """Where it is declared."""
        return self.module.place(self.type.line)

    @property
    def is_test(self) -> bool:
        """Whether only tests have it."""
        return self.type.is_test or self.module.is_test


@dataclass(frozen=True, slots=True)
class Implemented:
    """An impl with the module that holds it, the type and the trait that it names, where these are known."""

    impl: Impl
    module: ModuleTypes
    type: TypeId | None
    trait: TypeId | None


@dataclass(slots=True)
class TypeIndex:
    """Everything declared and implemented; what only tests have is left out of impls."""

    structure: Structure
    declared: dict[TypeId, Declared] = field(default_factory=dict)
    inherent: dict[TypeId, list[Implemented]] = field(default_factory=lambda: defaultdict(list))
    of_type: dict[TypeId, list[Implemented]] = field(default_factory=lambda: defaultdict(list))
    of_trait: dict[TypeId, list[Implemented]] = field(default_factory=lambda: defaultdict(list))
    _named: dict[tuple[int, str], TypeId | None] = field(default_factory=dict)

    @classmethod
    def of(cls, structure: Structure) -> "TypeIndex":
        """Return the index of a structure."""
        index = cls(structure)
        for module in structure.modules:
            for each in module.types:
                # Of several, each for another configuration, the first stands for all.
                index.declared.setdefault(
                    (module.id, each.name), Declared((module.id, each.name), each, module)
                )
        for module in structure.modules:
            for impl in module.impls:
                if not (impl.is_test or module.is_test):
                    index._add(module, impl)
        return index

    def _add(self, module: ModuleTypes, impl: Impl) -> None:
        kind = self.named(module, impl.type)
        trait = self.named(module, impl.trait) if impl.trait else None
        found = Implemented(impl, module, kind, trait)
        if kind is not None:
            (self.of_type if impl.trait else self.inherent)[kind].append(found)
        if trait is not None:
            self.of_trait[trait].append(found)

    def named(self, module: ModuleTypes, path: str) -> TypeId | None:
        """Return what the path of a type means in a module; None where that is not known."""
        if (module.id, path) in self.declared:
            return module.id, path
        key = (id(module.module), path)
        if key not in self._named:
            self._named[key] = self.structure.named(module.module, path)
        return self._named[key]

    def own(self, module: ModuleTypes, path: str) -> Declared | None:
        """Return the type of the project that a path means in a module, if there is one."""
        found = self.named(module, path)
        return self.declared.get(found) if found is not None else None

    def methods(self, kind: TypeId) -> Iterator[tuple[ModuleTypes, Function]]:
        """Yield the inherent methods of a type, in all of its impls, but for those of tests."""
        for each in self.inherent.get(kind, ()):
            for method in each.impl.methods:
                if not method.is_test:
                    yield each.module, method
