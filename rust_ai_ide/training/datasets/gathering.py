"""Reads the files of sources one by one and keeps those that are worth learning from."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from rust_ai_ide.observability.events import Progressed, Report
from rust_ai_ide.training.corpus import Crate
from rust_ai_ide.training.datasets.judges import Judges
from rust_ai_ide.training.datasets.judging import Verdict
from rust_ai_ide.training.datasets.owners import OWN_CODE, Owners
from rust_ai_ide.training.datasets.quality import STEPS, step_of
from rust_ai_ide.training.datasets.reading import Row
from rust_ai_ide.training.datasets.settings import PreparationSettings
from rust_ai_ide.training.datasets.sources import Source, open_source
from rust_ai_ide.training.datasets.testing import is_test_path
from rust_ai_ide.training.duplicates import Fingerprint
from rust_ai_ide.training.licences import is_permissive

_VENDORED = re.compile(r"(?:^|/)(?:vendor|vendored|third[_-]party|node_modules)/")
_BINDINGS = ("-sys", "-bindings")


@dataclass
class Gathered:
    """What was read so far: the rows to keep, the crates they are of, and why the others were dropped.

    `prints` are the fingerprints of the rows; `seen` are the hashes of all files. Of `found` files `done` are judged.
    """

    rows: list[Row] = field(default_factory=list)
    prints: list[Fingerprint] = field(default_factory=list)
    crates: dict[str, Crate] = field(default_factory=dict)
    dropped: Counter[str] = field(default_factory=Counter)
    quality: list[int] = field(default_factory=lambda: [0] * STEPS)
    seen: set[bytes] = field(default_factory=set)
    found: int = 0
    done: int = 0

    def drop(self, reason: str) -> None:
        """Count a file that is dropped."""
        self.dropped[reason] += 1
        self.done += 1


def gather(settings: PreparationSettings, report: Report) -> Gathered:
    """Read every source. Raises DatasetUnusable for one that cannot be opened."""
    extensions = tuple(f".{each}" for each in settings.filters.allowed_extensions)
    sources = [open_source(path) for path in settings.source_paths]
    wanted = [(source, [path for path in source.paths() if path.endswith(extensions)]) for source in sources]
    found = sum(len(paths) for _, paths in wanted)
    gathered = Gathered(found=found)
    report(Progressed("Reading files", 0, found))
    judges = Judges(settings.filters, found)
    try:
        for source, paths in wanted:
            for _ in _Gathering(source, settings, gathered).gather(paths, judges):
                report(Progressed("Reading files", gathered.done, found))
    finally:
        judges.close()
    return gathered


class _Gathering:
    """Adds the files of one source to what was gathered."""

    def __init__(self, source: Source, settings: PreparationSettings, gathered: Gathered) -> None:
        self._source = source
        self._settings = settings
        self._gathered = gathered
        self._owners = Owners(source)

    def gather(self, paths: list[str], judges: Judges) -> Iterator[None]:
        """Do it; pauses after each file, so that it can be reported or given up."""
        reasons = {path: _reason_by_place(path, self._owners, self._settings) for path in paths}
        for reason in filter(None, reasons.values()):
            self._gathered.drop(reason)
            yield
        for path, verdict in judges.judged(self._read([path for path in paths if not reasons[path]])):
            self._add(path, verdict)
            yield

    def _read(self, paths: list[str]) -> Iterator[tuple[str, bytes]]:
        """Yield the files that can be read and were not seen before."""
        for path, data in zip(paths, self._source.read(paths), strict=True):
            if data is None:
                self._gathered.drop("unreadable")
                continue
            digest = hashlib.blake2b(data, digest_size=16).digest()
            if digest in self._gathered.seen:
                self._gathered.drop("the same")
                continue
            self._gathered.seen.add(digest)
            yield path, data

    def _add(self, path: str, verdict: Verdict) -> None:
        gathered = self._gathered
        if verdict.score is not None:
            gathered.quality[step_of(verdict.score)] += 1
        if verdict.reason or verdict.print is None:
            gathered.drop(verdict.reason)
            return
        folder, crate = self._owners.of(path)
        gathered.crates.setdefault(crate.name, crate)
        place = path.removeprefix(f"{folder}/") if folder else path
        licence, origin = crate.licence or OWN_CODE, _shown(self._source.origin_of(folder))
        gathered.rows.append(Row(crate.name, _shown(place), licence, origin, verdict.text))
        gathered.prints.append(verdict.print)
        gathered.done += 1


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


def _shown(path: str) -> str:
    """Return a path as text; bytes that are not UTF-8 are replaced."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
