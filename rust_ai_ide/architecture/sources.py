"""Where an architecture is built from: a tree of a repository with its store of facts, or plain files."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from rust_ai_ide.architecture.facts import FileUses, decode, encode
from rust_ai_ide.architecture.model import OPEN, ArchitectureModel, build_model, resolve_model
from rust_ai_ide.architecture.profiles import Profile
from rust_ai_ide.architecture.types.facts import TypeFacts, decode_types, encode_types
from rust_ai_ide.architecture.types.structure import Structure
from rust_ai_ide.architecture.uses import extract, extract_both
from rust_ai_ide.observability.events import Progressed, Report, ignore
from rust_ai_ide.source.cargo import MANIFEST
from rust_ai_ide.source.git import Repository, TooLarge, list_files, read_blobs
from rust_ai_ide.source.isolation import IsolatedWorker, WorkFailed
from rust_ai_ide.source.store import FactStore, code_version, content_key

_KIND = "uses"
_TYPES_KIND = "types"
_LARGEST_FILE = 8 * 1024 * 1024
_BATCH_BYTES = 400_000
_SECONDS = 30.0
_AT_ONCE = 2
_READ_AHEAD = 500


def build_architecture(
    repository: Repository,
    tree: str,
    store: FactStore | None = None,
    report: Report = ignore,
    worker: IsolatedWorker | None = None,
    profile: Profile = OPEN,
) -> ArchitectureModel:
    """Return the architecture of a tree. Files whose facts are in the store are not read again.

    With a `worker` files are parsed in its children; one that breaks the parser becomes a note.
    """
    files = _TreeFiles(repository, tree, store, worker)
    files.read_ahead(report)
    return build_model(files, report, profile)


def build_structure(
    repository: Repository,
    tree: str,
    store: FactStore | None = None,
    report: Report = ignore,
    worker: IsolatedWorker | None = None,
) -> Structure:
    """Return the architecture of a tree as `build_architecture` does, with its types and functions."""
    files = _TreeFiles(repository, tree, store, worker, with_types=True)
    files.read_ahead(report)
    return _structure(files, report)


def extract_all(sources: list[bytes]) -> list[tuple[FileUses, bytes]]:
    """Return the facts of each source, without those about types."""
    return [(extract(source), b"") for source in sources]


def extract_all_both(sources: list[bytes]) -> list[tuple[FileUses, bytes]]:
    """Return the facts of each source, and those about types as the store keeps them."""
    found = map(extract_both, sources)
    return [(uses, encode_types(types)) for uses, types in found]


def architecture_of_files(
    files: Mapping[str, bytes], report: Report = ignore, profile: Profile = OPEN
) -> ArchitectureModel:
    """Return the architecture of files given by path; under a `profile`, without what it does not compile."""
    return build_model(_PlainFiles(files), report, profile)


def structure_of_files(files: Mapping[str, bytes], report: Report = ignore) -> Structure:
    """Return the architecture of files given by path, with their types and functions."""
    return _structure(_PlainFiles(files, with_types=True), report)


def _structure(source: "_PlainFiles | _TreeFiles", report: Report) -> Structure:
    resolved = resolve_model(source, report)
    paths = {module.file for modules in resolved.modules.values() for module in modules}
    return Structure(resolved.model, resolved.modules, resolved.resolver, source.types(paths))


class _PlainFiles:
    def __init__(self, files: Mapping[str, bytes], *, with_types: bool = False) -> None:
        self._files, self._with_types = files, with_types
        self._facts: dict[str, FileUses] = {}
        self._types: dict[str, TypeFacts] = {}

    @property
    def paths(self) -> Collection[str]:
        return self._files.keys()

    def manifests(self) -> Mapping[str, bytes]:
        return {path: content for path, content in self._files.items() if _is_manifest(path)}

    def facts(self, paths: Iterable[str]) -> Mapping[str, FileUses]:
        for path in paths:
            if path in self._facts:
                continue
            if self._with_types:
                self._facts[path], self._types[path] = extract_both(self._files[path])
            else:
                self._facts[path] = extract(self._files[path])
        return self._facts

    def types(self, paths: Collection[str]) -> Mapping[str, TypeFacts]:
        """Return what files say about types, where they were read with them."""
        return {path: self._types[path] for path in paths}


class _TreeFiles:
    def __init__(
        self,
        repository: Repository,
        tree: str,
        store: FactStore | None,
        worker: IsolatedWorker | None,
        *,
        with_types: bool = False,
    ) -> None:
        self._repository, self._store, self._worker = repository, store, worker
        self._extract = extract_all_both if with_types else extract_all
        self._blobs = {entry.path: entry.blob for entry in list_files(repository, tree) if entry.is_file}
        self._facts: dict[str, FileUses] = {}
        self._types: dict[str, bytes] = {}
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

    def read_ahead(self, report: Report) -> None:
        """Read what lies in `src` beside manifests: following modules asks for too few files to share them out."""
        folders = {f"{path.removesuffix(MANIFEST)}src/" for path in self._blobs if _is_manifest(path)}
        paths = [path for path in self._blobs if path.endswith(".rs") and _source_folder(path) in folders]
        for start in range(0, len(paths), _READ_AHEAD):
            report(Progressed("Reading files", start, len(paths)))
            self.facts(paths[start : start + _READ_AHEAD])

    def facts(self, paths: Iterable[str]) -> Mapping[str, FileUses]:
        wanted = [path for path in paths if path not in self._facts]
        by_blob = self._facts_of_blobs(sorted({self._blobs[path] for path in wanted}))
        self._facts.update((path, by_blob[self._blobs[path]]) for path in wanted)
        return self._facts

    def types(self, paths: Collection[str]) -> Mapping[str, TypeFacts]:
        """Return what files say about types; those that are not in the store are read for it."""
        blobs = {path: self._blobs[path] for path in paths}
        missing = sorted(set(blobs.values()) - self._types.keys())
        if self._store:
            keys = self._store.keys_of_blobs(missing)
            bodies = self._store.get_many(_TYPES_KIND, self._version, keys.values())
            self._types.update((name, bodies[key]) for name, key in keys.items() if key in bodies)
        self._extracted_of([name for name in missing if name not in self._types])
        known = {name: decode_types(self._types[name]) for name in set(blobs.values()) & self._types.keys()}
        return {path: known.get(blob, TypeFacts()) for path, blob in blobs.items()}

    def _facts_of_blobs(self, names: list[str]) -> dict[str, FileUses]:
        found = self._stored(names) if self._store else {}
        return found | self._extracted_of([name for name in names if name not in found])

    def _extracted_of(self, names: list[str]) -> dict[str, FileUses]:
        found: dict[str, FileUses] = {}
        batches = self._batches(names, found)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            while together := list(islice(batches, _AT_ONCE)):
                for facts in pool.map(self._extracted, together):
                    found.update(facts)
        return found

    def _batches(self, names: list[str], found: dict[str, FileUses]) -> Iterator[dict[str, bytes]]:
        """Yield the contents of blobs, some together; those that are too large are in `found`."""
        batch: dict[str, bytes] = {}
        for name, content in read_blobs(self._repository, names, _LARGEST_FILE):
            if isinstance(content, TooLarge):
                found[name] = FileUses(problem="The file is too large to be analysed.")
                continue
            batch[name] = content
            if sum(map(len, batch.values())) >= _BATCH_BYTES:
                yield batch
                batch = {}
        if batch:
            yield batch

    def _extracted(self, batch: Mapping[str, bytes]) -> dict[str, FileUses]:
        contents = list(batch.values())
        results: Sequence[tuple[FileUses, bytes] | WorkFailed]
        if self._worker is not None:
            outcomes = self._worker.call_for_each(self._extract, contents, timeout=_SECONDS)
            results = outcomes
        else:
            results = self._extract(contents)
        found: dict[str, FileUses] = {}
        bodies: dict[bytes, bytes] = {}
        types: dict[bytes, bytes] = {}
        keys: dict[str, bytes] = {}
        for name, content, result in zip(batch, contents, results, strict=True):
            if isinstance(result, WorkFailed):
                # Not stored: it may have failed for lack of time alone.
                found[name] = FileUses(problem=str(result))
                continue
            found[name], self._types[name] = result
            keys[name] = content_key(content)
            bodies[keys[name]] = encode(found[name])
            if self._types[name]:
                types[keys[name]] = self._types[name]
        if self._store:
            self._store.put_many(_KIND, self._version, bodies)
            self._store.put_many(_TYPES_KIND, self._version, types)
            self._store.remember_blobs(keys)
        return found

    def _stored(self, names: list[str]) -> dict[str, FileUses]:
        assert self._store is not None
        keys = self._store.keys_of_blobs(names)
        bodies = self._store.get_many(_KIND, self._version, keys.values())
        return {name: decode(bodies[key]) for name, key in keys.items() if key in bodies}


def _source_folder(path: str) -> str:
    """Return the path down to the first folder `src`."""
    around, source, _ = f"/{path}".partition("/src/")
    return f"{around}{source}"[1:]


def _is_manifest(path: str) -> bool:
    return path == MANIFEST or path.endswith(f"/{MANIFEST}")
