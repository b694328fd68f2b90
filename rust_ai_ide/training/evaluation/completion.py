"""Measures completion on a folder of Rust: the engine, its parts, and the baselines, all at the same places."""

import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path

from rust_ai_ide.observability.events import Progressed, Report, ignore
from rust_ai_ide.runtime.manifest import Manifest
from rust_ai_ide.runtime.weights import read_shapes
from rust_ai_ide.source.syntax.parsing import NotAnalysable, parse_rust
from rust_ai_ide.training.corpus import CorpusUnusable, SourceFile
from rust_ai_ide.training.evaluation.baselines import NgramCompleter, by_copying, by_identifier
from rust_ai_ide.training.evaluation.cursors import Cursor, cursors_of_projects
from rust_ai_ide.training.evaluation.engine import Engine, Suggested
from rust_ai_ide.training.evaluation.likelihood import stretches
from rust_ai_ide.training.evaluation.lines import LineFigures, figures_of
from rust_ai_ide.training.evaluation.projects import read_projects
from rust_ai_ide.training.evaluation.replay import ReplayFigures, replay, together
from rust_ai_ide.training.evaluation.writing import Writer

IDENTIFIER, COPY, NGRAM = "identifier of the file", "longest copy in the file", "nested-cache n-gram"
BASELINES = (IDENTIFIER, COPY, NGRAM)
COPIES, MODEL, BOTH, SHOWN = "copies, ranked", "model", "copies and model, ranked", "shown"


@dataclass(frozen=True)
class Settings:
    """How much is measured: `places` inside lines, `lines` typed again, and a stretch of `stretches` files' bits."""

    seed: int = 0
    places: int = 600
    lines: int = 60
    stretches: int = 60


@dataclass(frozen=True)
class CompletionReport:
    """What was measured. `completers` are by name, the baselines first; latencies are in milliseconds.

    `lead` is the engine's exact share over that of the best baseline; `parse_rate` is of the lines that were shown.
    """

    model: str
    corpus: str
    projects: int
    files: int
    settings: Settings
    completers: Mapping[str, LineFigures]
    lead: float
    bits_per_byte: Mapping[str, float]
    parse_rate: float
    replay: ReplayFigures
    latency_p50: float
    latency_p95: float


def evaluate_completion(
    folder: Path, manifest: Manifest, corpus: Path, settings: Settings, report: Report = ignore
) -> CompletionReport:
    """Measure a model folder on a folder of Rust. Raises CorpusUnusable and InvalidConfig."""
    projects = read_projects(corpus)
    writer = Writer(folder, manifest)
    try:
        return _measured(projects, folder, writer, corpus.name, settings, report)
    finally:
        writer.close()


def _measured(
    projects: Mapping[str, Sequence[SourceFile]],
    folder: Path,
    writer: Writer,
    corpus: str,
    settings: Settings,
    report: Report,
) -> CompletionReport:
    places = _places(projects, settings)
    chosen = stretches(list(chain(*projects.values())), 1)[: settings.stretches]
    vocabulary = read_shapes(folder).vocabulary
    answers = _Answers()
    ngram_bits: list[float] = []
    for name in sorted(places):
        report(Progressed("Completing lines", len(answers.suggested), settings.places))
        ngram = NgramCompleter(projects[name], writer.model.tokeniser, vocabulary)
        engine = Engine(projects[name], writer)
        for cursor in places[name]:
            answers.add(cursor, engine.suggest(cursor), ngram.complete(cursor))
        ngram_bits += [ngram.bits_per_byte(file) for file in chosen if file.crate == name]
    figures = answers.figures()
    best = max(figures[name].exact for name in BASELINES)
    report(Progressed("Counting bits"))
    model_bits = [writer.bits_per_byte(file) for file in chosen]
    return CompletionReport(
        model=writer.model.manifest.id,
        corpus=corpus,
        projects=len(projects),
        files=sum(map(len, projects.values())),
        settings=settings,
        completers=figures,
        lead=figures[BOTH].exact / best if best else 0.0,
        bits_per_byte={MODEL: statistics.fmean(model_bits), NGRAM: statistics.fmean(ngram_bits or [0.0])},
        parse_rate=_parse_rate(answers.suggested),
        replay=_replay(projects, places, writer, settings, report),
        **answers.latencies(),
    )


class _Answers:
    """What was written at each place, by whom."""

    def __init__(self) -> None:
        self.suggested: list[tuple[Cursor, Suggested]] = []
        self._by: dict[str, list[tuple[Cursor, str]]] = defaultdict(list)

    def add(self, cursor: Cursor, found: Suggested, by_ngram: str) -> None:
        self.suggested.append((cursor, found))
        for name, text in (
            (IDENTIFIER, by_identifier(cursor)),
            (COPY, by_copying(cursor)),
            (NGRAM, by_ngram),
            (COPIES, found.copied),
            (MODEL, found.model),
            (BOTH, found.ranked),
            (SHOWN, found.choice.text),
        ):
            self._by[name].append((cursor, text))

    def figures(self) -> dict[str, LineFigures]:
        return {name: figures_of(given) for name, given in self._by.items()}

    def latencies(self) -> dict[str, float]:
        seconds = sorted(found.seconds for _, found in self.suggested)
        return {
            "latency_p50": 1000 * statistics.median(seconds),
            "latency_p95": 1000 * seconds[int(0.95 * (len(seconds) - 1))],
        }


def _places(projects: Mapping[str, Sequence[SourceFile]], settings: Settings) -> dict[str, list[Cursor]]:
    found: dict[str, list[Cursor]] = defaultdict(list)
    for name, _, cursor in cursors_of_projects(projects, settings.places, settings.seed):
        found[name].append(cursor)
    if not found:
        raise CorpusUnusable("No line of these files is long enough to be completed.")
    return found


def _parse_rate(suggested: Sequence[tuple[Cursor, Suggested]]) -> float:
    """Return the share of shown lines with which their file parses, of those whose file parsed as it was.

    The whole file is parsed, while the engine looks only at what is around the cursor before it shows a line.
    """
    lines = [
        (cursor, found.choice.text)
        for cursor, found in suggested
        if found.choice.probability and _parses(cursor.prefix + cursor.rest + cursor.suffix)
    ]
    return sum(_parses(cursor.prefix + line + cursor.suffix) for cursor, line in lines) / max(1, len(lines))


def _parses(text: str) -> bool:
    try:
        return not parse_rust(text.encode()).root_node.has_error
    except NotAnalysable:
        return False


def _replay(
    projects: Mapping[str, Sequence[SourceFile]],
    places: Mapping[str, Sequence[Cursor]],
    writer: Writer,
    settings: Settings,
    report: Report,
) -> ReplayFigures:
    """Type lines again: one of each project, then another of each, until there are enough."""
    rounds = zip_longest(*(((name, cursor) for cursor in places[name]) for name in sorted(places)))
    chosen = [pair for pairs in rounds for pair in pairs if pair][: settings.lines]
    figures: list[ReplayFigures] = []
    for name, cursor in chosen:
        report(Progressed("Typing lines again", len(figures), len(chosen)))
        figures.append(replay([cursor], Engine(projects[name], writer).choose))
    return together(figures)
