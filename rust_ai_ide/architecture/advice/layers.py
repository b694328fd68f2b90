"""Advice to write layers down, and about uses that go against them."""

from collections.abc import Iterator

from rust_ai_ide.architecture.advice.model import (
    BETTER_CODE,
    FASTER,
    TESTABLE,
    Asked,
    Kind,
    Level,
    Recommendation,
    Surroundings,
    effort,
)
from rust_ai_ide.architecture.graph import Edge, Node
from rust_ai_ide.architecture.patterns.roles import ROLE_OF
from rust_ai_ide.architecture.patterns.words import words

_MOST_EVIDENCE = 10
# The words that the roles of modules do not have, for layers as people name them.
_SAME = {"business": "application", "logic": "application", "core": "domain", "data": "infrastructure"}


def advise_on_layers(around: Surroundings, asked: Asked) -> Iterator[Recommendation]:
    """Compare layers that are said to be there with the modules; recommend to hold them by rules."""
    if len(asked.layers) < 2:
        return
    wanted = {_role(layer): rank for rank, layer in reversed(list(enumerate(asked.layers)))}
    top = [node for node in around.structure.model.modules if node.place and not node.is_test]
    ranks = {node.id: rank for node in top if (rank := _rank(node, wanted)) is not None}
    named = [layer for rank, layer in enumerate(asked.layers) if rank in ranks.values()]
    against = [
        edge
        for edge in around.structure.model.edges
        if not edge.is_test
        and edge.source in ranks
        and edge.target in ranks
        and ranks[edge.source] > ranks[edge.target]
    ]
    if against:
        yield _turn_round(against, asked)
    if len(named) >= 2 and around.rules is None:
        rows = _outermost(ranks)
        yield _write_down(rows, asked, has_violations=bool(against), is_ready=_stand_apart(rows, around))
    missing = [layer for rank, layer in enumerate(asked.layers) if rank not in ranks.values()]
    if missing:
        yield Recommendation(
            Kind.PATTERN,
            f"Give the {'layer' if len(missing) == 1 else 'layers'} {', '.join(missing)} modules that say so",
            "A layer that no module is named after can be checked by nobody. Name it in [architecture] of the "
            "settings, by the paths of its modules.",
            tuple((f"No module is called after the layer “{layer}”.", None) for layer in missing),
            0.5,
            Level.LOW,
            "a line of settings for each layer",
            Level.LOW,
            "Nothing changes but what is checked.",
            (BETTER_CODE, FASTER),
        )


def _turn_round(against: list[Edge], asked: Asked) -> Recommendation:
    places = sum(edge.count for edge in against)
    return Recommendation(
        Kind.IMPROVEMENT,
        "Turn round the uses that go up through the layers",
        "Let the lower layer ask for a trait that the upper one implements, or move what is used down.",
        tuple(
            (f"{edge.source} uses {edge.target}.", edge.places[0] if edge.places else None)
            for edge in against[:_MOST_EVIDENCE]
        ),
        0.8,
        effort(places),
        f"{places} places in {len(against)} uses between modules",
        Level.MEDIUM,
        "A trait between layers changes signatures.",
        (BETTER_CODE, TESTABLE),
    )


def _stand_apart(rows: dict[int, list[str]], around: Surroundings) -> bool:
    """Tell whether no part of a layer uses another part of it, as a row of the settings demands."""
    part_of = {path: path for paths in rows.values() for path in paths}
    rank_of = {path: rank for rank, paths in rows.items() for path in paths}

    def part(name: str) -> str:
        while name and name not in part_of:
            name = name.rpartition("::")[0]
        return name

    pairs = {
        (part(edge.source), part(edge.target)) for edge in around.structure.model.edges if not edge.is_test
    }
    return not any(
        source and target and source != target and rank_of[source] == rank_of[target]
        for source, target in pairs
    )


def _write_down(
    rows: dict[int, list[str]], asked: Asked, *, has_violations: bool, is_ready: bool
) -> Recommendation:
    lines = ", ".join(f'"{" | ".join(paths)}"' for _, paths in sorted(rows.items()))
    what = f"`layers = [{lines}]`" if is_ready else "the modules of each layer, one row from the top down,"
    is_team = asked.team_size is not None and asked.team_size > 1
    told = [(f"“{asked.layers[rank]}”: {', '.join(paths)}.", None) for rank, paths in sorted(rows.items())]
    return Recommendation(
        Kind.IMPROVEMENT,
        "Write the layers down, so that they are checked",
        f"Put {what} under `[architecture]` in .rust-ai-ide.toml, and run `rust-ai-ide architecture check` in CI"
        + (", with a baseline for what is against them now." if has_violations else "."),
        (*told, ("The project has no rules about who may use whom.", None)),
        0.9 if is_team else 0.8,
        Level.LOW,
        "one line of settings",
        Level.LOW,
        "Nothing changes but what is checked.",
        (BETTER_CODE, FASTER),
    )


def _role(name: str) -> str:
    word = name.lower().replace("_", "").replace("-", "").replace(" ", "")
    return ROLE_OF.get(word, _SAME.get(word, word))


def _rank(node: Node, wanted: dict[str, int]) -> int | None:
    """Return the layer of a module: that of the outermost name in its path that is one, or of a word of its crate."""
    crate, *names = node.id.split("::")
    # The first word of a crate is often the project's own.
    first, *others = words(crate.partition(" ")[0]) or [crate]
    for name in (*names, *(others or [first])):
        role = _role(name)
        if role in wanted:
            return wanted[role]
    return None


def _outermost(ranks: dict[str, int]) -> dict[int, list[str]]:
    rows: dict[int, list[str]] = {}
    for name, rank in sorted(ranks.items()):
        above = name.rpartition("::")[0]
        if ranks.get(above) != rank:
            rows.setdefault(rank, []).append(name)
    return rows
