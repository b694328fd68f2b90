"""The architecture of a project at one commit: crates, modules, who uses whom, and in which circles."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from rust_ai_ide.architecture.expansion import expand
from rust_ai_ide.architecture.facts import FileUses, Use
from rust_ai_ide.architecture.graph import CERTAINTIES, Cycle, Edge, Graph, Node, Place, cycles, merged
from rust_ai_ide.architecture.modules import FactsOf, Module, ModuleTree, module_tree
from rust_ai_ide.architecture.names import STANDARD, CrateNames, Found, Resolver
from rust_ai_ide.architecture.profiles import Profile, holds_in, under
from rust_ai_ide.observability.events import Progressed, Report, ignore
from rust_ai_ide.source.cargo import Package, Target, Workspace, read_workspace
from rust_ai_ide.source.memory import collector_paused

OPEN = Profile()
"""The profile under which all platforms and features are in the picture."""
MODULES = "modules"
CRATES = "crates"
_SIDE_CRATES = {"example": "example", "test": "test", "bench": "bench", "build": "build script"}
SIDE_KINDS = frozenset(_SIDE_CRATES)
"""Kinds of crates that are there for a package, and are not what it is made for."""
_PRODUCTS = frozenset({"lib", "bin"})
_TEST_KINDS = frozenset({"test", "bench"})


class SourceFiles(Protocol):
    """The files of a project and what each says."""

    @property
    def paths(self) -> Collection[str]:
        """All paths of the tree."""

    def manifests(self) -> Mapping[str, bytes]:
        """Return the contents of all Cargo.toml files by path."""

    def facts(self, paths: Iterable[str]) -> Mapping[str, FileUses]:
        """Return the facts of Rust files by path."""


@dataclass(frozen=True, slots=True)
class Crate:
    """A crate built from the project; `id` is its name, with the kind added where it is not a library."""

    id: str
    name: str
    kind: str
    package: str
    edition: str
    root: str
    modules: int


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A path or module declaration whose target is not known, with why in a word: path or module."""

    place: Place
    text: str
    what: str


@dataclass(frozen=True, slots=True)
class ArchitectureModel:
    """Everything the architecture pages show of one tree; ids and orders depend on its contents alone."""

    crates: tuple[Crate, ...]
    module_graph: Graph
    crate_graph: Graph
    module_cycles: tuple[Cycle, ...]
    crate_cycles: tuple[Cycle, ...]
    unresolved: tuple[Unresolved, ...]
    notes: tuple[str, ...]

    @property
    def modules(self) -> tuple[Node, ...]:
        """The modules and, as nodes too, the external crates they use."""
        return self.module_graph.nodes

    @property
    def edges(self) -> tuple[Edge, ...]:
        """Who uses whom among the modules."""
        return self.module_graph.edges

    def graph(self, level: str) -> Graph:
        """Return the graph at a level, "modules" or "crates"."""
        return self.crate_graph if level == CRATES else self.module_graph

    def cycles(self, level: str) -> tuple[Cycle, ...]:
        """Return the cycles at a level, "modules" or "crates"."""
        return self.crate_cycles if level == CRATES else self.module_cycles


@dataclass(frozen=True, slots=True)
class ResolvedModel:
    """A model with what it was worked out from: the modules of each crate by its id, the root first, and all names."""

    model: ArchitectureModel
    modules: Mapping[str, tuple[Module, ...]]
    resolver: Resolver


def build_model(source: SourceFiles, report: Report = ignore, profile: Profile = OPEN) -> ArchitectureModel:
    """Work the architecture out from manifests and file facts. `report` may raise Cancelled."""
    return resolve_model(source, report, profile).model


def resolve_model(source: SourceFiles, report: Report = ignore, profile: Profile = OPEN) -> ResolvedModel:
    """Work the architecture out, and keep what it was worked out from. `report` may raise Cancelled.

    Under a `profile`, what it does not compile is left out.
    """
    with collector_paused():
        return _resolved(source, report, profile)


