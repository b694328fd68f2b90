"""Which files a review is about: named ones, a project, or a change in a git repository."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.observability.events import Report, Warned, ignore
from rust_ai_ide.observability.printable import printable
from rust_ai_ide.review.paths import MANIFEST, context_of, crate_folder, is_crate_root, is_manifest
from rust_ai_ide.review.reviewing import SourceFile
from rust_ai_ide.review.thresholds import FILE_NAMES as CLIPPY_NAMES
from rust_ai_ide.source.folders import SETTINGS_FILE, content_beneath, project_paths
from rust_ai_ide.source.store import FactStore, content_key

if TYPE_CHECKING:
    from rust_ai_ide.review.anchors import Diff
    from rust_ai_ide.source.git import Repository

_SUFFIX = ".rs"
# One byte more than is parsed: enough to tell that a file is too large without reading all of it.
_READ_LIMIT = 4 * 1024 * 1024 + 1


class SelectionInvalid(RustAiIdeError):
    """What was asked to be reviewed does not exist or is no Rust source."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Files to review, in order. With `changed`, only findings on those lines count.

    `context` holds the crate roots that say what is allowed in the files; `config_text` is the text of the
    configuration file that applies, None where there is none, `clippy_text` that of Clippy's own, "" for none.
    `diff` is the change that was selected.
    """

    files: tuple[SourceFile, ...]
    context: tuple[SourceFile, ...] = ()
    config_text: str | None = None
    clippy_text: str = ""
    changed: dict[str, tuple[range, ...]] | None = field(default=None)
    diff: "Diff" = field(default_factory=dict)


def named_files(names: Sequence[str]) -> Selection:
    """Select files by name. Raises SelectionInvalid for what is missing or no regular file."""
    files = [_named(name) for name in names]
    roots = {
        f"{folder}/src/{root}" if folder else f"src/{root}"
        for folder in map(crate_folder, names)
        if folder is not None
        for root in ("lib.rs", "main.rs")
    }
    # The nearest manifest may leave its lints to that of a workspace further up.
    roots.update(
        str(folder / MANIFEST)
        for name in names
        if crate_folder(name) is not None
        for folder in Path(name).parents
    )
    context = [_named(root) for root in sorted(roots - set(names)) if Path(root).is_file()]
    return _with_settings(Selection(tuple(files), tuple(context)), Path.cwd())


def only_files(selection: Selection, names: Sequence[str]) -> Selection:
    """Select of a change what lies in the files of these names, which may be none that it touches."""
    wanted = {Path(name).as_posix() for name in names}
    files = tuple(file for file in selection.files if file.path in wanted)
    around = tuple(file for file in selection.files if file.path not in wanted and is_crate_root(file.path))
    return replace(selection, files=files, context=(*selection.context, *around))


def project_files(folder: Path, report: Report = ignore) -> Selection:
    """Select the Rust files of a folder: those git does not ignore; without git, all outside `target`."""
    if not folder.is_dir():
        raise SelectionInvalid(f"There is no folder {folder} to review; check the path.")
    files: list[SourceFile] = []
    manifests: list[SourceFile] = []
    for path in project_paths(folder, _is_wanted):
        source = _read_beneath(folder, path, report)
        if source is not None:
            # The texts of a large project do not fit into memory together, so each is read again when it is needed.
            file = SourceFile(path, key := content_key(source), partial(_read_again, folder, path, key))
            (files if path.endswith(_SUFFIX) else manifests).append(file)
    return _with_settings(Selection(tuple(files), tuple(manifests)), folder)


def staged_files(folder: Path, store: FactStore | None) -> Selection:
    """Select what is staged for the next commit."""
    from rust_ai_ide.source.git import head_tree, open_repository, snapshot_index

    repository = open_repository(folder)
    base = head_tree(repository)
    named = os.environ.get("GIT_INDEX_FILE")
    staged = snapshot_index(repository, (repository.work_tree or folder) / named if named else None)
    return _with_settings_of_tree(_between(repository, base, staged, store), repository, staged)


def work_tree_changes(folder: Path, store: FactStore | None, report: Report = ignore) -> Selection:
    """Select what has changed since the last commit, staged or not."""
    from rust_ai_ide.source.git import head_tree, open_repository, snapshot_work_tree

    repository = open_repository(folder)
    base = head_tree(repository)
    selection = _between(repository, base, snapshot_work_tree(repository, report), store)
    return _with_settings(selection, repository.work_tree or folder)


def branch_changes(folder: Path, base: str, head: str, store: FactStore | None) -> Selection:
    """Select what `head` changes since it left `base`; the configuration is that of the place where it left.

    What is under review must not choose the rules it is reviewed by.
    """
    from rust_ai_ide.source.git import merge_base, open_repository, tree_of

    repository = open_repository(folder)
    start = merge_base(repository, base, head) or base
    selection = _between(repository, tree_of(repository, start), tree_of(repository, head), store)
    return _with_settings_of_tree(selection, repository, tree_of(repository, start))


def _with_settings(selection: Selection, folder: Path) -> Selection:
    clippy = next((text for name in CLIPPY_NAMES if (text := _settings_text(folder, name)) is not None), "")
    return replace(selection, config_text=_settings_text(folder, SETTINGS_FILE), clippy_text=clippy)


def _with_settings_of_tree(selection: Selection, repository: "Repository", tree: str) -> Selection:
    config, clippy = settings_in_tree(repository, tree)
    return replace(selection, config_text=config, clippy_text=clippy)


def _between(repository: "Repository", base: str | None, head: str, store: FactStore | None) -> Selection:
    """Select the Rust files that differ between two trees; without a base, all files."""
    from rust_ai_ide.source.changes import hunks_of_all, new_side_ranges
    from rust_ai_ide.source.git import list_files

    in_tree = {entry.path: entry.blob for entry in list_files(repository, head) if entry.is_file}
    rust = {path: blob for path, blob in in_tree.items() if path.endswith(_SUFFIX)}
    changed: dict[str, tuple[range, ...]]
    diff: Diff = {}
    if base is None:
        changed = {path: (range(1, 1 << 31),) for path in rust}
    else:
        diff = {
            file.new_path: (file, hunks)
            for file, hunks in hunks_of_all(repository, base, head)
            if file.new_path in rust
        }
        changed = {path: ranges for path, (_, hunks) in diff.items() if (ranges := new_side_ranges(hunks))}
    files = tuple(_from_blobs(repository, {path: rust[path] for path in changed}, store))
    around = {path: in_tree[path] for path in context_of(changed, in_tree)}
    context = tuple(_from_blobs(repository, around, store))
    return Selection(files, context, changed=changed, diff=diff)


def _from_blobs(
    repository: "Repository", blobs: dict[str, str], store: FactStore | None
) -> Iterator[SourceFile]:
    """Turn blobs into source files, reading only those whose content was never seen."""
    from rust_ai_ide.source.git import read_blob, read_blobs

    known = store.keys_of_blobs(set(blobs.values())) if store else {}
    contents: dict[str, bytes] = {}
    fresh: dict[str, bytes] = {}
    for name, content in read_blobs(repository, sorted(set(blobs.values()) - set(known)), _READ_LIMIT - 1):
        if isinstance(content, bytes):
            contents[name] = content
            fresh[name] = content_key(content)
        else:
            fresh[name] = content_key(f"too large: {name}".encode())
    if store:
        store.remember_blobs(fresh)
    for path, name in blobs.items():
        yield SourceFile(path, known.get(name) or fresh[name], _reader(repository, name, contents, read_blob))


def _reader(
    repository: "Repository",
    name: str,
    contents: dict[str, bytes],
    read_blob: "Callable[[Repository, str, int], bytes]",
) -> Callable[[], bytes]:
    def read() -> bytes:
        return contents[name] if name in contents else read_blob(repository, name, _READ_LIMIT - 1)

    return read


def settings_in_tree(repository: "Repository", tree: str) -> tuple[str | None, str]:
    """Return the texts of our configuration file in a tree, None where there is none, and of Clippy's, "" for none."""
    from rust_ai_ide.source.git import entries_at, read_blob

    texts = {
        entry.path: read_blob(repository, entry.blob).decode(errors="replace")
        for entry in entries_at(repository, tree, (*CLIPPY_NAMES, SETTINGS_FILE))
        if entry.is_file
    }
    return texts.get(SETTINGS_FILE), next((texts[name] for name in CLIPPY_NAMES if name in texts), "")


