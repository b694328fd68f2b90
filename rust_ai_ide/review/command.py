"""The work behind `rust-ai-ide review`: select, review, write, and say how it ended."""

import argparse
import itertools
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.home import DataDirectoryUnusable, data_directory
from rust_ai_ide.observability.events import Event, Warned
from rust_ai_ide.observability.printable import printable
from rust_ai_ide.review.baseline import read_baseline, write_baseline
from rust_ai_ide.review.config import ReviewConfig, config_from_toml
from rust_ai_ide.review.crew import Crew
from rust_ai_ide.review.findings import Finding, Severity
from rust_ai_ide.review.fixing import fix_file
from rust_ai_ide.review.formats import Format, format_of, render
from rust_ai_ide.review.paths import is_manifest
from rust_ai_ide.review.profiles import Profile
from rust_ai_ide.review.reviewing import FileReview, review_files
from rust_ai_ide.review.score import quality_score
from rust_ai_ide.review.selection import (
    Selection,
    branch_changes,
    named_files,
    only_files,
    project_files,
    staged_files,
    work_tree_changes,
)
from rust_ai_ide.source.store import STORE_NAME, FactStore, store_limit

CLEAN, FOUND, FAILED = 0, 1, 2


class ReviewArgumentsInvalid(RustAiIdeError):
    """The options of the command contradict each other or name what does not exist."""


