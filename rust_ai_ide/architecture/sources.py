"""Where an architecture is built from: a tree of a repository with its store of facts, or plain files."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from rust_ai_ide.architecture.facts import FileUses, decode, encode
from rust_ai_ide.architecture.model import ArchitectureModel, build_model
from rust_ai_ide.architecture.uses import extract
from rust_ai_ide.observability.events import Report, ignore
from rust_ai_ide.source.cargo import MANIFEST
from rust_ai_ide.source.git import Repository, TooLarge, list_files, read_blobs
from rust_ai_ide.source.isolation import IsolatedWorker, WorkFailed
from rust_ai_ide.source.store import FactStore, code_version, content_key

_KIND = "uses"
_LARGEST_FILE = 8 * 1024 * 1024
_BATCH_BYTES = 400_000
_SECONDS = 30.0


def build_architecture(
    repository: Repository,
    tree: str,
    store: FactStore | None = None,
    report: Report = ignore,
    worker: IsolatedWorker | None = None,
) -> ArchitectureModel:
    """Return the architecture of a tree. Files whose facts are in the store are not read again.

    With a `worker` files are parsed in its children; one that breaks the parser becomes a note.
    """
    return build_model(_TreeFiles(repository, tree, store, worker), report)


def extract_all(sources: list[bytes]) -> list[FileUses]:
    """Return the facts of each source."""
    return [extract(source) for source in sources]


def architecture_of_files(files: Mapping[str, bytes], report: Report = ignore) -> ArchitectureModel:
    """Return the architecture of files given by path."""
    return build_model(_PlainFiles(files), report)


class _PlainFiles:
    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._facts: dict[str, FileUses] = {}

    @property
    def paths(self) -> Collection[str]:
        return self._files.keys()

    def manifests(self) -> Mapping[str, bytes]:
        return {path: content for path, content in self._files.items() if _is_manifest(path)}

    def facts(self, paths: Iterable[str]) -> Mapping[str, FileUses]:
        for path in paths:
            if path not in self._facts:
                self._facts[path] = extract(self._files[path])
        return self._facts


class _TreeFiles:
    def __init__(
        self, repository: Repository, tree: str, store: FactStore | None, worker: IsolatedWorker | None
    ) -> None:
        self._repository, self._store, self._worker = repository, store, worker
        self._blobs = {entry.path: entry.blob for entry in list_files(repository, tree) if entry.is_file}
        self._facts: dict[str, FileUses] = {}
        self._version = code_version("rust_ai_ide.architecture", "rust_ai_ide.source.syntax") if store else ""

    @property
    def paths(self) -> Collection[str]:
        return self._blobs.keys()

    def manifests(self) -> Mapping[str, bytes]:
        paths = [path for path in self._blobs if _is_manifest(path)]
        contents = dict(read_blobs(self._repository, {self._blobs[path] for path in paths}, _LARGEST_FILE))
        found = {}
        for path in paths:
            content = contents[self._blobs[path]]
            if not isinstance(content, TooLarge):
                found[path] = content
        return found

    def facts(self, paths: Iterable[str]) -> Mapping[str, FileUses]:
        wanted = [path for path in paths if path not in self._facts]
        by_blob = self._facts_of_blobs(sorted({self._blobs[path] for path in wanted}))
        self._facts.update((path, by_blob[self._blobs[path]]) for path in wanted)
        return self._facts

    def _facts_of_blobs(self, names: list[str]) -> dict[str, FileUses]:
        found = self._stored(names) if self._store else {}
        batch: dict[str, bytes] = {}
        missing = [name for name in names if name not in found]
        for name, content in read_blobs(self._repository, missing, _LARGEST_FILE):
            if isinstance(content, TooLarge):
                found[name] = FileUses(problem="The file is too large to be analysed.")
                continue
            batch[name] = content
            if sum(map(len, batch.values())) >= _BATCH_BYTES:
                found.update(self._extracted(batch))
                batch = {}
        found.update(self._extracted(batch))
        return found

    def _extracted(self, batch: Mapping[str, bytes]) -> dict[str, FileUses]:
        contents = list(batch.values())
        results: Sequence[FileUses | WorkFailed] = ()
        if contents and self._worker is not None:
            outcomes = self._worker.call_for_each(extract_all, contents, timeout=_SECONDS)
            results = outcomes
        elif contents:
            results = extract_all(contents)
        found: dict[str, FileUses] = {}
        bodies: dict[bytes, bytes] = {}
        keys: dict[str, bytes] = {}
        for name, content, result in zip(batch, contents, results, strict=True):
            if isinstance(result, WorkFailed):
                # Not stored: it may have failed for lack of time alone.
                found[name] = FileUses(problem=str(result))
                continue
            found[name] = result
            keys[name] = content_key(content)
            bodies[keys[name]] = encode(result)
        if self._store:
            self._store.put_many(_KIND, self._version, bodies)
            self._store.remember_blobs(keys)
        return found

    def _stored(self, names: list[str]) -> dict[str, FileUses]:
        assert self._store is not None
        keys = self._store.keys_of_blobs(names)
        bodies = self._store.get_many(_KIND, self._version, keys.values())
        return {name: decode(bodies[key]) for name, key in keys.items() if key in bodies}


def _is_manifest(path: str) -> bool:
    return path == MANIFEST or path.endswith(f"/{MANIFEST}")
