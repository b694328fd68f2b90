"""Markdown as HTML. Raw HTML in it stays text."""

import functools
from collections.abc import Callable
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt


@functools.cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    # A block of code that scrolls must be reachable by keyboard.
    for rule in ("fence", "code_block"):
        draw = parser.renderer.rules[rule]
        parser.renderer.rules[rule] = functools.partial(_with_focus, draw)
    return parser


def _with_focus(draw: Callable[..., str], *arguments: Any) -> str:
    return draw(*arguments).replace("<pre>", '<pre tabindex="0">', 1)


def markdown_html(text: str) -> SafeString:
    """Render `text`; markup in it is escaped and links lead only to safe kinds of addresses."""
    return mark_safe(_parser().render(text))  # noqa: S308 - the parser escapes HTML and refuses script addresses