def review(arguments: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    store = None if arguments.no_cache else _store()
    selection = _select(arguments, store)
    config = _config(arguments, selection)
    if arguments.max_files is not None and len(selection.files) > arguments.max_files:
        _tell(Warned(f"Reviewing {arguments.max_files} of {len(selection.files)} files (--max-files)."))
        selection = replace(selection, files=selection.files[: arguments.max_files])
    reviews = list(_reviewed(selection, config, store))
    findings = _with_opinions(arguments, config, _all_of(reviews), selection)
    if arguments.fix and _fix(arguments, findings):
        selection = _select(arguments, store)
        reviews = list(_reviewed(selection, config, store))
        # What other tools wrote is about the files as they were.
        arguments.opinions = []
        findings = _with_opinions(arguments, config, _all_of(reviews), selection)
    if store:
        store.close()
    for one in reviews:
        for note in one.notes:
            _tell(Warned(f"{one.path}: {note}"))
    if arguments.write_baseline is not None:
        write_baseline(Path(arguments.write_baseline), findings)
        _tell(Warned(f"{arguments.write_baseline} accepts {len(findings):,} findings."))
        return CLEAN
    findings = _new(arguments, config, findings, reviews)
    _write(arguments, findings, reviews, selection)
    return _exit_code(arguments, findings, reviews)


def _reviewed(selection: Selection, config: ReviewConfig, store: FactStore | None) -> Iterator[FileReview]:
    crew = Crew(config.standard)
    try:
        yield from review_files(
            selection.files, config, store, _tell, selection.context, selection.changed, crew
        )
    finally:
        crew.close()


def _with_opinions(
    arguments: argparse.Namespace, config: ReviewConfig, findings: list[Finding], selection: Selection
) -> list[Finding]:
    """Return the findings with what other tools said of the same lines, as far as the settings ask for it."""
    if not arguments.opinions and not arguments.rustfmt:
        return findings
    # Imported late: few reviews have a second opinion.
    from rust_ai_ide.review.formatting import unformatted
    from rust_ai_ide.review.second_opinions import merged, read_opinions

    folder, floor = Path(arguments.project or "."), config.severity_threshold.rank
    theirs = [one for file in arguments.opinions for one in read_opinions(Path(file), folder)]
    if arguments.rustfmt:
        manifests = {file.path: file.read() for file in selection.context if is_manifest(file.path)}
        theirs += unformatted(selection.files, manifests, folder)
    wanted = [one for one in theirs if one.severity.rank >= floor and one.rule not in config.disabled_rules]
    if selection.changed is not None:
        changed = selection.changed
        wanted = [
            one for one in wanted if any(one.start_line in lines for lines in changed.get(one.path, ()))
        ]
    elif arguments.files is not None:
        wanted = [one for one in wanted if one.path in arguments.files]
    return merged(findings, wanted)


def _new(
    arguments: argparse.Namespace,
    config: ReviewConfig,
    findings: list[Finding],
    reviews: list[FileReview],
) -> list[Finding]:
    """Return the findings that the baseline does not hold."""
    folder = Path(arguments.project or ".")
    file = Path(arguments.baseline) if arguments.baseline is not None else folder / config.baseline
    if arguments.baseline is None and not config.baseline:
        return findings
    baseline = read_baseline(file)
    # Of a change only some lines were looked at, so nothing can be said about what is missing.
    if arguments.base is None and not arguments.quick and not arguments.staged:
        stale = baseline.stale(findings, frozenset(one.path for one in reviews))
        if stale:
            entries = "1 entry" if stale == 1 else f"{stale:,} entries"
            _tell(Warned(f"{entries} of {file} found no more; --write-baseline {file} removes them."))
    return [finding for finding in findings if not baseline.holds(finding)]


def _all_of(reviews: list[FileReview]) -> list[Finding]:
    return list(itertools.chain.from_iterable(one.findings for one in reviews))


def _fix(arguments: argparse.Namespace, findings: list[Finding]) -> bool:
    """Mend in the files what can be mended; tell whether anything was. Raises ReviewArgumentsInvalid."""
    if arguments.staged or arguments.base is not None:
        raise ReviewArgumentsInvalid(
            "--fix changes files as they are; it goes with --files, --project and --quick."
        )
    folder = Path("." if arguments.files and not arguments.quick else arguments.project or ".")
    count = 0
    fixable = sorted((finding for finding in findings if finding.fix), key=lambda finding: finding.path)
    for path, of_file in itertools.groupby(fixable, key=lambda finding: finding.path):
        count += fix_file(folder / path, of_file)
    _tell(Warned(f"Mended {count:,} {'finding' if count == 1 else 'findings'}."))
    return count > 0


def _store() -> FactStore | None:
    try:
        return FactStore(data_directory() / STORE_NAME, _tell, store_limit())
    except DataDirectoryUnusable as error:
        _tell(Warned(f"{error} Going on without stored results."))
        return None


def _select(arguments: argparse.Namespace, store: FactStore | None) -> Selection:
    changes = [
        arguments.staged,
        arguments.quick,
        arguments.base is not None or arguments.head is not None,
    ]
    if sum(changes) > 1:
        raise ReviewArgumentsInvalid("Choose one of --staged, --quick and --base with --head.")
    if arguments.files is None:
        return _all(arguments, store)
    if not any(changes):
        return named_files(arguments.files)
    return only_files(_all(arguments, store), arguments.files)


def _all(arguments: argparse.Namespace, store: FactStore | None) -> Selection:
    folder = Path(arguments.project or ".")
    if arguments.staged:
        return staged_files(folder, store)
    if arguments.quick:
        return work_tree_changes(folder, store, _tell)
    if arguments.head is not None and arguments.base is None:
        raise ReviewArgumentsInvalid("--head needs --base: say what the change is to be compared with.")
    if arguments.base is not None:
        return branch_changes(folder, arguments.base, arguments.head or "HEAD", store)
    return project_files(folder, _tell)


def _config(arguments: argparse.Namespace, selection: Selection) -> ReviewConfig:
    text = selection.config_text
    if arguments.config is not None:
        try:
            text = Path(arguments.config).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise ReviewArgumentsInvalid(f"{arguments.config} cannot be read: {reason}.") from error
    profile = Profile(arguments.profile) if arguments.profile else None
    config = config_from_toml(text or "", profile, selection.clippy_text)
    if arguments.include_tests:
        config = replace(config, include_tests=True)
    # What makes the command fail is always shown.
    least = arguments.severity or min(config.severity_threshold, arguments.fail_on, key=_rank)
    return replace(config, severity_threshold=Severity(least))


def _rank(severity: str) -> int:
    return Severity(severity).rank


def _write(
    arguments: argparse.Namespace, findings: list[Finding], reviews: list[FileReview], selection: Selection
) -> None:
    form = Format(arguments.output_format) if arguments.output_format else format_of(arguments.output or "")
    colour = arguments.output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    lines = sum(one.lines for one in reviews)
    text = render(form, findings, len(reviews), lines, colour, selection.diff)
    if form is Format.GITHUB:
        _add_step_summary(render(Format.MARKDOWN, findings, len(reviews), lines))
    if arguments.output is None:
        sys.stdout.write(text)
        return
    try:
        Path(arguments.output).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise ReviewArgumentsInvalid(f"{arguments.output} cannot be written: {error.strerror}.") from error


def _add_step_summary(text: str) -> None:
    """Add the whole report to the summary of the job's step, where a job runs this."""
    place = os.environ.get("GITHUB_STEP_SUMMARY")
    if not place:
        return
    try:
        with Path(place).open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        _tell(Warned(f"The summary of the step cannot be written: {error.strerror}."))


def _exit_code(arguments: argparse.Namespace, findings: list[Finding], reviews: list[FileReview]) -> int:
    if any(finding.severity.rank >= _rank(arguments.fail_on) for finding in findings):
        return FOUND
    if arguments.quality_threshold is not None:
        score = quality_score(findings, sum(one.lines for one in reviews))
        if score < arguments.quality_threshold:
            _tell(
                Warned(f"The quality is {score:.2f}, below the {arguments.quality_threshold:.2f} asked for.")
            )
            return FOUND
    if arguments.files and not all(one.is_reviewed for one in reviews):
        return FAILED  # a file that was asked for by name has not been looked at
    return CLEAN


def _tell(event: Event) -> None:
    if isinstance(event, Warned):
        sys.stderr.write(f"rust-ai-ide: {printable(event.message)}\n")
