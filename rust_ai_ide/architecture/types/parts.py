"""The parts of a module, and what each of them touches."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rust_ai_ide.architecture.names import STANDARD
from rust_ai_ide.architecture.types.cohesion import components
from rust_ai_ide.architecture.types.facts import Function
from rust_ai_ide.architecture.types.index import TypeIndex
from rust_ai_ide.architecture.types.structure import ModuleTypes


@dataclass(frozen=True, slots=True)
class Parts:
    """What each part of a module touches, which are public, the functions among them, and the groups that they make."""

    touches: Mapping[str, frozenset[str]]
    public: tuple[str, ...]
    functions: Mapping[str, Function]
    groups: tuple[tuple[str, ...], ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.touches)

    def calls(self, function: Function) -> list[str]:
        """Return the functions of the module that a function calls, in order."""
        return [name for name in function.calls if name in self.functions and name != function.name]


def parts_of(index: TypeIndex, module: ModuleTypes) -> Parts:
    """Return the parts of a module; tests do not count."""
    functions = {each.name: each for each in module.functions if not each.is_test}
    touches: dict[str, set[str]] = {}
    public = [each.name for each in functions.values() if each.is_public]
    for each in module.types:
        if not each.is_test and each.kind != "alias":
            fields = [name for field in each.fields for name in field.types]
            declared = [name for method in each.methods for name in (*method.takes, *method.gives)]
            touches[each.name] = {
                "::".join((module.id, each.name)),
                *_types(index, module, [*fields, *declared]),
            }
            public += [each.name] if each.is_public else []
    for impl in module.impls:
        if impl.type in touches:
            for method in impl.methods:
                touches[impl.type] |= set(_used(index, module, method, functions))
    for name, function in functions.items():
        touches[name] = {f"{name}()", *_used(index, module, function, functions)}
    frozen = {name: frozenset(each) for name, each in touches.items()}
    return Parts(frozen, tuple(public), functions, components(frozen))


def _used(
    index: TypeIndex, module: ModuleTypes, function: Function, functions: Mapping[str, Function]
) -> Iterator[str]:
    yield from _types(index, module, [*function.takes, *function.gives])
    yield from (f"{name}()" for name in function.calls if name in functions)
    # A type whose functions are called by its path is used, too.
    yield from _types(index, module, [name.rpartition("::")[0] for name in function.calls if "::" in name])


def _types(index: TypeIndex, module: ModuleTypes, names: list[str]) -> Iterator[str]:
    for name in dict.fromkeys(names):
        found = index.named(module, name) if name[:1].isalpha() else None
        if found is None or found[0] in STANDARD or not found[1][:1].isupper():
            continue
        declared = index.declared.get(found)
        # Aliases, and what errors are told by, are shared by all and bind nothing together.
        if not (declared and declared.type.kind == "alias") and not found[1].endswith(("Error", "Result")):
            yield "::".join(found)
