"""Writing a line for the editor: who may write is asked one after the other, and what is likely is shown meanwhile."""

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from statistics import fmean

from apps.models.completion_sources import MODEL, CompletionSource
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.runtime.client import Refused
from rust_ai_ide.runtime.completion.choosing import LEAST_LIKELY
from rust_ai_ide.runtime.errors import InvalidConfig, RuntimeFailure
from rust_ai_ide.runtime.lines import Hole, Written

FIRST_TOKENS = 2
"""Tokens that must be likely before the first is shown."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Text to show; a `fresh` one takes the place of what another began."""

    text: str
    is_fresh: bool = False


@dataclass
class Line:
    """What was written, by whom ("" where nobody could) and of which kind; `problems` are those of who could not."""

    by: str = ""
    kind: str = ""
    text: str = ""
    problems: list[str] = field(default_factory=list)
    _likelihoods: list[float] = field(default_factory=list)
    _held: str = ""
    _pieces: int = 0

    @property
    def likelihood(self) -> float:
        """Return the mean log-probability of a token; nought, which is certain, where the server does not tell."""
        if self._likelihoods:
            return fmean(self._likelihoods)
        return 0.0 if self.text else float("-inf")

    def begin(self, source: CompletionSource) -> None:
        """Start anew with another source."""
        self.by, self.kind, self.text, self._held, self._pieces = source.name, source.kind, "", "", 0
        self._likelihoods = []

    def add(self, piece: Written) -> str:
        """Take a piece; return what can be shown now."""
        if piece.all_log_probabilities is not None:
            self._likelihoods = list(piece.all_log_probabilities)
        if not piece.text:
            return ""
        self.text += piece.text
        self._pieces += 1
        if piece.log_probability is not None:
            self._likelihoods.append(piece.log_probability)
        self._held += piece.text
        # What is likely to be withdrawn in the end is not shown in the meantime.
        if self._pieces < FIRST_TOKENS or self.likelihood < LEAST_LIKELY:
            return ""
        shown, self._held = self._held, ""
        return shown


async def write(
    sources: AsyncIterator[CompletionSource], hole: Hole, client: str, line: Line
) -> AsyncGenerator[Shown]:
    """Fill `line` by the first source that writes to its end; yield what is shown meanwhile.

    Raises Refused where a newer request took this one's place; no other failure is raised.
    """
    was_shown = False
    async for source in sources:
        line.begin(source)
        is_fresh = was_shown
        try:
            async with contextlib.aclosing(_written(source, hole, client)) as pieces:
                async for piece in pieces:
                    text = line.add(piece)
                    if text:
                        yield Shown(text, is_fresh)
                        was_shown, is_fresh = True, False
            return
        except RustAiIdeError as error:
            if isinstance(error, Refused) and error.code == "Superseded":
                raise
            line.problems.append(_told(error, source.name))
    line.by, line.kind, line.text = "", "", ""


async def _written(source: CompletionSource, hole: Hole, client: str) -> AsyncGenerator[Written]:
    """Yield what a source writes, and tell its router how it went."""
    declined: Refused | None = None
    with source.trying() as answered:
        try:
            async with contextlib.aclosing(source.ask(hole, client)) as pieces:
                async for piece in pieces:
                    answered()
                    yield piece
        except Refused as error:
            if source.kind != MODEL:
                raise
            # The runtime is well; it is this model that cannot.
            declined = error
        answered()
    if declined is not None:
        raise declined


def _told(error: RustAiIdeError, name: str) -> str:
    return str(not_loaded(error, name)) if isinstance(error, Refused) else str(error)


def not_loaded(error: Refused, model: str) -> RuntimeFailure:
    """Return what to tell where a runtime refused a request for a model."""
    if error.code == "ModelNotFound":
        return InvalidConfig(f"{model} is not loaded. Load it on the page Models.", "model")
    return error
