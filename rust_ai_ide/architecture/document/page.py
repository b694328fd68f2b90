"""The document as one HTML page with its pictures in it, which loads nothing from anywhere."""

from collections.abc import Mapping
from html import escape
from typing import Any

from rust_ai_ide.architecture.document.keeping import without_marks
from rust_ai_ide.architecture.document.sections import drawn, level_of
from rust_ai_ide.architecture.drawing import DrawingFailed, draw
from rust_ai_ide.architecture.exporting import to_mermaid
from rust_ai_ide.architecture.model import ArchitectureModel

_STYLE = """
:root { color-scheme: light dark;
  --ink: #1c1b1a; --paper: #fdfcfb; --line: #d6d2ce; --edge: #8b847d; --accent: #a4400f; }
@media (prefers-color-scheme: dark) { :root {
  --ink: #e8e5e2; --paper: #1b1a19; --line: #45413d; --edge: #857e77; --accent: #f08b55; } }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; font: 15px/1.5 system-ui, sans-serif;
  color: var(--ink); background: var(--paper); }
a { color: var(--accent); }
code, pre { font: 0.9em ui-monospace, monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border-bottom: 1px solid var(--line); padding: 0.2rem 0.7rem; text-align: left; }
svg { width: 100%; height: auto; max-height: 80vh; }
svg .node polygon { fill: var(--paper); stroke: var(--ink); }
svg .edge path { fill: none; stroke: var(--edge); }
svg .edge polygon { fill: var(--edge); stroke: var(--edge); }
svg .in-cycle polygon, svg .in-cycle path { stroke: var(--accent); }
svg text { fill: var(--ink); }
"""


def to_html(document: str, model: ArchitectureModel, title: str) -> str:
    """Return a page of the document's Markdown; raw HTML in it is shown as text.

    A diagram that is the one generated now becomes a drawing; others stay text, as they are in the file.
    """
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML

    graph = drawn(model)
    pictures: dict[str, str] = {}
    if graph.nodes:
        try:
            pictures[to_mermaid(graph).strip()] = draw(
                graph, circles=model.cycles(level_of(model)), title=title
            )
        except DrawingFailed:
            pictures = {}
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")

    def fence(renderer: Any, tokens: Any, place: int, options: Any, environment: Any) -> str:
        picture = _picture(tokens[place], pictures)
        return picture or str(RendererHTML.fence(renderer, tokens, place, options, environment))

    reader.add_render_rule("fence", fence)
    body = reader.render(without_marks(document))
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{escape(title)}</title>\n'
        f"<style>{_STYLE}</style>\n<main>\n{body}</main>\n</html>\n"
    )


def _picture(token: Any, pictures: Mapping[str, str]) -> str:
    if token.info.strip() != "mermaid":
        return ""
    picture = pictures.get(token.content.strip())
    return f"<figure>{picture}</figure>\n" if picture else ""
