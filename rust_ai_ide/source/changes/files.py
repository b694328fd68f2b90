"""Which files two trees differ in, with renames and line counts, from one git process."""

from dataclasses import dataclass

from rust_ai_ide.source.git.errors import GitFailed
from rust_ai_ide.source.git.repository import Repository, object_name
from rust_ai_ide.source.git.trees import SUBMODULE_MODE
from rust_ai_ide.source.paths import path_text

ALGORITHM = "--diff-algorithm=histogram"
_RENAME_CANDIDATES = 1000


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """One file that differs. `status` is A, D, M, R (renamed), C (copied) or T (another kind of entry).

    The old side is None for an added file, the new side for a deleted one; so are their modes. `added` and
    `removed` count lines and are None for binary files; `similarity` is in per cent, for renames.
    """

    status: str
    old_path: str | None
    new_path: str | None
    old_blob: str | None
    new_blob: str | None
    old_mode: int | None
    new_mode: int | None
    added: int | None
    removed: int | None
    is_binary: bool
    similarity: int | None

    @property
    def path(self) -> str:
        """The new path, or the old one of a deleted file."""
        path = self.new_path if self.new_path is not None else self.old_path
        assert path is not None
        return path

    @property
    def is_submodule(self) -> bool:
        """Whether a side is a submodule, which has a commit and no lines."""
        return SUBMODULE_MODE in (self.old_mode, self.new_mode)


def changed_files(repository: Repository, base_tree: str, head_tree: str) -> tuple[ChangedFile, ...]:
    """Return the files that differ between two trees, ordered by path."""
    output = repository.run(
        [*diff_tree_options(), "--raw", "--numstat", object_name(base_tree), object_name(head_tree)],
        "compare two versions",
    )
    return _parsed(output)


def diff_tree_options() -> list[str]:
    """Return the options that every comparison of trees shares, so that they all see the same files."""
    return [
        "diff-tree", "-r", "-M", "-z", f"-l{_RENAME_CANDIDATES}", ALGORITHM, "--indent-heuristic",
        "--no-ext-diff", "--no-textconv", "--no-color", "--full-index",
    ]  # fmt: skip


def _parsed(output: bytes) -> tuple[ChangedFile, ...]:
    fields = iter(output.split(b"\0")[:-1])
    raw: list[tuple[list[str], str, str]] = []
    counts: dict[str, tuple[str, str]] = {}
    for field in fields:
        if field.startswith(b":"):
            about = field[1:].decode("ascii").split()
            path = path_text(next(fields))
            raw.append((about, path, path_text(next(fields)) if about[4][0] in "RC" else path))
        else:
            added, removed, name = field.split(b"\t", 2)
            if not name:
                next(fields)  # A renamed file names both its paths after the counts.
                name = next(fields)
            counts[path_text(name)] = (added.decode("ascii"), removed.decode("ascii"))
    return tuple(_changed_file(about, old, new, counts.get(new, ("0", "0"))) for about, old, new in raw)


def _changed_file(about: list[str], old: str, new: str, counts: tuple[str, str]) -> ChangedFile:
    old_mode, new_mode, old_blob, new_blob, status = about
    kind, score = status[0], status[1:]
    if kind not in "ADMRCT":
        raise GitFailed(f"git reported a change of unknown kind {kind}.")
    has_old, has_new = kind != "A", kind != "D"
    is_binary = counts[0] == "-"
    return ChangedFile(
        status=kind,
        old_path=old if has_old else None,
        new_path=new if has_new else None,
        old_blob=old_blob if has_old else None,
        new_blob=new_blob if has_new else None,
        old_mode=int(old_mode, 8) if has_old else None,
        new_mode=int(new_mode, 8) if has_new else None,
        added=None if is_binary else int(counts[0]),
        removed=None if is_binary else int(counts[1]),
        is_binary=is_binary,
        similarity=int(score) if score else None,
    )
