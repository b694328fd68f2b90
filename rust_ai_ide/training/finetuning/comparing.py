"""Measures a base and what was made of it on files that neither learned from: in 8 bits, by CTranslate2."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rust_ai_ide.training.corpus import SourceFile
from rust_ai_ide.training.evaluation.cursors import Cursor, cursors
from rust_ai_ide.training.evaluation.likelihood import stretches
from rust_ai_ide.training.evaluation.lines import LineFigures, line_figures
from rust_ai_ide.training.export import TOKENISER
from rust_ai_ide.training.finetuning.base import Base
from rust_ai_ide.training.measuring import Completer
from rust_ai_ide.training.samples import PATH_HEADER
from rust_ai_ide.training.tokeniser import CodeTokeniser

LINES = 200
_OF_EACH_CRATE = 8
_APART = 80
_WINDOW = 256
_BEFORE = 1000
_AFTER = 400


@dataclass(frozen=True, slots=True)
class Measured:
    """Bits for a byte of stretches of the files, and the rests of lines written with nothing after the cursor.

    `infilled` are those written with what follows, None where the model does not infill.
    """

    bits_per_byte: float
    lines: LineFigures
    infilled: LineFigures | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same figures of a base and of what was made of it."""

    before: Measured
    after: Measured

    @property
    def worse(self) -> str:
        """Say in one sentence how the result is worse than its base, "" where it is not.

        Fewer lines count only where they are fewer than chance explains: by two standard errors.
        """
        before, after = self.before, self.after
        if not after.bits_per_byte <= before.bits_per_byte:
            return f"It needs {after.bits_per_byte:.3f} bits per byte where its base needs {before.bits_per_byte:.3f}."
        for name, first, second in (
            ("rests of lines", before.lines, after.lines),
            ("rests of lines with what follows", before.infilled, after.infilled),
        ):
            if first and second and _is_fewer(first, second):
                return f"It writes {second.exact:.1%} of the {name} exactly where its base writes {first.exact:.1%}."
        return ""


def measure(base: Base, files: Sequence[SourceFile], lines: int = LINES) -> Measured:
    """Measure a model folder on the files, at `lines` places or fewer where the files are few.

    The places are chosen by chance once, the same for every model.
    """
    completer = Completer(base.folder)
    places = cursors(files, min(lines, sum(len(file.text) for file in files) // _APART))

    def answer(place: Cursor, suffix: str | None) -> str:
        return completer.complete(PATH_HEADER.format(path=place.path), place.prefix[-_BEFORE:], suffix)

    gone_on = line_figures(places, lambda place: answer(place, None))
    infilled = None
    if base.order == "spm":
        infilled = line_figures(places, lambda place: answer(place, place.suffix[:_AFTER]))
    return Measured(folder_bits_per_byte(base, stretches(files, _OF_EACH_CRATE)), gone_on, infilled)


def folder_bits_per_byte(base: Base, files: Sequence[SourceFile]) -> float:
    """Return how many bits a byte of the files takes by CTranslate2, in windows of 256 tokens below the path."""
    from ctranslate2 import Generator

    generator = Generator(str(base.folder), device="cpu", compute_type="int8", intra_threads=1)
    tokeniser = CodeTokeniser(base.folder / TOKENISER)
    window = min(_WINDOW, base.shape.context)
    nats, size = 0.0, 0
    for file in files:
        head = [tokeniser.begin, *tokeniser.encode(PATH_HEADER.format(path=file.path))][: window // 2]
        tokens = tokeniser.encode(file.text)
        size += len(file.text.encode())
        step = window - len(head)
        rows = [[*head, *tokens[start : start + step]] for start in range(0, len(tokens), step)]
        for row in rows:
            (result,) = generator.score_batch([[base.pieces[token] for token in row]], max_input_length=0)
            nats -= sum(result.log_probs[len(head) - 1 :])
    return nats / math.log(2) / max(1, size)


def _is_fewer(before: LineFigures, after: LineFigures) -> bool:
    share = (before.exact + after.exact) / 2
    error = math.sqrt(2 * share * (1 - share) / max(1, before.count))
    return before.exact - after.exact > 2 * error