def _resolved(source: SourceFiles, report: Report, profile: Profile) -> ResolvedModel:
    report(Progressed("Reading manifests"))
    workspace = read_workspace(source.manifests(), source.paths)
    notes = list(workspace.notes)
    if not workspace.packages:
        notes.append("There is no Cargo package here, so there are no crates to show.")
    targets = _targets(workspace)
    trees: dict[str, ModuleTree] = {}
    for done, (crate, package, target) in enumerate(targets):
        report(Progressed("Following modules", done, len(targets)))
        trees[crate] = module_tree(crate, target.root, source.paths, _facts_under(source, package, profile))
        expand(trees[crate])
    report(Progressed("Resolving names"))
    resolver = Resolver(_names(targets, trees))
    edges: list[Edge] = []
    unresolved: list[Unresolved] = []
    libraries = {package.folder: crate for crate, package, target in targets if target.kind == "lib"}
    for crate, package, target in targets:
        # Examples, tests and benches may use what is there for development; libraries and programs only in their tests.
        tested_with = _only_for_tests(package, libraries) if target.kind in _PRODUCTS else frozenset()
        is_test = target.kind in _TEST_KINDS
        for module in trees[crate].modules:
            _resolve_uses(resolver, module, is_test, tested_with, edges, unresolved)
        unresolved += [Unresolved(place, name, "module") for place, name in trees[crate].missing]
        notes += trees[crate].problems
    module_graph = _module_graph(targets, trees, edges)
    crate_graph = _crate_graph(targets, module_graph)
    crates = tuple(
        Crate(
            crate,
            target.crate_name,
            target.kind,
            package.name,
            target.edition,
            target.root,
            len({module.path for module in trees[crate].modules}),
        )
        for crate, package, target in targets
    )
    model = ArchitectureModel(
        crates,
        module_graph,
        crate_graph,
        cycles(module_graph),
        cycles(crate_graph),
        tuple(sorted(set(unresolved), key=lambda each: (each.place.file, each.place.line, each.text))),
        tuple(dict.fromkeys(notes)),
    )
    return ResolvedModel(model, {crate: tuple(tree.modules) for crate, tree in trees.items()}, resolver)


def _facts_under(source: SourceFiles, package: Package, profile: Profile) -> FactsOf:
    """Return what gives the facts of a package's files, under a profile."""
    if profile.is_open:
        return source.facts
    has_build_script = any(target.kind == "build" for target in package.targets)
    holds = holds_in(package, profile, has_build_script=has_build_script)

    def facts(paths: Iterable[str]) -> Mapping[str, FileUses]:
        wanted = list(paths)
        found = source.facts(wanted)
        return {path: under(found[path], holds) for path in wanted}

    return facts


def _targets(workspace: Workspace) -> list[tuple[str, Package, Target]]:
    """Return all crates with ids of their own."""
    found: dict[str, tuple[str, Package, Target]] = {}
    for package in workspace.packages:
        for target in package.targets:
            crate = target.crate_name
            if target.kind == "build":
                crate = f"{package.name.replace('-', '_')} (build script)"
            elif target.kind != "lib":
                crate = f"{crate} ({_SIDE_CRATES.get(target.kind, target.kind)})"
            if crate in found:
                crate = f"{crate} in {package.folder or 'the top folder'}"
            found.setdefault(crate, (crate, package, target))
    return list(found.values())


def _names(
    targets: list[tuple[str, Package, Target]], trees: Mapping[str, ModuleTree]
) -> dict[str, CrateNames]:
    libraries = {package.folder: crate for crate, package, target in targets if target.kind == "lib"}
    names = {}
    for crate, package, target in targets:
        outside: dict[str, Found] = {}
        for dependency in package.dependencies:
            library = libraries.get(dependency.folder) if dependency.folder is not None else None
            name = dependency.package.replace("-", "_")
            outside[dependency.name] = Found(trees[library].root) if library else Found(None, name)
        own = libraries.get(package.folder)
        if own and target.kind not in ("lib", "build"):
            outside[own.partition(" ")[0]] = Found(trees[own].root)
        for use in trees[crate].root.uses:
            # What the root declares by `extern crate` is known in all modules, also without a manifest.
            if use.kind == "extern" and use.binds and use.path[-1] != "self":
                outside.setdefault(use.binds, outside.get(use.path[-1]) or Found(None, use.path[-1]))
        names[crate] = CrateNames(trees[crate].root, target.edition, outside)
    return names


