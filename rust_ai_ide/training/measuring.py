"""Measures a finished model folder as it will run: in 8 bits, by CTranslate2, on one thread."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rust_ai_ide.runtime.manifest import read_manifest
from rust_ai_ide.training.corpus import Corpus
from rust_ai_ide.training.evaluation.cursors import Cursor, cursors
from rust_ai_ide.training.evaluation.lines import LineFigures, line_figures
from rust_ai_ide.training.probes import Probe, passed
from rust_ai_ide.training.samples import PATH_HEADER, infill_prompt
from rust_ai_ide.training.tokeniser import END, CodeTokeniser

LINES = 400
_BEFORE_CHARACTERS = 1000
_AFTER_CHARACTERS = 400
_MOST_TOKENS = 32


@dataclass(frozen=True, slots=True)
class FolderFigures:
    """Lines with and without what follows the cursor, probes that pass, and the median time of a line in seconds."""

    infilled: LineFigures
    gone_on: LineFigures
    probes: int
    line_seconds: float


class Completer:
    """Completes with a model folder, always by the likeliest token."""

    def __init__(self, folder: Path) -> None:
        from ctranslate2 import Generator

        # A model with learned positions computes nothing beyond them.
        self._context = read_manifest(folder).context_length
        self._tokeniser = CodeTokeniser(folder / "tokenizer.model")
        self._pieces = self._tokeniser.pieces()
        self._generator: Any = Generator(str(folder), device="cpu", compute_type="int8", intra_threads=1)

    def complete(self, header: str, prefix: str, suffix: str | None, most: int = _MOST_TOKENS) -> str:
        """Return what is to stand after the prefix, and before the suffix where there is one.

        Where the context has no room for all of it and `most` tokens of the answer, the far ends are left out.
        """
        room = self._context - most
        if suffix is None:
            tokens = [self._tokeniser.begin, *self._tokeniser.encode(header + prefix)[1 - room :]]
        else:
            tokens = infill_prompt(self._tokeniser, header, prefix, suffix, room=room)
        (result,) = self._generator.generate_batch(
            [[self._pieces[token] for token in tokens]],
            max_length=most,
            sampling_topk=1,
            include_prompt_in_result=False,
            end_token=[END],
        )
        return self._tokeniser.decode(result.sequences_ids[0])


def measure_folder(folder: Path, corpus: Corpus, lines: int = LINES) -> FolderFigures:
    """Measure the model on places of the held-out files, which chance chose once."""
    completer = Completer(folder)
    took: list[float] = []

    def timed(answer: Callable[[], str]) -> str:
        start = time.perf_counter()
        text = answer()
        took.append(time.perf_counter() - start)
        return text

    def line(place: Cursor, suffix: str | None) -> str:
        header = PATH_HEADER.format(path=place.path)
        return timed(lambda: completer.complete(header, place.prefix[-_BEFORE_CHARACTERS:], suffix))

    def probe(case: Probe) -> str:
        return completer.complete("", case.prefix, case.suffix, most=8)

    places = cursors(corpus.validation, lines)
    infilled = line_figures(places, lambda place: line(place, place.suffix[:_AFTER_CHARACTERS]))
    gone_on = line_figures(places, lambda place: line(place, None))
    return FolderFigures(infilled, gone_on, sum(passed(probe)), statistics.median(took))
