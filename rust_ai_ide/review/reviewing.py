"""Review files: facts by content, then what the path and the configuration make of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.observability.events import Progressed, Report, ignore
from rust_ai_ide.review.config import ReviewConfig
from rust_ai_ide.review.facts import DeclaredModule, Fact, Facts, facts_from_bytes
from rust_ai_ide.review.findings import Category, Finding, Severity
from rust_ai_ide.review.paths import (
    Role,
    crate_folder,
    is_crate_root,
    is_manifest,
    module_name,
    modules_around,
    role_of,
    top_module,
)
from rust_ai_ide.review.rules.model import Where
from rust_ai_ide.review.standard import USUAL, Standard
from rust_ai_ide.source.isolation import WorkFailed
from rust_ai_ide.source.store import code_version, content_key

if TYPE_CHECKING:
    from rust_ai_ide.review.crew import Crew
    from rust_ai_ide.review.manifests import Manifests

KIND = "review"
MATTERS_WHEN_NEW = frozenset({"undocumented_unsafe_blocks"})
"""Rules for which old code, where they find hundreds, gets a hint only, and a change the full severity."""
ChangedLines = Mapping[str, Sequence[range]]
_BATCH = 512


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to review. `read` is called only if nothing is stored for its content; errors become notes."""

    path: str
    content_key: bytes
    read: Callable[[], bytes]


