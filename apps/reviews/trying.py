"""Trying rules of a project's own: on a snippet, or on the files of a project as its newest commit has them."""

from dataclasses import dataclass
from itertools import islice

from apps.projects.analysis import child
from apps.projects.models import Project
from apps.projects.selectors import all_projects
from apps.projects.services import repository_of
from rust_ai_ide.review.config import config_from_toml
from rust_ai_ide.review.contained import examine_all
from rust_ai_ide.review.custom.matching import check_patterns
from rust_ai_ide.review.custom.reading import CustomRuleInvalid
from rust_ai_ide.review.facts import Fact, facts_from_bytes
from rust_ai_ide.review.findings import Category, Finding, Severity
from rust_ai_ide.review.fixing import fixed
from rust_ai_ide.source.git import TooLarge, list_files, read_blobs, resolve, tree_of
from rust_ai_ide.source.isolation import WorkFailed
from rust_ai_ide.source.syntax.languages import language_of

MOST_FILES = 400
MOST_BYTES = 6_000_000
MOST_SHOWN = 100
SECONDS = 30.0
SNIPPET = "snippet.rs"


@dataclass(frozen=True)
class Place:
    """A place that a rule found: its line as it is, and as its fix leaves it, "" without one."""

    path: str
    fact: Fact
    line: str
    mended: str


@dataclass(frozen=True)
class Tried:
    """What rules found in so many files; `left_out` counts the places, `skipped` the files that are not looked at."""

    places: list[Place]
    left_out: int
    files: int
    skipped: int


def try_rules(text: str, snippet: str, project_id: str) -> Tried:
    """Return what the rules in a settings text find in a project or, without one, in a snippet.

    Raises ConfigInvalid, CustomRuleInvalid or WorkFailed with what is wrong with the rules.
    """
    config = config_from_toml(text)
    if not config.custom_rules:
        raise CustomRuleInvalid("There is no rule yet: write one under [[review.custom_rules]].")
    child().call(check_patterns, list(config.custom_rules), timeout=SECONDS)
    sources, skipped = _sources(snippet, project_id)
    items = [(source, config.standard) for source in sources.values()]
    names = {rule.name for rule in config.custom_rules}
    places: list[Place] = []
    results = child().call_for_each(examine_all, items, timeout=SECONDS)
    for (path, source), result in zip(sources.items(), results, strict=True):
        if isinstance(result, WorkFailed):
            raise result
        facts = [fact for fact in facts_from_bytes(result).facts if fact.rule in names]
        lines = source.decode(errors="replace").split("\n") if facts else []
        places += [
            Place(path, fact, lines[fact.start_line - 1].strip(), _mended(source, fact)) for fact in facts
        ]
    return Tried(places[:MOST_SHOWN], max(0, len(places) - MOST_SHOWN), len(sources), skipped)


def _sources(snippet: str, project_id: str) -> tuple[dict[str, bytes], int]:
    """Return what to look at by path, and how many Rust files of a project are too many or too large."""
    project: Project | None = next(
        (each for each in all_projects() if str(each.pk) == project_id and each.is_ready), None
    )
    if project is None:
        return {SNIPPET: snippet.encode()}, 0
    repository = repository_of(project)
    entries = [
        entry
        for entry in list_files(repository, tree_of(repository, resolve(repository, "HEAD")))
        if entry.is_file and language_of(entry.path) == "rust"
    ]
    by_blob = {entry.blob: entry.path for entry in islice(entries, MOST_FILES)}
    found: dict[str, bytes] = {}
    size = 0
    for blob, content in read_blobs(repository, list(by_blob), MOST_BYTES):
        if not isinstance(content, TooLarge) and size + len(content) <= MOST_BYTES:
            size += len(content)
            found[by_blob[blob]] = content
    return dict(sorted(found.items())), len(entries) - len(found)


def _mended(source: bytes, fact: Fact) -> str:
    """Return the line of a place as its fix leaves it."""
    if not fact.fix:
        return ""
    finding = Finding(
        fact.rule,
        Category.STYLE,
        Severity.INFO,
        fact.confidence,
        "",
        fact.start_line,
        fact.start_column,
        fact.end_line,
        fact.end_column,
        "",
        "",
        "",
        fact.fix,
    )
    lines = fixed(source, [finding]).source.decode(errors="replace").split("\n")
    return lines[fact.start_line - 1].strip()


EXAMPLE = """[[review.custom_rules]]
name = "no_lock_unwrap"
category = "architecture"
severity = "warning"
pattern = "$LOCK.lock().unwrap()"
message = "A poisoned lock ends the program here"
suggestion = "Take what is inside, or return an error."
fix = "$LOCK.lock().unwrap_or_else(PoisonError::into_inner)"
auto_fixable = true
"""
EXAMPLE_CODE = """fn count(held: &Mutex<u32>) -> u32 {
    *held.lock().unwrap()
}
"""
