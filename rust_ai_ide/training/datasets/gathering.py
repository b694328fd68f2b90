"""Reads the files of sources one by one and keeps those that are worth learning from."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from rust_ai_ide.observability.events import Progressed, Report
from rust_ai_ide.source.syntax.parsing import NotAnalysable, parse_rust
from rust_ai_ide.training.corpus import Crate
from rust_ai_ide.training.datasets.owners import OWN_CODE, Owners
from rust_ai_ide.training.datasets.quality import STEPS, quality_of, step_of
from rust_ai_ide.training.datasets.reading import Row
from rust_ai_ide.training.datasets.settings import PreparationSettings
from rust_ai_ide.training.datasets.sources import Source, open_source
from rust_ai_ide.training.datasets.testing import is_test_path, test_spans, without
from rust_ai_ide.training.filters import reason_to_drop
from rust_ai_ide.training.licences import is_permissive

_VENDORED = re.compile(r"(?:^|/)(?:vendor|vendored|third[_-]party|node_modules)/")
_BINDINGS = ("-sys", "-bindings")


@dataclass
class Gathered:
    """What was read so far: the rows to keep, the crates they are of, and why the others were dropped."""

    rows: list[Row] = field(default_factory=list)
    crates: dict[str, Crate] = field(default_factory=dict)
    dropped: Counter[str] = field(default_factory=Counter)
    quality: list[int] = field(default_factory=lambda: [0] * STEPS)
    found: int = 0


def gather(settings: PreparationSettings, report: Report) -> Gathered:
    """Read every source. Raises DatasetUnusable for one that cannot be opened."""
    gathered = Gathered()
    extensions = tuple(f".{each}" for each in settings.filters.allowed_extensions)
    sources = [open_source(path) for path in settings.source_paths]
    wanted = [(source, [path for path in source.paths() if path.endswith(extensions)]) for source in sources]
    gathered.found = sum(len(paths) for _, paths in wanted)
    report(Progressed("Reading files", 0, gathered.found))
    done, seen = 0, set[bytes]()
    for source, paths in wanted:
        for reason, row in _rows(source, paths, settings, gathered, seen):
            if reason:
                gathered.dropped[reason] += 1
            elif row:
                gathered.rows.append(row)
            done += 1
            report(Progressed("Reading files", done, gathered.found))
    return gathered


def _rows(
    source: Source, paths: list[str], settings: PreparationSettings, gathered: Gathered, seen: set[bytes]
) -> Iterator[tuple[str, Row | None]]:
    """Yield for each file why it is dropped, or its row."""
    owners = Owners(source)
    reasons = {path: _reason_by_place(path, owners, settings) for path in paths}
    yield from ((reason, None) for reason in reasons.values() if reason)
    asked = [path for path, reason in reasons.items() if not reason]
    for path, data in zip(asked, source.read(asked), strict=True):
        if data is None:
            yield "unreadable", None
            continue
        reason, text = _judge(data, settings, gathered, seen)
        folder, crate = owners.of(path)
        if not reason:
            gathered.crates.setdefault(crate.name, crate)
        place = path.removeprefix(f"{folder}/") if folder else path
        licence = crate.licence or OWN_CODE
        yield reason, Row(crate.name, _shown(place), licence, _shown(source.origin_of(folder)), text)


def _reason_by_place(path: str, owners: Owners, settings: PreparationSettings) -> str:
    crate_folder, crate = owners.of(path)
    if _VENDORED.search(path):
        return "vendored"
    if not settings.own_code and not is_permissive(crate.licence):
        return "licence"
    if not settings.own_code and crate.name.endswith(_BINDINGS):
        return "bindings"
    inner = path.removeprefix(f"{crate_folder}/") if crate_folder else path
    return "" if settings.filters.include_tests or not is_test_path(inner) else "tests"


def _judge(
    data: bytes, settings: PreparationSettings, gathered: Gathered, seen: set[bytes]
) -> tuple[str, str]:
    """Return why the bytes of a file are dropped, or "" and its text."""
    filters = settings.filters
    digest = hashlib.blake2b(data, digest_size=16).digest()
    if digest in seen:
        return "the same", ""
    seen.add(digest)
    if reason := reason_to_drop(data, filters.min_file_size, filters.max_file_size):
        return reason, ""
    source = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        tree = parse_rust(source)
    except NotAnalysable:
        return "cannot be parsed", ""
    spans = test_spans(source, tree)
    tested = sum(end - start for start, end in spans)
    share = tested / len(source)
    if not filters.include_tests and spans:
        source, share = without(source, spans), 0.0
        if len(source) < filters.min_file_size:
            return "tests", ""
    text = source.decode("utf-8")
    score = quality_of(text, tree, share).score
    gathered.quality[step_of(score)] += 1
    return ("quality" if score < filters.quality_threshold else ""), text


def _shown(path: str) -> str:
    """Return a path as text; bytes that are not UTF-8 are replaced."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
