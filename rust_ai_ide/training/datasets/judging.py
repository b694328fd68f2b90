"""Judges one file: whether it is worth learning from, and what tells whether it is nearly another."""

from dataclasses import dataclass

from rust_ai_ide.source.syntax.parsing import NotAnalysable, parse_rust
from rust_ai_ide.training.datasets.quality import quality_of
from rust_ai_ide.training.datasets.settings import Filters
from rust_ai_ide.training.datasets.testing import test_spans, without
from rust_ai_ide.training.duplicates import Fingerprint, fingerprint, words_of
from rust_ai_ide.training.filters import reason_to_drop

UNPARSED = "cannot be parsed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a file is dropped, or "" with its text and fingerprint; `score` is None where it was not scored."""

    reason: str
    score: float | None = None
    text: str = ""
    print: Fingerprint | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A file to judge, and by what."""

    path: str
    data: bytes
    filters: Filters


def judge_each(asked: list[Asked]) -> list[Verdict]:
    """Judge several files."""
    return [judge(each.data, each.filters) for each in asked]


def judge(data: bytes, filters: Filters) -> Verdict:
    """Judge the bytes of a file; line feeds alone end the lines of its text."""
    if reason := reason_to_drop(data, filters.min_file_size, filters.max_file_size):
        return Verdict(reason)
    source = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        tree = parse_rust(source)
    except NotAnalysable:
        return Verdict(UNPARSED)
    spans = test_spans(source, tree)
    share = sum(end - start for start, end in spans) / len(source)
    if not filters.include_tests and spans:
        source, share = without(source, spans), 0.0
        if len(source) < filters.min_file_size:
            return Verdict("tests")
    text = source.decode("utf-8")
    words = words_of(text)
    score = quality_of(text, words, tree, share).score
    if score < filters.quality_threshold:
        return Verdict("quality", score)
    return Verdict("", score, text, fingerprint(words))