class FactSource(Protocol):
    """What a review needs of a store; `FactStore` is one."""

    def get_many(self, kind: str, version: str, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return what is stored for those of the keys that are known."""

    def put_many(self, kind: str, version: str, bodies: Mapping[bytes, bytes]) -> None:
        """Store bodies by content key."""


@dataclass(frozen=True, slots=True)
class FileReview:
    """What the review of one file says; `notes` are sentences about what could not be reviewed.

    `lines` counts what was judged: the lines of the file, or those that a change touches. `is_reviewed` is
    False where nothing could.
    """

    path: str
    lines: int
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    is_reviewed: bool = True


def facts_version(standard: Standard = USUAL) -> str:
    """Return the version of the stored facts: it follows the code of the rules, and the standard of the project."""
    return code_version("rust_ai_ide.review", "rust_ai_ide.source.syntax") + standard.digest


def review_source(path: str, source: bytes, config: ReviewConfig) -> FileReview:
    """Review one source text."""
    file = SourceFile(path, content_key(source), lambda: source)
    return next(review_files([file], config, None))


def review_files(
    files: Iterable[SourceFile],
    config: ReviewConfig,
    store: FactSource | None,
    report: Report = ignore,
    context: Iterable[SourceFile] = (),
    changed: ChangedLines | None = None,
    crew: "Crew | None" = None,
) -> Iterator[FileReview]:
    """Review files in the order given, taking from the store what it knows and adding what it does not.

    The lints that the root of a crate or the file of a module allows (`#![allow(…)]`) are allowed in the
    files below it, if it is among the files or in `context`, whose files are not reviewed themselves.
    Manifests (`Cargo.toml`) in `context` count by their `[lints]`. With `changed`, by path the ranges of line
    numbers (from 1) that a change touches, only findings on those lines count, and only those lines. A `crew` judges
    what the store does not know on all processors.
    """
    everything = list(files)
    known = _Known(store, config, crew)
    allowed = _Allowed([*everything, *context], known)
    for at in range(0, len(everything), _BATCH):
        batch = everything[at : at + _BATCH]
        known.look_up(batch)
        for number, file in enumerate(batch, at):
            report(Progressed("Reviewing files", number, len(everything)))
            facts = known.of(file)
            touched = None if changed is None else changed.get(file.path, ())
            role = Role.TEST if allowed.is_test(file.path) else role_of(file.path)
            yield _review(file.path, role, facts, config, allowed.around(file.path), touched)
        known.keep()
    report(Progressed("Reviewing files", len(everything), len(everything)))


class _Known:
    """The facts of files, from the store or made now and kept for the store."""

    def __init__(self, store: FactSource | None, config: ReviewConfig, crew: "Crew | None") -> None:
        self._store = store
        self._least = config.severity_threshold
        self._standard = config.standard
        self._version = facts_version(self._standard) if store else ""
        self._bodies: dict[bytes, bytes] = {}
        self._fresh: dict[bytes, bytes] = {}
        self._crew = crew

    def look_up(self, files: Sequence[SourceFile]) -> None:
        if self._store:
            self._bodies = self._store.get_many(KIND, self._version, {file.content_key for file in files})
        else:
            self._fresh = {}
        if self._crew:
            self._share(self._crew, files)

    def _share(self, crew: "Crew", files: Sequence[SourceFile]) -> None:
        """Have what is not known judged by a crew, where that is much; what cannot be read is for later."""
        sources = {}
        for file in files:
            if file.content_key not in self._bodies and file.content_key not in self._fresh:
                with suppress(OSError, RustAiIdeError):
                    sources[file.content_key] = file.read()
        if crew.is_worth(sources):
            self._fresh |= crew.examined(sources)

    def of(self, file: SourceFile) -> Facts:
        body = self._fresh.get(file.content_key) or self._bodies.get(file.content_key)
        if body is not None:
            try:
                return facts_from_bytes(body, self._least)
            except ValueError:
                pass  # a damaged entry is made anew below
        try:
            source = file.read()
        except OSError as error:
            return Facts(
                0, notes=(f"The file could not be read: {error.strerror or error}.",), is_analysed=False
            )
        except RustAiIdeError as error:
            return Facts(0, notes=(str(error),), is_analysed=False)
        # Imported late: where everything is stored, neither rules nor parser are loaded.
        if self._standard.custom:
            from rust_ai_ide.review.custom.contained import examine_apart

            try:
                facts = examine_apart(source, self._standard)
            except WorkFailed as error:
                return Facts(
                    0, notes=(f"The project's own rules did not end here: {error}",), is_analysed=False
                )
        else:
            from rust_ai_ide.review.engine import examine

            facts = examine(source, self._standard)
        self._fresh[file.content_key] = facts.to_bytes()
        return facts

    def keep(self) -> None:
        if self._store:
            self._store.put_many(KIND, self._version, self._fresh)
            self._fresh = {}


def _manifests(files: Sequence[SourceFile]) -> "Manifests | None":
    texts = {}
    for file in files:
        if is_manifest(file.path):
            try:
                texts[file.path] = file.read()
            except (OSError, RustAiIdeError):
                continue  # without it the review is only less quiet
    if not any(b"lints" in text for text in texts.values()):
        return None
    # Imported late: few projects have lint tables.
    from rust_ai_ide.review.manifests import Manifests

    return Manifests(texts)


class _Allowed:
    """What the crate roots and the modules around a file silence in it."""

    def __init__(self, files: Sequence[SourceFile], known: _Known) -> None:
        paths = {file.path: file for file in files if not is_manifest(file.path)}
        self._manifests = _manifests(files)
        around = {path for file in paths.values() for path, _ in modules_around(file.path) if path in paths}
        # Where a crate has a library and a program, the library is the root that counts.
        roots = {crate_folder(path): path for path in sorted(paths, reverse=True) if is_crate_root(path)}
        parents = [paths[path] for path in around.union(roots.values())]
        known.look_up(parents)
        facts = {file.path: known.of(file) for file in parents}
        self._by_path = {path: frozenset(one.crate_allows) for path, one in facts.items()}
        self._declared = {
            (path, module.name): module for path, one in facts.items() for module in one.modules
        }
        self._roots = roots
        self._by_manifest: dict[str, frozenset[str]] = {}

    def around(self, path: str) -> frozenset[str]:
        """Return the rules that are silent in a file because of what lies around it."""
        crate = crate_folder(path)
        silenced = self._by_path.get(self._roots.get(crate, ""), frozenset())
        for module in self._leading_to(path):
            silenced = silenced.union(module.allows)
        if self._manifests and crate is not None:
            if crate not in self._by_manifest:
                self._by_manifest[crate] = self._manifests.silenced(crate)
            silenced |= self._by_manifest[crate]
        for parent, _ in modules_around(path):
            silenced |= self._by_path.get(parent, frozenset())
        return silenced

    def is_test(self, path: str) -> bool:
        """Tell whether a file is compiled for tests alone, as `#[cfg(test)] mod name;` around it says."""
        return any(module.is_test for module in self._leading_to(path))

    def _leading_to(self, path: str) -> Iterator[DeclaredModule]:
        """Yield what the declarations of the modules around a file, and of itself, say."""
        root = self._roots.get(crate_folder(path), "")
        for place in (*modules_around(path), (root, top_module(path))):
            if place in self._declared:
                yield self._declared[place]


def _review(
    path: str,
    role: Role,
    facts: Facts,
    config: ReviewConfig,
    silenced: frozenset[str],
    touched: Sequence[range] | None,
) -> FileReview:
    categories, floor = config.categories(), config.severity_threshold.rank
    if facts.is_generated:
        categories &= {Category.SECURITY}
    said = facts.facts if touched is not None else map(_in_old_code, facts.facts)
    findings = [
        _finding(path, fact)
        for fact in said
        if fact.severity.rank >= floor
        and fact.confidence >= config.confidence_threshold
        and fact.category in categories
        and fact.rule not in config.disabled_rules
        and fact.rule not in silenced
        and _applies(fact, role, config)
        and (not fact.detail or fact.detail == module_name(path))
        and (touched is None or _touches(fact, touched))
    ]
    notes = facts.notes if role is not Role.TEST or config.include_tests else ()
    limit = config.max_comments_per_file
    if limit and len(findings) > limit:
        notes = (
            *notes,
            f"{len(findings) - limit} more findings are not shown (max_comments_per_file is {limit}).",
        )
        worst = sorted(findings, key=lambda one: (-one.severity.rank, -one.confidence))[:limit]
        findings = sorted(worst, key=lambda one: (one.start_line, one.start_column, one.rule))
    lines = facts.lines if touched is None else min(facts.lines, sum(map(len, touched)))
    return FileReview(path, lines, tuple(findings), notes, facts.is_analysed)


def _in_old_code(fact: Fact) -> Fact:
    """Return a fact as it counts in code that no change touches."""
    return replace(fact, severity=Severity.INFO) if fact.rule in MATTERS_WHEN_NEW else fact


def _touches(fact: Fact, touched: Sequence[range]) -> bool:
    return any(fact.start_line < lines.stop and lines.start <= fact.end_line for lines in touched)


def _applies(fact: Fact, role: Role, config: ReviewConfig) -> bool:
    """Tell whether a rule speaks about the place where the fact was found."""
    if fact.in_test or role is Role.TEST:
        return config.include_tests and fact.where == Where.ANYWHERE
    if fact.where == Where.LIBRARY:
        return role is Role.LIBRARY
    return fact.where == Where.ANYWHERE or role is not Role.EXAMPLE


def _finding(path: str, fact: Fact) -> Finding:
    return Finding(
        rule=fact.rule,
        category=fact.category,
        severity=fact.severity,
        confidence=fact.confidence,
        path=path,
        start_line=fact.start_line,
        start_column=fact.start_column,
        end_line=fact.end_line,
        end_column=fact.end_column,
        message=fact.message,
        suggestion=fact.suggestion,
        fingerprint=fact.fingerprint,
        fix=fact.fix,
    )
