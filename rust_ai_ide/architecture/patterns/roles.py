"""Which part modules play by how they are called, and who uses whom across these parts."""

from collections import defaultdict
from dataclasses import dataclass

from rust_ai_ide.architecture.graph import Edge, Place
from rust_ai_ide.architecture.patterns.code import Code
from rust_ai_ide.architecture.patterns.words import words
from rust_ai_ide.architecture.types.index import Declared, Implemented
from rust_ai_ide.architecture.types.structure import ModuleTypes

PRESENTATION, APPLICATION, DOMAIN, INFRASTRUCTURE = "presentation", "application", "domain", "infrastructure"
_NAMES = {
    PRESENTATION: {
        "presentation",
        "api",
        "web",
        "http",
        "handler",
        "handlers",
        "route",
        "routes",
        "controller",
    }
    | {"controllers", "rest", "graphql", "grpc", "ui", "views", "inbound", "endpoints", "pages"},
    APPLICATION: {"application", "service", "services", "usecase", "usecases", "interactors"},
    DOMAIN: {"domain", "model", "models", "entity", "entities"},
    INFRASTRUCTURE: {
        "infrastructure",
        "infra",
        "adapter",
        "adapters",
        "outbound",
        "persistence",
        "repository",
    }
    | {"repositories", "db", "database", "dao", "gateways", "postgres", "sqlite", "mysql", "storage"},
}
ROLE_OF = {name: role for role, names in _NAMES.items() for name in names}
_JOINED = {"use_cases": "usecases", "use_case": "usecase"}


@dataclass(frozen=True)
class Roles:
    """The modules of one project, or crate, by the part they play."""

    of: dict[str, str]
    modules: dict[str, list[ModuleTypes]]
    between: dict[tuple[str, str], list[Edge]]

    def place(self, source: str, target: str) -> Place | None:
        """Return where one part uses another."""
        edges = self.between.get((source, target), [])
        return edges[0].places[0] if edges and edges[0].places else None


def roles_of(code: Code, crates: frozenset[str]) -> Roles:
    """Return the parts that the modules of some crates play; those of several packages go by their crates alone."""
    packages = len({crate.package for crate in code.structure.model.crates if crate.id in crates})
    found: dict[str, str] = {}
    modules: dict[str, list[ModuleTypes]] = defaultdict(list)
    for crate in sorted(crates):
        for module in code.modules_of_crates.get(crate, ()):
            role = _role_of_crate(module) if packages > 1 else _role(module)
            if role is not None:
                found[module.id] = role
                modules[role].append(module)
    between: dict[tuple[str, str], list[Edge]] = defaultdict(list)
    edges = (edge for crate in sorted(crates) for edge in code.edges_of_crates.get(crate, ()))
    for edge in edges:
        source, target = found.get(edge.source), found.get(edge.target)
        if source is not None and target is not None and source != target:
            between[source, target].append(edge)
    return Roles(found, dict(modules), dict(between))


def _role(module: ModuleTypes) -> str | None:
    """Return the part of the outermost module around it that is called so."""
    for name in module.module.path:
        role = ROLE_OF.get(_JOINED.get(name, name))
        if role is not None:
            return role
    return None


def _role_of_crate(module: ModuleTypes) -> str | None:
    """Return the part that a crate is called after; its first word is the project's own, where there are more."""
    named = words(module.module.crate.partition(" ")[0])
    return next((ROLE_OF[word] for word in reversed(named[1:] or named) if word in ROLE_OF), None)


def groups(code: Code) -> list[tuple[str, frozenset[str]]]:
    """Return what may have an architecture: the crates of each package together, and the workspace."""
    packages: dict[str, set[str]] = defaultdict(set)
    for crate in code.structure.model.crates:
        if crate.id not in code.side_crates:
            packages[crate.package].add(crate.id)
    found = [(name, frozenset(crates)) for name, crates in packages.items()]
    if len(packages) > 1:
        found.append(("workspace", frozenset().union(*packages.values())))
    return found


def ports(code: Code, roles: Roles, inner: frozenset[str]) -> list[tuple[Declared, Implemented]]:
    """Return traits of inner parts with an impl by a type of another part, or of none."""
    found = []
    for declared in code.types:
        if declared.type.kind == "trait" and roles.of.get(declared.module.id) in inner:
            for impl in code.impls_of(declared):
                outside = impl.type is not None and roles.of.get(impl.type[0]) not in inner
                if outside and impl.type is not None and impl.type[0] in code.by_id:
                    found.append((declared, impl))
                    break
    return found