def _only_for_tests(package: Package, libraries: Mapping[str, str]) -> frozenset[str]:
    """Return the crates that a package may use in tests alone, as its manifest says. `libraries` are by folder."""
    by_kind: dict[bool, set[str]] = {True: set(), False: set()}
    for dependency in package.dependencies:
        library = libraries.get(dependency.folder) if dependency.folder is not None else None
        by_kind[dependency.kind == "dev"].add(library or dependency.package.replace("-", "_"))
    return frozenset(by_kind[True] - by_kind[False])


def _resolve_uses(
    resolver: Resolver,
    module: Module,
    is_test: bool,
    tested_with: frozenset[str],
    edges: list[Edge],
    unresolved: list[Unresolved],
) -> None:
    for use in module.uses:
        place = Place(module.file, use.line)
        is_guess = use.kind in ("name", "filled")
        found = resolver.guessed(module, use) if is_guess else resolver.resolve(module, use)
        if found is None:
            if not (is_guess or use.in_macro or resolver.is_known_without(use)):
                unresolved.append(Unresolved(place, "::".join(use.path), "path"))
            continue
        edges += [
            Edge(
                module.id,
                way.target,
                "path" if is_guess else use.kind,
                _certainty(module, use, way),
                is_test or module.is_test or use.is_test or way.crate in tested_with,
                1,
                (place,),
            )
            for way in (found, *found.otherwise)
            if way.target != module.id
        ]


def _certainty(module: Module, use: Use, found: Found) -> str:
    own = "in-macro" if use.in_macro else "resolved"
    if use.is_conditional or module.is_choice:
        own = "cfg-unknown"
    return max(own, found.certainty, key=CERTAINTIES.index)


def _module_graph(
    targets: list[tuple[str, Package, Target]], trees: Mapping[str, ModuleTree], edges: list[Edge]
) -> Graph:
    nodes = []
    known: set[str] = set()
    for crate, _, target in targets:
        for module in trees[crate].modules:
            if module.id in known:
                continue
            known.add(module.id)
            is_test = module.is_test or target.kind in _TEST_KINDS
            kind = "module" if module.parent else "crate"
            parent = module.parent.id if module.parent else None
            label = module.path[-1] if module.path else crate
            nodes.append(Node(module.id, label, kind, crate, parent, module.place, is_test))
    nodes += _external_nodes({edge.target for edge in edges} - known)
    return Graph(tuple(sorted(nodes, key=lambda node: node.id)), merged(edges))


def _external_nodes(names: Iterable[str]) -> list[Node]:
    return [Node(name, name, "standard" if name in STANDARD else "external", name) for name in sorted(names)]


def _crate_graph(targets: list[tuple[str, Package, Target]], modules: Graph) -> Graph:
    crate_of = {node.id: node.crate for node in modules.nodes}
    edges = [
        Edge(crate_of[e.source], crate_of[e.target], e.kind, e.certainty, e.is_test, e.count, e.places)
        for e in modules.edges
        if crate_of[e.source] != crate_of[e.target]
    ]
    libraries = {package.folder: crate for crate, package, target in targets if target.kind == "lib"}
    mains = {package.folder: crate for crate, package, _ in reversed(targets)}
    for folder, crate in {**mains, **libraries}.items():
        package = next(package for _, package, _ in targets if package.folder == folder)
        for dependency in package.dependencies:
            target = libraries.get(dependency.folder) if dependency.folder is not None else None
            name = target or dependency.package.replace("-", "_")
            if dependency.kind == "build" or name == crate:
                continue
            place = Place(package.manifest, max(dependency.line, 1))
            edges.append(Edge(crate, name, "manifest", "resolved", dependency.kind == "dev", 1, (place,)))
    nodes = [
        Node(crate, crate, "crate", crate, None, Place(target.root, 1), target.kind in _TEST_KINDS)
        for crate, _, target in targets
    ]
    known = {node.id for node in nodes}
    nodes += _external_nodes({edge.target for edge in edges} - known)
    return Graph(tuple(sorted(nodes, key=lambda node: node.id)), merged(edges))
