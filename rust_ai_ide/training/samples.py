"""Windows of tokens to train on: stretches of files, about half of them rearranged for infilling.

Bavarian et al., "Efficient training of language models to fill in the middle" (2022): prefix-suffix-middle (PSM), or
suffix-prefix-middle (SPM), which is written `<prefix> <suffix> after <middle> before` so that the middle goes on where
the text before it ends. A small network does not have to learn to jump there, so SPM is the default for all samples.

A sample is always whole inside one window, with its end, since a middle whose prefix sits in another window teaches
nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from rust_ai_ide.training.corpus import SourceFile
from rust_ai_ide.training.tokeniser import CodeTokeniser

PATH_HEADER = "// {path}\n"
IGNORED = -100
_HEADER_SHARE = 0.75
_FILE_START_SHARE = 0.2
# A token holds about 3.3 characters: infilling leaves little out at the far ends, going on fills the room.
_CHARACTERS_TO_INFILL = 3.2
_CHARACTERS_TO_GO_ON = 6.0
_LEAST_ROOM = 96
_LONGEST_MIDDLE = 0.4
_MOST_LINES = 4
_LINES_SHARE = 0.7
# What frames the two texts of a prompt: where it begins, and three parts.
_MARKS = 4
Window = NDArray[np.int64]


@dataclass(frozen=True)
class SampleConfig:
    """`infill` is the share of samples with a middle, `spm` the share of suffix-first ones among these."""

    infill: float = 0.55
    spm: float = 1.0


class Sampler:
    """Draws windows from files; the same seed and step give the same windows, whatever was drawn before."""

    def __init__(
        self, files: Sequence[SourceFile], tokeniser: CodeTokeniser, config: SampleConfig, seed: int = 0
    ) -> None:
        self._files = files
        self._tokeniser = tokeniser
        self._config = config
        self._seed = seed
        self._ends = np.array(list(accumulate(len(file.text) for file in files)), dtype=np.int64)

    def windows(self, step: int, count: int, length: int) -> Window:
        """Return the windows of a step, of shape (count, length), filled up with the padding token."""
        random = np.random.default_rng((self._seed, step))
        return np.stack([self._window(random, length) for _ in range(count)])

    def targets(self, windows: Window) -> Window:
        """Return what each token is followed by, of the same shape, `IGNORED` where nothing is to be learnt."""
        found = np.full_like(windows, IGNORED)
        found[:, :-1] = windows[:, 1:]
        # Where a sample begins and where its parts were cut is chance.
        for chance in (self._tokeniser.pad, self._tokeniser.begin, *self._tokeniser.cuts):
            found[found == chance] = IGNORED
        return found

    def _window(self, random: np.random.Generator, length: int) -> Window:
        window = np.full(length, self._tokeniser.pad, dtype=np.int64)
        filled = 0
        while (room := length - filled) >= _LEAST_ROOM or not filled:
            sample = self._sample(random, room)
            window[filled : filled + len(sample)] = sample
            filled += len(sample)
        return window

    def _sample(self, random: np.random.Generator, room: int) -> list[int]:
        file = self._file(random)
        header = PATH_HEADER.format(path=file.path) if random.random() < _HEADER_SHARE else ""
        is_infill = random.random() < self._config.infill
        characters = _CHARACTERS_TO_INFILL if is_infill else _CHARACTERS_TO_GO_ON
        text = _stretch(file.text, random, int(room * characters))
        if is_infill:
            start, end = span(text, random)
            parts = (header, text[:start], text[end:], text[start:end])
            is_spm = random.random() < self._config.spm
            return infill_sample(self._tokeniser, parts, room, is_spm=is_spm)
        tokens = [self._tokeniser.begin, *self._tokeniser.encode(header + text)]
        if text and file.text.endswith(text):
            tokens.append(self._tokeniser.end)
        return tokens[:room]

    def _file(self, random: np.random.Generator) -> SourceFile:
        place = int(random.integers(self._ends[-1]))
        return self._files[int(np.searchsorted(self._ends, place, side="right"))]


def span(text: str, random: np.random.Generator) -> tuple[int, int]:
    """Return where the middle of a text starts and ends: mostly lines or their rests, else any characters."""
    if random.random() >= _LINES_SHARE:
        most = max(1, min(len(text) - 1, int(len(text) * _LONGEST_MIDDLE)))
        length = int(random.integers(1, most + 1))
        start = int(random.integers(len(text) - length + 1))
        return start, start + length
    starts = _line_starts(text)
    row = int(random.integers(len(starts)))
    lines = 1 if random.random() < 0.6 else int(random.integers(1, _MOST_LINES + 1))
    end_of_line = starts[row + lines] - 1 if row + lines < len(starts) else len(text)
    first_end = starts[row + 1] - 1 if row + 1 < len(starts) else len(text)
    indent = len(text[starts[row] : first_end]) - len(text[starts[row] : first_end].lstrip())
    start = starts[row] + indent
    if random.random() < 0.7 and start < first_end:
        start = int(random.integers(start, first_end))
        if random.random() < 0.5:
            # Whoever asks for a completion inside a word has it taken back to where the word begins.
            while start > starts[row] + indent and _is_word(text[start - 1]) and _is_word(text[start]):
                start -= 1
    return start, max(start, end_of_line)


def infill_sample(
    tokeniser: CodeTokeniser, parts: tuple[str, str, str, str], room: int, *, is_spm: bool
) -> list[int]:
    """Return the tokens of header, prefix, suffix and middle as one sample of at most `room` tokens, middle included.

    Where they are too many, the far ends of suffix and prefix are left out, and of a middle above half the room.
    """
    header, prefix, suffix, middle = parts
    room -= 5
    inside = tokeniser.encode(middle)
    # A middle that had to be cut does not end where its sample ends.
    end = [tokeniser.end] if len(inside) <= room // 2 else []
    inside = inside[: room // 2]
    before, after = tokeniser.encode(header + prefix), tokeniser.encode(suffix)
    left = room - len(inside)
    if len(before) + len(after) > left:
        above = tokeniser.encode(header)
        above = above if len(above) <= left // 2 else []
        before = tokeniser.encode(prefix)
        after = after[: max((left - len(above)) // 3, left - len(above) - len(before))]
        before = [*above, *before[max(0, len(before) - (left - len(above) - len(after))) :]]
    around = _around(tokeniser, before, after, is_spm=is_spm)
    return [tokeniser.begin, *around, *inside, *end]


def infill_prompt(
    tokeniser: CodeTokeniser, header: str, prefix: str, suffix: str, *, is_spm: bool = True, room: int = 0
) -> list[int]:
    """Return the tokens that ask for a middle, at most `room` where that is not 0: far ends are left out."""
    before, after = tokeniser.encode(header + prefix), tokeniser.encode(suffix)
    left = room - _MARKS
    if room and len(before) + len(after) > left:
        after = after[: max(left // 3, left - len(before))]
        before = before[len(before) - min(len(before), left - len(after)) :]
    return [tokeniser.begin, *_around(tokeniser, before, after, is_spm=is_spm)]


def _around(tokeniser: CodeTokeniser, before: list[int], after: list[int], *, is_spm: bool) -> list[int]:
    if is_spm:
        return [tokeniser.prefix, tokeniser.suffix, *after, tokeniser.middle, *before]
    return [tokeniser.prefix, *before, tokeniser.suffix, *after, tokeniser.middle]


def _stretch(text: str, random: np.random.Generator, characters: int) -> str:
    if len(text) <= characters:
        return text
    start = 0
    if random.random() >= _FILE_START_SHARE:
        start = text.rfind("\n", 0, int(random.integers(len(text) - characters // 2))) + 1
    return text[start : start + characters]


def _line_starts(text: str) -> list[int]:
    return [0, *(place + 1 for place, character in enumerate(text[:-1]) if character == "\n")]


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
