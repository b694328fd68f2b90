"""An architecture in words: a page of Markdown with its crates, its cycles and who leans on whom."""

from collections import Counter
from collections.abc import Iterator

from rust_ai_ide.architecture.cutting import cheapest_cut
from rust_ai_ide.architecture.graph import Cycle, Edge, Graph
from rust_ai_ide.architecture.model import ArchitectureModel
from rust_ai_ide.observability.markdown import markdown_code, markdown_text

MOST_ROWS = 40
_MOST_EDGES = 20


def to_markdown(model: ArchitectureModel, graph: Graph, cycles: tuple[Cycle, ...], title: str) -> str:
    """Return a page about the graph and cycles of a level; long tables are cut, and say so."""
    return "\n".join([*_lines(model, graph, cycles, title), ""])


def _lines(model: ArchitectureModel, graph: Graph, cycles: tuple[Cycle, ...], title: str) -> Iterator[str]:
    yield f"# {markdown_text(title)}"
    yield ""
    shown = {node.crate for node in graph.nodes}
    crates = [crate for crate in model.crates if crate.id in shown]
    modules = sum(crate.modules for crate in crates)
    yield (
        f"{_count(len(crates), 'crate')}, {_count(modules, 'module')}, {_count(len(cycles), 'cycle')}; "
        f"{_count(len(model.unresolved), 'name')} could not be resolved."
    )
    for note in model.notes:
        yield ""
        yield f"> {markdown_text(note)}"
    if crates:
        yield from ("", "## Crates", "", "| Crate | Kind | Edition | Modules |", "|---|---|---|---:|")
        for crate in crates[:MOST_ROWS]:
            yield f"| {markdown_code(crate.id)} | {crate.kind} | {crate.edition} | {crate.modules} |"
        yield from _rest(len(crates))
    yield from ("", "## Cycles")
    if not cycles:
        yield from ("", "None.")
    for cycle in cycles:
        yield ""
        yield f"{_count(len(cycle.nodes), 'node')} that all reach each other:"
        yield ""
        yield from _cut(cycle)
        for edge in cycle.edges[:_MOST_EDGES]:
            yield f"- {markdown_code(edge.source)} uses {markdown_code(edge.target)}: {_places(edge)}"
        if len(cycle.edges) > _MOST_EDGES:
            yield f"- and {len(cycle.edges) - _MOST_EDGES} edges more"
    if graph.nodes:
        yield from _uses(graph)


def _cut(cycle: Cycle) -> Iterator[str]:
    cut = cheapest_cut(cycle)
    how = "Cheapest to cut" if cut.is_exact else "To cut, perhaps not the cheapest way"
    yield f"{how}, {_count(cut.places, 'place')}:"
    yield ""
    for edge in cut.edges[:_MOST_EDGES]:
        yield f"- {markdown_code(edge.source)} uses {markdown_code(edge.target)}: {_places(edge)}"
    if len(cut.edges) > _MOST_EDGES:
        yield f"- and {len(cut.edges) - _MOST_EDGES} edges more"
    yield from ("", "All of its edges:", "")


def _uses(graph: Graph) -> Iterator[str]:
    uses = Counter(edge.source for edge in graph.edges)
    used = Counter(edge.target for edge in graph.edges)
    yield from ("", "## Who leans on whom", "", "| Name | Uses | Used by |", "|---|---:|---:|")
    nodes = sorted(graph.nodes, key=lambda node: (-used[node.id], -uses[node.id], node.id))
    for node in nodes[:MOST_ROWS]:
        yield f"| {markdown_code(node.id)} | {uses[node.id]} | {used[node.id]} |"
    yield from _rest(len(nodes))


def _rest(count: int) -> Iterator[str]:
    if count > MOST_ROWS:
        yield from ("", f"And {count - MOST_ROWS} more.")


def _places(edge: Edge) -> str:
    shown = ", ".join(f"{markdown_code(f'{place.file}:{place.line}')}" for place in edge.places[:3])
    return shown if edge.count <= 3 else f"{shown} and {edge.count - 3} more"


def _count(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number:,} {noun}s"