def _settings_text(folder: Path, name: str) -> str | None:
    try:
        return (folder / name).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SelectionInvalid(f"{name} cannot be read: {error.strerror}.") from error


def _named(name: str) -> SourceFile:
    try:
        path = Path(name)
        if path.is_dir():
            raise SelectionInvalid(f"{name} is a folder; give it to --project instead.")
        if not path.is_file():
            # Opening says why, except for pipes and devices, which must not be opened at all.
            path.stat()
            raise SelectionInvalid(f"{name} is not a regular file.")
        with path.open("rb") as file:
            source = file.read(_READ_LIMIT)
    except OSError as error:
        raise SelectionInvalid(f"{name} cannot be read: {error.strerror}.") from error
    return _loaded(name, source)


def _loaded(path: str, source: bytes) -> SourceFile:
    return SourceFile(path, content_key(source), lambda: source)


def _read_beneath(folder: Path, path: str, report: Report) -> bytes | None:
    """Read a file through no symbolic link at all; None for links and for what has gone."""
    try:
        return content_beneath(folder, path, _READ_LIMIT)
    except FileNotFoundError:
        return None  # tracked, but deleted in the work tree
    except OSError as error:
        report(Warned(f"{printable(path)} was left out: {error.strerror or error}."))
        return None


def _read_again(folder: Path, path: str, key: bytes) -> bytes:
    source = content_beneath(folder, path, _READ_LIMIT)
    if content_key(source) != key:
        raise SelectionInvalid("The file changed while it was reviewed; review it again.")
    return source


def _is_wanted(path: str) -> bool:
    return path.endswith(_SUFFIX) or is_manifest(path)
