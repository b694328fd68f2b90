"""Styles of whole crates and projects: layered, hexagonal and clean architecture."""

from collections.abc import Iterator

from rust_ai_ide.architecture.graph import Place
from rust_ai_ide.architecture.patterns.code import Code
from rust_ai_ide.architecture.patterns.model import PATTERN, Detected, Detector, Signal, detected
from rust_ai_ide.architecture.patterns.roles import (
    APPLICATION,
    DOMAIN,
    INFRASTRUCTURE,
    PRESENTATION,
    Roles,
    groups,
    ports,
    roles_of,
)
from rust_ai_ide.architecture.types.index import Declared, Implemented

_ORDER = {PRESENTATION: 0, APPLICATION: 1, DOMAIN: 2, INFRASTRUCTURE: 3}
_INNER = frozenset({DOMAIN, APPLICATION})
_OUTER = frozenset({PRESENTATION, INFRASTRUCTURE})
_FEWEST_LAYERS = 3
_FEWEST_USES = 4
_MOST_UPWARD = 0.1


def _find_layered(code: Code) -> Iterator[Detected]:
    for name, crates in groups(code):
        roles = roles_of(code, crates)
        is_layered = PRESENTATION in roles.modules and len(roles.modules) >= _FEWEST_LAYERS
        # Where what lies below implements what those above declare, the arrows are turned round.
        if is_layered and not ports(code, roles, _INNER):
            yield from detected("layered", name, None, _layers(roles))


def _layers(roles: Roles) -> list[Signal]:
    down, up = 0, 0
    steps = []
    for (source, target), edges in roles.between.items():
        # Data that both pass on may lie above or below what stores it.
        if {source, target} == {DOMAIN, INFRASTRUCTURE}:
            continue
        if _ORDER[source] < _ORDER[target]:
            down += len(edges)
            steps.append((source, target))
        else:
            up += len(edges)
    reaches_data = any(target == INFRASTRUCTURE for _, target in steps)
    if down < _FEWEST_USES or up > _MOST_UPWARD * (up + down) or not reaches_data:
        return []
    names = ", ".join(sorted(roles.modules, key=lambda role: _ORDER[role]))
    found = [Signal(f"Its modules are called as layers are: {names}.", 0.3, is_structural=False)]
    first = min(steps, key=lambda step: (_ORDER[step[0]], _ORDER[step[1]]))
    sentence = f"Of {up + down} uses between layers {down} go down."
    found.append(Signal(sentence, 0.45, roles.place(*first)))
    if len({source for source, _ in steps}) > 1:
        last = max(steps, key=lambda step: (_ORDER[step[0]], _ORDER[step[1]]))
        found.append(
            Signal(f"Each layer leans on one below: {last[0]} on {last[1]}, too.", 0.25, roles.place(*last))
        )
    return found


def _find_hexagonal(code: Code) -> Iterator[Detected]:
    for name, crates in groups(code):
        roles = roles_of(code, crates)
        if DOMAIN in roles.modules:
            yield from detected("hexagonal", name, None, _hexagon(code, roles))


def _hexagon(code: Code, roles: Roles) -> list[Signal]:
    found = ports(code, roles, _INNER)
    if not found or _outward(roles):
        return []
    trait, impl = found[0]
    names = ", ".join(dict.fromkeys(trait.type.name for trait, _ in found[:3]))
    signals = [
        Signal(f"The core declares what it needs as traits: {names}.", 0.3, trait.place),
        Signal(f"{impl.impl.type}, outside of the core, implements {trait.type.name}.", 0.3, _where(impl)),
    ]
    asking = _asks_through(code, roles, [trait for trait, _ in found])
    if asking is not None:
        signals.append(
            Signal(f"{asking.type.name}, in the core, works with what implements it.", 0.2, asking.place)
        )
    if _OUTER.intersection(roles.modules):
        outer = roles.modules[min(_OUTER.intersection(roles.modules))][0]
        sentence = f"No module of the core uses one around it, such as {outer.id}."
        signals.append(Signal(sentence, 0.25))
    return signals


def _find_clean(code: Code) -> Iterator[Detected]:
    for name, crates in groups(code):
        roles = roles_of(code, crates)
        if roles.modules.keys() >= _INNER and _OUTER.intersection(roles.modules):
            yield from detected("clean", name, None, _rings(code, roles))


def _rings(code: Code, roles: Roles) -> list[Signal]:
    inward = [
        (source, target) for source, target in roles.between if (source, target) == (APPLICATION, DOMAIN)
    ]
    around = [(source, target) for source, target in roles.between if source in _OUTER and target in _INNER]
    if not inward or not around or _outward(roles) or (DOMAIN, APPLICATION) in roles.between:
        return []
    names = ", ".join(sorted(roles.modules, key=lambda role: _ORDER[role]))
    signals = [
        Signal(f"Its modules are called as rings are: {names}.", 0.2, is_structural=False),
        Signal("All uses between them go inward, to the domain.", 0.4, roles.place(*inward[0])),
    ]
    found = ports(code, roles, _INNER)
    if found:
        trait, impl = found[0]
        sentence = f"{impl.impl.type}, further out, implements {trait.type.name} of an inner ring."
        signals.append(Signal(sentence, 0.35, _where(impl)))
    return signals


def _outward(roles: Roles) -> bool:
    return any(source in _INNER and target in _OUTER for source, target in roles.between)


def _asks_through(code: Code, roles: Roles, traits: list[Declared]) -> Declared | None:
    """Return a type of the core that holds, or is generic over, what implements one of its traits."""
    wanted = {trait.id for trait in traits}
    for declared in code.types:
        if roles.of.get(declared.module.id) in _INNER and declared.type.kind == "struct":
            names = [
                *declared.type.bounds,
                *(name for field in declared.type.fields for name in field.dynamic),
            ]
            if any(code.index.named(declared.module, name) in wanted for name in names):
                return declared
    return None


def _where(impl: Implemented) -> Place:
    return impl.module.place(impl.impl.line)


LAYERED = Detector(
    "layered",
    "Layered architecture",
    PATTERN,
    "Modules or crates called as layers are (presentation, application, domain, infrastructure), three of them or "
    "more, of whose uses at least 9 in 10 go down, and that reach the data at the bottom; where that implements "
    "traits of those above, they are none.",
    _find_layered,
)
HEXAGONAL = Detector(
    "hexagonal",
    "Hexagonal architecture (ports and adapters)",
    PATTERN,
    "Traits in modules of a domain or application that types outside of these implement, while the inner modules use "
    "none of the outer ones.",
    _find_hexagonal,
)
CLEAN = Detector(
    "clean",
    "Clean architecture",
    PATTERN,
    "Modules for a domain, for what is done with it, and around these for adapters, all of whose uses go inward, with "
    "traits of the inner ones that the outer ones implement.",
    _find_clean,
)
