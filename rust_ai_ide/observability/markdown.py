"""Text from outside, made safe to put into Markdown: it shows as it is, and marks nothing up."""

import re

from rust_ai_ide.observability.printable import printable

_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~@])")


def markdown_text(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    return _MARKUP.sub(r"\\\1", printable(" ".join(text.split())))


def markdown_code(text: str) -> str:
    """Return a code span, also fit for a cell of a table."""
    # Backticks and bars would end the code or the cell.
    return "`" + printable(text).replace("`", "'").replace("|", "¦") + "`"


def markdown_message(text: str) -> str:
    """Return a message of ours: its code spans stay, everything else is plain."""
    pieces = printable(text).split("`")
    if len(pieces) % 2 == 0:
        return markdown_text(text)
    return "`".join(
        piece.replace("|", "\\|") if number % 2 else _MARKUP.sub(r"\\\1", piece)
        for number, piece in enumerate(pieces)
    )
