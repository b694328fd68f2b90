"""`rust-ai-ide evaluate`: what completion is worth on one's own code, and what the rules of reviews are worth."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from rust_ai_ide.cli.numbers import whole
from rust_ai_ide.cli.tables import write, write_json, write_table

if TYPE_CHECKING:
    from rust_ai_ide.runtime.manifest import Manifest
    from rust_ai_ide.training.evaluation.completion import CompletionReport


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be evaluated, and the options of each."""
    kinds = parser.add_subparsers(title="what to evaluate", metavar="WHAT", required=True)
    for name, work, summary in (
        ("completion", _completion, "the completion of lines, against three baselines"),
        ("rules", _rules, "a small tree of rules that imitates which suggestions are shown"),
    ):
        kind = kinds.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        kind.add_argument(
            "--model", default="", metavar="MODEL", help="its id or name (default: the last one)"
        )
        kind.add_argument(
            "--corpus", required=True, metavar="DIR", help="a folder of Rust, of one crate or many"
        )
        kind.add_argument(
            "--seed", type=whole(0), default=0, metavar="N", help="chooses the places (default: 0)"
        )
        kind.add_argument(
            "--places", type=whole(1), default=600, metavar="N", help="complete so many lines (default: 600)"
        )
        kind.add_argument(
            "--lines", type=whole(0), default=60, metavar="N", help="type so many lines again (default: 60)"
        )
        kind.add_argument("--json", action="store_true", help="write JSON")
        kind.set_defaults(work=work)
    summary = "the rules of reviews, against the labels of Clippy's own tests"
    kind = kinds.add_parser("review", help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
    kind.add_argument("--fixtures", required=True, metavar="DIR", help="a checkout of Clippy's repository")
    kind.add_argument("--lint", metavar="NAME", help="list what this one misses and what it says wrongly")
    kind.add_argument("--json", action="store_true", help="write JSON")
    kind.set_defaults(work=_review)


def run(arguments: argparse.Namespace) -> int:
    """Measure and print; raises RustAiIdeError where that fails."""
    arguments.work(arguments)
    return 0


def _review(arguments: argparse.Namespace) -> None:
    from rust_ai_ide.cli.progress import progress
    from rust_ai_ide.review.evaluation.lints import SYNTAX_LINTS
    from rust_ai_ide.review.evaluation.measuring import measure_review, together

    figures = measure_review(Path(arguments.fixtures), progress())
    if arguments.lint:
        figures = [each for each in figures if each.lint == arguments.lint]
    if arguments.json:
        write_json([{**asdict(each), "recall": each.recall, "precision": each.precision} for each in figures])
        return
    named = together(each for each in figures if each.lint in SYNTAX_LINTS)
    named.lint = "those that syntax decides, together"
    rows: list[tuple[str, ...]] = [("Lint", "Labelled", "Right", "Wrong", "Recall", "Precision")]
    for each in [*figures, named]:
        shares = (f"{each.recall:.2f}", f"{each.precision:.2f}")
        rows.append((each.lint, f"{each.labelled:,}", f"{each.right:,}", f"{each.wrong:,}", *shares))
    write_table(rows)
    if arguments.lint:
        for each in figures:
            for word, places in (("missed", each.missed_at), ("wrong", each.wrong_at)):
                for place in places:
                    write(f"{word} {place.path}:{place.line}")


def _model(arguments: argparse.Namespace) -> tuple[Path, "Manifest"]:
    from rust_ai_ide.runtime.errors import ModelNotFound
    from rust_ai_ide.runtime.library import find_model, known_models

    known = list(known_models())
    if not known:
        raise ModelNotFound("There is no model yet to evaluate.")
    return find_model(arguments.model or known[-1])


def _completion(arguments: argparse.Namespace) -> None:
    from rust_ai_ide.cli.progress import progress
    from rust_ai_ide.training.evaluation.completion import Settings, evaluate_completion

    settings = Settings(seed=arguments.seed, places=arguments.places, lines=arguments.lines)
    folder, manifest = _model(arguments)
    found = evaluate_completion(folder, manifest, Path(arguments.corpus), settings, progress())
    if arguments.json:
        write_json(asdict(found))
    else:
        show(found)


def _rules(arguments: argparse.Namespace) -> None:
    from rust_ai_ide.cli.progress import progress
    from rust_ai_ide.training.evaluation.projects import read_projects
    from rust_ai_ide.training.evaluation.rules import extract_rules, told
    from rust_ai_ide.training.evaluation.writing import Writer

    projects = read_projects(Path(arguments.corpus))
    folder, manifest = _model(arguments)
    writer = Writer(folder, manifest)
    try:
        found = extract_rules(projects, writer, arguments.places, arguments.seed, progress())
    finally:
        writer.close()
    if arguments.json:
        write_json(asdict(found))
        return
    for line in told(found.tree):
        write(line)
    write("")
    write(
        f"It agrees with the engine in {found.fidelity:.0%} of {found.tested:,} places that it was not grown on; "
        f"always giving the commoner answer agrees in {found.usual:.0%}."
    )


def show(found: "CompletionReport") -> None:
    """Write what was measured, for people."""
    places = next(iter(found.completers.values())).count
    write(
        f"{found.model} on {found.corpus}: {places:,} places, {found.files:,} files, {found.projects:,} projects"
    )
    write("")
    table: list[tuple[str, ...]] = [
        ("Rest of a line", "Exact", "Start", "Middle", "End", "Similar", "Given", "Exact of these")
    ]
    for name, figures in found.completers.items():
        exact = [f"{figures.exact:.1%}", *(f"{share:.1%}" for share in figures.exact_by_part.values())]
        given = (f"{figures.similarity:.2f}", f"{figures.shown:.0%}", f"{figures.precision:.0%}")
        table.append((name, *exact, *given))
    write_table(table)
    write("")
    typed = found.replay
    rows: list[tuple[str, str]] = [
        ("Exact, against the best baseline", f"{found.lead:.2f} times"),
        *((f"Bits per byte, {name}", f"{bits:.3f}") for name, bits in found.bits_per_byte.items()),
        ("Shown lines with which files parse", f"{found.parse_rate:.1%}"),
        ("Time to a suggestion", f"P50 {found.latency_p50:.0f} ms, P95 {found.latency_p95:.0f} ms"),
        ("Characters completed", f"{typed.completed:.1%} of {typed.characters:,} in {typed.lines:,} lines"),
        ("Left after the cost", f"{typed.saved:.1%} (a key to accept, a key for each wrong suggestion)"),
        ("Wrong suggestions a line", f"{typed.wrong:.1f}"),
    ]
    write_table(rows)
