"""Git repositories as they are: read through the git program, never written into, never trusted."""

from rust_ai_ide.source.git.blobs import TooLarge, read_blob, read_blobs
from rust_ai_ide.source.git.errors import (
    DiskFull,
    GitError,
    GitFailed,
    GitMissing,
    GitTimedOut,
    NotARepository,
    ObjectMissing,
    OutputTooLarge,
    SearchRefused,
    UnknownRevision,
    UnmergedIndex,
    printable,
)
from rust_ai_ide.source.git.history import (
    Branch,
    Commit,
    branches,
    commits,
    commits_between,
    head,
    head_tree,
    merge_base,
    resolve,
    tree_of,
)
from rust_ai_ide.source.git.hooks import hooks_folder
from rust_ai_ide.source.git.repository import Repository, open_repository
from rust_ai_ide.source.git.searching import Match, SearchResult, search_names, search_text
from rust_ai_ide.source.git.snapshots import snapshot_index, snapshot_work_tree, work_files
from rust_ai_ide.source.git.trees import TreeEntry, entries_at, entry_at, list_files, list_folder
from rust_ai_ide.source.paths import PathNotFound

__all__ = [
    "Branch",
    "Commit",
    "DiskFull",
    "GitError",
    "GitFailed",
    "GitMissing",
    "GitTimedOut",
    "Match",
    "NotARepository",
    "ObjectMissing",
    "OutputTooLarge",
    "PathNotFound",
    "Repository",
    "SearchRefused",
    "SearchResult",
    "TooLarge",
    "TreeEntry",
    "UnknownRevision",
    "UnmergedIndex",
    "branches",
    "commits",
    "commits_between",
    "entries_at",
    "entry_at",
    "head",
    "head_tree",
    "hooks_folder",
    "list_files",
    "list_folder",
    "merge_base",
    "open_repository",
    "printable",
    "read_blob",
    "read_blobs",
    "resolve",
    "search_names",
    "search_text",
    "snapshot_index",
    "snapshot_work_tree",
    "tree_of",
    "work_files",
]
