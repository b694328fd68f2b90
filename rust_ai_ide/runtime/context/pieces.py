"""What a context is made of: pieces sent, pieces dropped and why, and the text that the model is shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rust_ai_ide.source.paths import shown

CountTokens = Callable[[str], int]
"""Returns how many tokens a text is for the model at hand."""


class Reason(StrEnum):
    """Why a piece was thought of."""

    USED = "used near the cursor or imported"
    REFERENCES = "close by references"
    RECENT = "changed recently"
    WORDS = "similar words"
    NAME = "has the name"


class Why(StrEnum):
    """Why a piece was dropped."""

    OVER_BUDGET = "over the budget"
    CONTAINED = "contained in another piece"
    LESS_RELEVANT = "less relevant"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file in the form that is sent. `lines` are the first and the last, counted from 1.

    `container` is the head of the impl or trait around it, "" for none. `score` is the fused relevance. `is_stable`
    pieces depend on the file that is open rather than on where the cursor stands in it.
    """

    path: str
    lines: tuple[int, int]
    kind: str
    name: str
    container: str
    text: str
    tokens: int
    score: float
    reasons: tuple[Reason, ...]
    is_stable: bool = False


@dataclass(frozen=True, slots=True)
class Dropped:
    """A piece that is not sent."""

    piece: Piece
    why: Why


@dataclass(frozen=True, slots=True)
class Context:
    """What a model is shown of a repository, and what it is not.

    `text` is all of `sent`, `tokens` its size, never more than the budget. `candidates_tokens` estimates what all
    candidates are before they are shortened. `relevance_kept` is the share of the candidates' relevance that is sent,
    1 where there was nothing to send.
    """

    sent: tuple[Piece, ...]
    dropped: tuple[Dropped, ...]
    text: str
    tokens: int
    candidates_tokens: int
    relevance_kept: float


def rendered(pieces: Sequence[Piece]) -> str:
    """Return pieces as text: file by file, each headed by its path, members in the impl or trait they belong to."""
    lines: list[str] = []
    path: str | None = None
    container = ""
    for piece in [*pieces, None]:
        if container and (piece is None or (piece.path, piece.container) != (path, container)):
            lines.append("}")
            container = ""
        if piece is None:
            break
        if piece.path != path:
            path = piece.path
            lines.append(path_line(path))
        if piece.container and not container:
            container = piece.container
            lines.append(container_line(container))
        indent = "    " if piece.container else ""
        lines += [f"{indent}{line}" for line in body_lines(piece.kind, piece.text)]
    return "".join(f"{line}\n" for line in lines)


def path_line(path: str) -> str:
    """Return the line that says whose the following pieces are."""
    return f"// {shown(path)}"


def container_line(container: str) -> str:
    """Return the line that opens an impl or trait."""
    return f"{container} {{"


def body_lines(kind: str, text: str) -> list[str]:
    """Return the lines of a piece; what is not Rust is made comments."""
    # Bare carriage returns and their like would hide a line from a reader, so they end one.
    lines = text.splitlines()
    return [f"// {line}".rstrip() for line in lines] if kind == "text" else lines
