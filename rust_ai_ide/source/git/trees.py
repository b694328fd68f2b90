"""What a tree holds: files, folders, links and submodules, by path."""

from collections.abc import Iterable
from dataclasses import dataclass

from rust_ai_ide.source.git.repository import Repository, object_name
from rust_ai_ide.source.paths import PathNotFound, clean_path, path_bytes, path_text, shown

FOLDER_MODE = 0o040000
LINK_MODE = 0o120000
SUBMODULE_MODE = 0o160000


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One entry of a tree; `blob` names a tree for a folder and a commit for a submodule.

    `path` is from the top; bytes that are not UTF-8 are kept as lone surrogates. `size` is in bytes, None
    for folders and submodules.
    """

    path: str
    blob: str
    mode: int
    size: int | None

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def is_folder(self) -> bool:
        """Whether this is a folder."""
        return self.mode == FOLDER_MODE

    @property
    def is_link(self) -> bool:
        """Whether this is a symbolic link; its blob holds the target, which is never followed."""
        return self.mode == LINK_MODE

    @property
    def is_submodule(self) -> bool:
        """Whether this is another repository, of which only the commit name is known here."""
        return self.mode == SUBMODULE_MODE

    @property
    def is_file(self) -> bool:
        """Whether this is a regular file."""
        return not (self.is_folder or self.is_link or self.is_submodule)


def list_files(repository: Repository, tree: str) -> tuple[TreeEntry, ...]:
    """Return every file, link and submodule of a tree, ordered by path."""
    return _list(repository, [object_name(tree)], "", recursive=True)


def list_folder(repository: Repository, tree: str, folder: str = "") -> tuple[TreeEntry, ...]:
    """Return what lies directly in a folder, folders first. Raises PathNotFound."""
    folder = clean_path(folder)
    if folder:
        entry = entry_at(repository, tree, folder)
        if not entry.is_folder:
            raise PathNotFound(f"{shown(folder)} is not a folder.")
        tree = entry.blob
    entries = _list(repository, [object_name(tree)], f"{folder}/" if folder else "")
    return tuple(sorted(entries, key=lambda entry: (not entry.is_folder, path_bytes(entry.path))))


def entry_at(repository: Repository, tree: str, path: str) -> TreeEntry:
    """Return the entry at a path; "" is the tree itself. Raises PathNotFound."""
    path = clean_path(path)
    if not path:
        return TreeEntry("", object_name(tree), FOLDER_MODE, None)
    found = _list(repository, [object_name(tree), "--", path_bytes(path)], "")
    for entry in found:
        if entry.path == path:
            return entry
    raise PathNotFound(f"There is no file {shown(path)} in this tree.")


def entries_at(repository: Repository, tree: str, paths: Iterable[str]) -> tuple[TreeEntry, ...]:
    """Return the entries at those of the paths where there are some, ordered by path."""
    wanted = [path_bytes(clean_path(path)) for path in paths]
    return _list(repository, [object_name(tree), "--", *wanted], "") if wanted else ()


def _list(
    repository: Repository, arguments: list[str | bytes], prefix: str, *, recursive: bool = False
) -> tuple[TreeEntry, ...]:
    options = ["ls-tree", "-z", "-l", "--full-tree", *(["-r"] if recursive else [])]
    output = repository.run([*options, *arguments], "list the files")
    return tuple(_entry(record, prefix) for record in output.split(b"\0") if record)


def _entry(record: bytes, prefix: str) -> TreeEntry:
    about, _, path = record.partition(b"\t")
    mode, _, name, size = about.split()
    return TreeEntry(
        prefix + path_text(path), name.decode("ascii"), int(mode, 8), int(size) if size.isdigit() else None
    )
