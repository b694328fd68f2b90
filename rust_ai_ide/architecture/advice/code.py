"""Advice about the code itself: functions that are hard to follow, files that change often, and what has no tests."""

from collections.abc import Iterator

from rust_ai_ide.architecture.advice.model import (
    BETTER_CODE,
    FASTER,
    SCALE,
    TESTABLE,
    Asked,
    Evidence,
    Kind,
    Level,
    Recommendation,
    Surroundings,
    effort,
    is_inside,
)
from rust_ai_ide.architecture.graph import Place
from rust_ai_ide.architecture.metrics.coupling import couplings, type_counts, unstable_edges
from rust_ai_ide.architecture.metrics.spaces import Space, SpaceKind

_HARD = 25
_MOST = 8
_FEW_FILES = 10
_OFTEN = 3
_FEW_FUNCTIONS = 20
_LEAST_UNSTABLE = 0.3
_LEANED_ON = 5


def advise_on_code(around: Surroundings, asked: Asked) -> Iterator[Recommendation]:
    """Recommend where to simplify, where to test first, and where to look out."""
    yield from _simplify(around)
    yield from _often_changed(around)
    yield from _untested(around)
    yield from _unstable(around)


def _simplify(around: Surroundings) -> Iterator[Recommendation]:
    files = _files(around)
    hard = [
        (file.path, space)
        for file in around.measured
        if file.space is not None and file.path in files
        for space in _functions(file.space)
        if space.metrics.cognitive > _HARD
    ]
    hard.sort(key=lambda one: (-one[1].metrics.cognitive, one[0]))
    if hard:
        yield Recommendation(
            Kind.IMPROVEMENT,
            f"Take the {len(hard)} functions apart that are hardest to follow"
            if len(hard) > 1
            else "Take the function apart that is hardest to follow",
            "Move what nests deepest into functions of its own, and leave early where nothing is left to do.",
            tuple(
                (
                    f"{one.name} has a cognitive complexity of {one.metrics.cognitive}.",
                    Place(path, one.start_line),
                )
                for path, one in hard[:_MOST]
            ),
            0.8,
            effort(len(hard)),
            f"{len(hard)} functions",
            Level.LOW,
            "Tests of the function tell whether it still does the same.",
            (BETTER_CODE, TESTABLE, FASTER),
        )


def _functions(space: Space) -> Iterator[Space]:
    """Yield the functions in a space, without those inside of functions."""
    for inner in space.spaces:
        if inner.kind is SpaceKind.FUNCTION:
            yield inner
        else:
            yield from _functions(inner)


def _often_changed(around: Surroundings) -> Iterator[Recommendation]:
    complexity = {
        file.path: file.space.metrics.cognitive for file in around.measured if file.space is not None
    }
    files = _files(around)
    both = [path for path in around.changes if path in complexity and path in files]
    if len(both) < _FEW_FILES:
        return
    # What lies in the upper tenth of both is where a simpler file pays soonest.
    often = _upper_tenth({path: around.changes[path] for path in both})
    hard = _upper_tenth({path: complexity[path] for path in both})
    hot = [path for path in often & hard if around.changes[path] >= _OFTEN]
    hot.sort(key=lambda path: (-around.changes[path] * complexity[path], path))
    if hot:
        yield Recommendation(
            Kind.RISK,
            "Look after the files that are changed most and hardest to follow",
            "Cover them with tests first, then take them apart.",
            tuple(
                (
                    f"{path} was changed by {around.changes[path]} commits in a year, and has a cognitive complexity "
                    f"of {complexity[path]}.",
                    Place(path, 1),
                )
                for path in hot[:_MOST]
            ),
            0.7,
            effort(len(hot)),
            f"{len(hot)} files",
            Level.LOW,
            "Tests come first.",
            (FASTER, BETTER_CODE, TESTABLE),
        )


def _upper_tenth(values: dict[str, int]) -> set[str]:
    ordered = sorted(values, key=lambda path: (-values[path], path))
    return {path for path in ordered[: max(1, len(ordered) // 10)] if values[path] > 0}


def _untested(around: Surroundings) -> Iterator[Recommendation]:
    functions: dict[str, int] = {}
    tested: set[str] = set()
    packages = {crate.id: crate.package for crate in around.structure.model.crates}
    roots: dict[str, Place | None] = {}
    for module in around.structure.modules:
        package = packages.get(module.module.crate, "")
        found = [*module.functions, *(method for impl in module.impls for method in impl.methods)]
        if module.is_test or any(function.is_test for function in found):
            tested.add(package)
        if module.module.crate not in around.product:
            continue
        functions[package] = functions.get(package, 0) + sum(not function.is_test for function in found)
        if module.module.parent is None:
            roots.setdefault(package, module.module.place)
    bare = [name for name in sorted(functions) if name not in tested and functions[name] >= _FEW_FUNCTIONS]
    if bare:
        evidence: list[Evidence] = [
            (f"{name} has {functions[name]} functions and no test.", roots.get(name)) for name in bare[:_MOST]
        ]
        yield Recommendation(
            Kind.RISK,
            f"Write the first tests of {', '.join(bare[:3])}" + (" and others" if len(bare) > 3 else ""),
            "Begin with what is public and used most. Until then every other change here is a leap.",
            tuple(evidence),
            0.9,
            Level.MEDIUM,
            f"{len(bare)} packages" if len(bare) > 1 else "one package",
            Level.LOW,
            "Tests change nothing.",
            (TESTABLE, BETTER_CODE, FASTER),
        )


def _files(around: Surroundings) -> set[str]:
    """Return the files of the product, without those of tests."""
    return {
        module.module.file
        for module in around.structure.modules
        if module.module.crate in around.product and not module.is_test
    }


def _unstable(around: Surroundings) -> Iterator[Recommendation]:
    found, graph = couplings(around.structure.model.module_graph, type_counts(around.structure))
    leaned_on = {one.id for one in found if one.afferent >= _LEANED_ON}
    edges = [
        one.edge
        for one in unstable_edges(found, graph, _LEAST_UNSTABLE)
        if one.edge.source in leaned_on and not is_inside(one.edge)
    ][:_MOST]
    if edges:
        places = sum(edge.count for edge in edges)
        yield Recommendation(
            Kind.IMPROVEMENT,
            "Let what many lean on lean on nothing that changes more easily",
            "Move what is used into the stable module, or let it ask for a trait.",
            tuple(
                (f"{edge.source}, which {_LEANED_ON} or more use, uses the less stable {edge.target}.",
                 edge.places[0] if edge.places else None)
                for edge in edges
            ),
            0.6,
            effort(places),
            f"{places} places",
            Level.MEDIUM,
            "Much leans on what is changed.",
            (BETTER_CODE, SCALE),
        )  # fmt: skip
