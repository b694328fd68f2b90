"""Gathers the facts of all files of a tree: from the store where it knows them, from the files otherwise."""

import re
from collections.abc import Mapping, Sequence

from rust_ai_ide.observability.events import Progressed, Report, ignore
from rust_ai_ide.runtime.context.extracting import extract, extract_all
from rust_ai_ide.runtime.context.facts import FileFacts, decode, encode
from rust_ai_ide.runtime.context.index import RepositoryIndex, build_index
from rust_ai_ide.source.git import Repository, TooLarge, list_files, read_blob, read_blobs
from rust_ai_ide.source.isolation import IsolatedWorker, WorkFailed
from rust_ai_ide.source.store import FactStore, code_version, content_key
from rust_ai_ide.source.syntax.languages import language_of

LARGEST_RUST = 4_000_000
LARGEST_TEXT = 256_000
_KIND = "context"
_BATCH_BYTES = 400_000
_SECONDS = 30.0
_ACTIVITY = "Reading definitions"
_WORTH_READING = re.compile(r"(?:^|/)(?:README(?:\.\w+)?|Cargo\.toml|[^/]+\.md)$", re.IGNORECASE)


def index_tree(
    repository: Repository,
    tree: str,
    store: FactStore | None = None,
    worker: IsolatedWorker | None = None,
    report: Report = ignore,
) -> RepositoryIndex:
    """Return the index of a tree's Rust files, manifests and Markdown; what the store knows is not read again.

    With a `worker` files are parsed in its children. What cannot be parsed is left out and named in `problems`; Rust
    files over 4 MB and other texts over 256 kB are left out unread.
    """
    blobs: dict[str, str] = {}
    languages: dict[str, str] = {}
    for entry in list_files(repository, tree):
        language = kind_of(entry.path)
        if entry.is_file and language and (entry.size or 0) <= _largest(language):
            blobs[entry.path] = entry.blob
            languages.setdefault(entry.blob, language)
    facts = _Gathering(repository, store, worker, report).facts(languages)
    return build_index(
        {path: facts[blob] for path, blob in blobs.items()}, lambda path: read_blob(repository, blobs[path])
    )


def index_files(files: Mapping[str, bytes]) -> RepositoryIndex:
    """Return the index of files given by path."""
    facts = {path: facts_of(path, content) for path, content in files.items() if kind_of(path)}
    return build_index(facts, files.__getitem__)


def facts_of(path: str, source: bytes, worker: IsolatedWorker | None = None) -> FileFacts:
    """Return the facts of one file, such as the one that is being edited."""
    language = kind_of(path)
    if language is None or len(source) > _largest(language):
        return FileFacts()
    if worker is None:
        return extract(source, language)
    try:
        return worker.call(extract, source, language, timeout=_SECONDS)
    except WorkFailed as error:
        return FileFacts(problem=str(error))


def kind_of(path: str) -> str | None:
    """Return "rust", "text", or None for a file that no context is made of."""
    if path.endswith(".rs"):
        return language_of(path)
    return "text" if _WORTH_READING.search(path) else None


def _largest(language: str) -> int:
    return LARGEST_RUST if language == "rust" else LARGEST_TEXT


class _Gathering:
    def __init__(
        self, repository: Repository, store: FactStore | None, worker: IsolatedWorker | None, report: Report
    ) -> None:
        self._repository, self._store, self._worker, self._report = repository, store, worker, report
        self._version = (
            code_version("rust_ai_ide.runtime.context", "rust_ai_ide.source.syntax") if store else ""
        )

    def facts(self, languages: Mapping[str, str]) -> dict[str, FileFacts]:
        """Return the facts of blobs, given with their languages."""
        found = self._stored(languages)
        missing = [blob for blob in languages if blob not in found]
        batch: dict[str, bytes] = {}
        for blob, content in read_blobs(self._repository, missing, LARGEST_RUST):
            if isinstance(content, TooLarge):
                found[blob] = FileFacts(problem="The file is too large to be read.")
                continue
            batch[blob] = content
            if sum(map(len, batch.values())) >= _BATCH_BYTES:
                found |= self._extracted(batch, languages)
                batch = {}
                self._report(Progressed(_ACTIVITY, len(found), len(languages)))
        return found | self._extracted(batch, languages)

    def _stored(self, languages: Mapping[str, str]) -> dict[str, FileFacts]:
        if self._store is None:
            return {}
        keys = self._store.keys_of_blobs(languages)
        found: dict[str, FileFacts] = {}
        for kind in set(languages.values()):
            wanted = {blob: key for blob, key in keys.items() if languages[blob] == kind}
            bodies = self._store.get_many(f"{_KIND}-{kind}", self._version, wanted.values())
            for blob, key in wanted.items():
                try:
                    found[blob] = decode(bodies[key])
                except (KeyError, ValueError):
                    continue  # not known, or damaged and made anew
        return found

    def _extracted(self, batch: Mapping[str, bytes], languages: Mapping[str, str]) -> dict[str, FileFacts]:
        sources = [(content, languages[blob]) for blob, content in batch.items()]
        results: Sequence[FileFacts | WorkFailed] = ()
        if sources and self._worker is not None:
            outcomes = self._worker.call_for_each(extract_all, sources, timeout=_SECONDS)
            results = outcomes
        elif sources:
            results = extract_all(sources)
        found: dict[str, FileFacts] = {}
        bodies: dict[str, dict[bytes, bytes]] = {}
        keys: dict[str, bytes] = {}
        for (blob, content), result in zip(batch.items(), results, strict=True):
            if isinstance(result, WorkFailed):
                # Not stored: it may have failed for lack of time alone.
                found[blob] = FileFacts(problem=str(result))
                continue
            found[blob] = result
            keys[blob] = content_key(content)
            bodies.setdefault(languages[blob], {})[keys[blob]] = encode(result)
        if self._store is not None:
            for kind, by_key in bodies.items():
                self._store.put_many(f"{_KIND}-{kind}", self._version, by_key)
            self._store.remember_blobs(keys)
        return found
