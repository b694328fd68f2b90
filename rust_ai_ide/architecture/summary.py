"""An architecture in words: a page of Markdown with its crates, its cycles and who leans on whom."""

from collections import Counter
from collections.abc import Iterator, Sequence

from rust_ai_ide.architecture.cutting import cheapest_cut
from rust_ai_ide.architecture.graph import Cycle, Edge, Graph
from rust_ai_ide.architecture.model import ArchitectureModel, Crate
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
        f"{counted(len(crates), 'crate')}, {counted(modules, 'module')}, {counted(len(cycles), 'cycle')}; "
        f"{counted(len(model.unresolved), 'name')} could not be resolved."
    )
    for note in model.notes:
        yield ""
        yield f"> {markdown_text(note)}"
    if crates:
        yield from ("", "## Crates", "")
        yield from crate_lines(crates)
    yield ""
    yield from cycle_lines(cycles)
    if graph.nodes:
        yield ""
        yield from use_lines(graph)


def crate_lines(crates: Sequence[Crate]) -> Iterator[str]:
    """Yield a table of crates."""
    yield from ("| Crate | Kind | Edition | Modules |", "|---|---|---|---:|")
    for crate in crates[:MOST_ROWS]:
        yield f"| {markdown_code(crate.id)} | {crate.kind} | {crate.edition} | {crate.modules} |"
    yield from _rest(len(crates))


def cycle_lines(cycles: Sequence[Cycle], *, with_edges: bool = True) -> Iterator[str]:
    """Yield a part about cycles: where to cut them and, `with_edges`, all of their edges."""
    yield "## Cycles"
    if not cycles:
        yield from ("", "None.")
    for cycle in cycles:
        yield ""
        yield f"{counted(len(cycle.nodes), 'node')} that all reach each other:"
        yield ""
        yield from _cut(cycle)
        if with_edges:
            yield from ("", "All of its edges:", "")
            yield from _edge_lines(cycle.edges)


def _cut(cycle: Cycle) -> Iterator[str]:
    cut = cheapest_cut(cycle)
    how = "Cheapest to cut" if cut.is_exact else "To cut, perhaps not the cheapest way"
    yield f"{how}, {counted(cut.places, 'place')}:"
    yield ""
    yield from _edge_lines(cut.edges)


def _edge_lines(edges: Sequence[Edge]) -> Iterator[str]:
    for edge in edges[:_MOST_EDGES]:
        yield f"- {markdown_code(edge.source)} uses {markdown_code(edge.target)}: {_places(edge)}"
    if len(edges) > _MOST_EDGES:
        yield f"- and {len(edges) - _MOST_EDGES} edges more"


def use_lines(graph: Graph) -> Iterator[str]:
    """Yield a part about who leans on whom, what is used most first."""
    uses = Counter(edge.source for edge in graph.edges)
    used = Counter(edge.target for edge in graph.edges)
    yield from ("## Who leans on whom", "", "| Name | Uses | Used by |", "|---|---:|---:|")
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


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it needs one."""
    return f"1 {noun}" if number == 1 else f"{number:,} {noun}s"
