"""Size and complexity of the files of a tree. Each content is measured once, whichever commit has it."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from rust_ai_ide.architecture.metrics.measuring import measure
from rust_ai_ide.observability.events import Progressed, Report, ignore
from rust_ai_ide.source.git import Repository, TooLarge, list_files, read_blobs
from rust_ai_ide.source.isolation import IsolatedWorker, WorkFailed
from rust_ai_ide.source.store import FactStore, code_version, content_key
from rust_ai_ide.source.syntax.parsing import MAX_BYTES, NotAnalysable

_KIND = "size-and-complexity"
_BATCH_BYTES = 400_000
_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class FileMeasures:
    """The lines of a file, and its cognitive complexity, None where it cannot be analysed."""

    lines: int
    complexity: int | None


def measure_files(
    repository: Repository,
    tree: str,
    paths: Collection[str],
    store: FactStore,
    worker: IsolatedWorker,
    report: Report = ignore,
) -> dict[str, FileMeasures]:
    """Measure those Rust files of a tree that have these paths. Files over 8 MB are left out.

    They are parsed in children of `worker`; one that breaks the parser has no complexity.
    """
    blobs = {entry.path: entry.blob for entry in list_files(repository, tree) if entry.path in paths}
    version = code_version("rust_ai_ide.architecture.metrics", "rust_ai_ide.source.syntax")
    keys = store.keys_of_blobs(set(blobs.values()))
    bodies = store.get_many(_KIND, version, set(keys.values()))
    found = {blob: FileMeasures(*json.loads(bodies[key])) for blob, key in keys.items() if key in bodies}
    missing = sorted(set(blobs.values()) - found.keys())
    report(Progressed("Measuring files", 0, len(missing)))
    done = 0
    for batch in _batches(repository, missing):
        outcomes = worker.call_for_each(measure_all, list(batch.values()), timeout=_SECONDS)
        fresh: dict[bytes, bytes] = {}
        for (blob, content), outcome in zip(batch.items(), outcomes, strict=True):
            if isinstance(outcome, WorkFailed):
                # Not stored: it may have failed for lack of time alone.
                found[blob] = FileMeasures(_lines(content), None)
                continue
            found[blob] = outcome
            fresh[content_key(content)] = json.dumps([outcome.lines, outcome.complexity]).encode()
        store.put_many(_KIND, version, fresh)
        store.remember_blobs({blob: content_key(content) for blob, content in batch.items()})
        done += len(batch)
        report(Progressed("Measuring files", done, len(missing)))
    return {path: found[blob] for path, blob in blobs.items() if blob in found}


def measure_all(sources: list[bytes]) -> list[FileMeasures]:
    """Measure each source."""
    return [_measured(source) for source in sources]


def _measured(source: bytes) -> FileMeasures:
    try:
        return FileMeasures(_lines(source), measure(source, "").metrics.cognitive)
    except NotAnalysable:
        return FileMeasures(_lines(source), None)


def _lines(source: bytes) -> int:
    return source.count(b"\n") + (not source.endswith(b"\n") and bool(source))


def _batches(repository: Repository, blobs: list[str]) -> Iterator[Mapping[str, bytes]]:
    batch: dict[str, bytes] = {}
    for name, content in read_blobs(repository, blobs, MAX_BYTES):
        if isinstance(content, TooLarge):
            continue
        batch[name] = content
        if sum(map(len, batch.values())) >= _BATCH_BYTES:
            yield batch
            batch = {}
    if batch:
        yield batch
