"""Measures a model on files it was not trained on: bits per byte, and lines completed exactly."""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

import numpy as np

from rust_ai_ide.training.corpus import SourceFile
from rust_ai_ide.training.extra import require
from rust_ai_ide.training.samples import IGNORED, PATH_HEADER
from rust_ai_ide.training.tokeniser import CodeTokeniser


def bits_per_byte(
    network: Any, tokeniser: CodeTokeniser, files: Sequence[SourceFile], length: int = 512
) -> float:
    """Return how many bits a byte of the files takes, each read in windows of `length` tokens below its path.

    It is the sum of -log2 p over all tokens, divided by the bytes of the files, so tokenisers can be compared by it.
    """
    torch = require("torch")
    nats, size = 0.0, 0
    with torch.inference_mode():
        for file in files:
            head = [tokeniser.begin, *tokeniser.encode(PATH_HEADER.format(path=file.path))]
            tokens = tokeniser.encode(file.text)
            size += len(file.text.encode())
            for start in range(0, len(tokens), length - len(head)):
                window = torch.tensor([[*head, *tokens[start : start + length - len(head)]]])
                targets = torch.full_like(window, IGNORED)
                targets[:, len(head) - 1 : -1] = window[:, len(head) :]
                scores = network(input_ids=window).logits[0]
                loss = torch.nn.functional.cross_entropy(
                    scores, targets[0], ignore_index=IGNORED, reduction="sum"
                )
                nats += float(loss)
    return nats / math.log(2) / size


def stretches(files: Sequence[SourceFile], of_each: int, characters: int = 4000) -> list[SourceFile]:
    """Return a stretch from somewhere inside up to `of_each` files of every crate, the same each time.

    Whole files would let a few long ones of one crate decide the figure.
    """
    random = np.random.default_rng(0)
    by_crate: dict[str, list[SourceFile]] = defaultdict(list)
    for file in files:
        by_crate[file.crate].append(file)
    found = []
    for crate in sorted(by_crate):
        some = by_crate[crate]
        for place in random.permutation(len(some))[:of_each]:
            file = some[int(place)]
            last = max(0, len(file.text) - characters)
            start = file.text.rfind("\n", 0, int(random.integers(last + 1))) + 1
            found.append(replace(file, text=file.text[start : start + characters]))
    return found


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place inside a line of a file: what stands before and after it, and the rest of the line."""

    path: str
    prefix: str
    suffix: str
    rest: str


@dataclass(frozen=True, slots=True)
class LineFigures:
    """Of `count` rests of lines, the share written exactly and the mean similarity of characters (0 to 1)."""

    count: int
    exact: float
    similarity: float


def cursors(files: Sequence[SourceFile], count: int, seed: int = 0) -> list[Cursor]:
    """Return places inside lines of code, never in comments or at their ends, spread evenly over the files."""
    random = np.random.default_rng(seed)
    found: list[Cursor] = []
    for _ in range(count * 50):
        if len(found) == count:
            break
        file = files[int(random.integers(len(files)))]
        place = int(random.integers(len(file.text)))
        start = file.text.rfind("\n", 0, place) + 1
        end = file.text.find("\n", place)
        line = file.text[start : end if end >= 0 else len(file.text)]
        rest = file.text[place : start + len(line)]
        if not line[: place - start].strip() or len(rest.strip()) < 3 or line.strip().startswith("//"):
            continue
        found.append(Cursor(file.path, file.text[:place], file.text[start + len(line) :], rest))
    return found


def line_figures(places: Sequence[Cursor], answer: Callable[[Cursor], str]) -> LineFigures:
    """Return how well `answer` writes the rests of the lines; only its first line counts."""
    exact = 0
    similarity = 0.0
    for place in places:
        wanted = place.rest.strip()
        given = answer(place).split("\n", 1)[0].strip()
        exact += given == wanted
        similarity += SequenceMatcher(None, given, wanted, autojunk=False).ratio()
    count = len(places)
    return LineFigures(count, exact / max(1, count), similarity / max(1, count))
