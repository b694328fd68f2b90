"""Lays a graph out with Graphviz. Runs in a child process only: a layout cannot be interrupted."""


def prepare() -> None:
    """Load Graphviz, which takes longer than most layouts."""
    import pygraphviz  # noqa: F401


def lay_out(dot: str) -> str:
    """Return the SVG that Graphviz makes of a graph in its own language."""
    import pygraphviz

    graph = pygraphviz.AGraph(string=dot)
    graph.layout(prog="dot")
    drawing = graph.draw(format="svg")
    return drawing.decode("utf-8") if isinstance(drawing, bytes) else str(drawing)
