"""Reviews files of a tree with the parser in child processes, so that a file that breaks it breaks nothing else."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.observability.events import Progressed, Report, ignore
from rust_ai_ide.review.config import ReviewConfig
from rust_ai_ide.review.paths import context_of, is_manifest
from rust_ai_ide.review.reviewing import (
    KIND,
    ChangedLines,
    FileReview,
    SourceFile,
    facts_version,
    review_files,
)
from rust_ai_ide.review.standard import Standard
from rust_ai_ide.source.git import Repository, TooLarge, list_files, read_blobs
from rust_ai_ide.source.isolation import IsolatedWorker, WorkFailed
from rust_ai_ide.source.store import FactStore, content_key
from rust_ai_ide.source.syntax.languages import language_of

LARGEST_SOURCE = 4_000_000
_BATCH_BYTES = 400_000
_SECONDS = 30.0
_ACTIVITY = "Reading Rust files"


@dataclass(frozen=True)
class Workshop:
    """Where facts are kept and where they are made."""

    store: FactStore
    worker: IsolatedWorker


def review_tree(
    repository: Repository,
    tree: str,
    selected: Callable[[str], bool],
    config: ReviewConfig,
    workshop: Workshop,
    report: Report = ignore,
    changed: ChangedLines | None = None,
) -> Iterator[FileReview]:
    """Review those Rust files of a tree whose path is `selected`, in the order of their paths.

    Each content is judged once, whichever commit or project it is in. What lies around the files and says
    what is allowed in them is read, too.
    """
    blobs = {entry.path: entry.blob for entry in list_files(repository, tree) if entry.is_file}
    wanted = [path for path in blobs if language_of(path) == "rust" and selected(path)]
    around = context_of(set(wanted), blobs)
    facts = _Facts(workshop, report, len(wanted), config.standard)
    facts.gather(repository, [blobs[path] for path in [*wanted, *around] if not is_manifest(path)])
    manifests = [path for path in around if is_manifest(path)]
    texts = dict(read_blobs(repository, [blobs[path] for path in manifests], LARGEST_SOURCE))
    context = [facts.file(path, blobs[path]) for path in around if not is_manifest(path)]
    for path in manifests:
        text = texts[blobs[path]]
        if not isinstance(text, TooLarge):
            context.append(SourceFile(path, b"", _Content(text)))
    files = [facts.file(path, blobs[path]) for path in wanted]
    yield from review_files(files, config, facts, context=context, changed=changed)


def examine_all(items: list[tuple[bytes, Standard]]) -> list[bytes]:
    """Return the stored form of the facts of each source, by the standard of its project. Runs in the child."""
    from rust_ai_ide.review.engine import examine

    return [examine(source, standard).to_bytes() for source, standard in items]


class _Facts:
    """The facts of one review, held here as well as in the store, so that a full disk changes nothing."""

    def __init__(self, workshop: Workshop, report: Report, total: int, standard: Standard) -> None:
        self.bodies: dict[bytes, bytes] = {}
        self._workshop = workshop
        self._report = report
        self._total = total
        self._done = 0
        self._errors: dict[bytes, str] = {}
        self._keys: dict[str, bytes] = {}
        self._waiting: dict[bytes, bytes] = {}
        self._standard = standard
        self._version = facts_version(standard)

    def get_many(self, kind: str, version: str, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        return {key: self.bodies[key] for key in keys if key in self.bodies}

    def put_many(self, kind: str, version: str, bodies: Mapping[bytes, bytes]) -> None:
        """Nothing is ever made by the reader of these facts."""

    def gather(self, repository: Repository, blobs: Sequence[str]) -> None:
        """Have the facts of all blobs: from the store, or from the content."""
        store = self._workshop.store
        self._keys = store.keys_of_blobs(blobs)
        self.bodies = store.get_many(KIND, self._version, set(self._keys.values()))
        unknown = [blob for blob in dict.fromkeys(blobs) if self._keys.get(blob) not in self.bodies]
        self._done = max(0, self._total - len(unknown))
        self._report(Progressed(_ACTIVITY, self._done, self._total))
        fresh: dict[str, bytes] = {}
        try:
            for blob, content in read_blobs(repository, unknown, LARGEST_SOURCE):
                if isinstance(content, TooLarge):
                    megabytes = f"{content.size / 1_000_000:.1f} MB"
                    self._keys[blob] = blob.encode()
                    self._errors[blob.encode()] = (
                        f"The file is {megabytes}, more than the 4 MB that a review reads."
                    )
                    continue
                self._keys[blob] = fresh[blob] = content_key(content)
                self._learn(fresh[blob], content)
            self._flush()
        finally:
            store.remember_blobs(fresh)

    def file(self, path: str, blob: str) -> SourceFile:
        """Return a file whose facts were gathered."""
        key = self._keys[blob]
        return SourceFile(path, key, _Reader(self._errors.get(key, "The file could not be analysed.")))

    def _learn(self, key: bytes, source: bytes) -> None:
        self._waiting[key] = source
        if sum(map(len, self._waiting.values())) >= _BATCH_BYTES:
            self._flush()

    def _flush(self) -> None:
        batch, self._waiting = self._waiting, {}
        if not batch:
            return
        made = self._examined(batch)
        self._workshop.store.put_many(KIND, self._version, made)
        self.bodies |= made
        self._done += len(batch)
        self._report(Progressed(_ACTIVITY, min(self._done, self._total), self._total))

    def _examined(self, batch: Mapping[bytes, bytes]) -> dict[bytes, bytes]:
        items = [(source, self._standard) for source in batch.values()]
        results = self._workshop.worker.call_for_each(examine_all, items, timeout=_SECONDS)
        bodies: dict[bytes, bytes] = {}
        for key, result in zip(batch, results, strict=True):
            if isinstance(result, WorkFailed):
                self._errors[key] = str(result)
            else:
                bodies[key] = result
        return bodies


@dataclass(frozen=True)
class _Content:
    """A content that was read already."""

    text: bytes

    def __call__(self) -> bytes:
        return self.text


@dataclass(frozen=True)
class _Reader:
    """Stands for the content of a file that has no facts: asked for it, it says why."""

    message: str

    def __call__(self) -> bytes:
        raise NotReviewed(self.message)


class NotReviewed(RustAiIdeError):
    """A file could not be reviewed."""
