"""Commits, branches and the names that lead to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rust_ai_ide.source.git.errors import GitFailed, ObjectMissing, UnknownRevision, printable
from rust_ai_ide.source.git.repository import Repository, object_name
from rust_ai_ide.source.paths import clean_path, path_bytes

_LONGEST_REVISION = 1024
_FIELDS = "%H%x00%T%x00%h%x00%an%x00%ae%x00%at%x00%P%x00%s%x00%b"
_FIELD_COUNT = 9
_BRANCH_FIELDS = "%(refname)%00%(objectname)%00%(HEAD)%00%(committerdate:unix)%00%(symref)"


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit; `tree` names what it holds, `authored_at` is in UTC."""

    name: str
    tree: str
    short_name: str
    author: str
    email: str
    authored_at: datetime
    subject: str
    body: str
    parents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """A local or remote branch; `name` is short ("main", "origin/main"), `commit` what it points at."""

    name: str
    commit: str
    is_current: bool
    is_remote: bool
    committed_at: datetime


def resolve(repository: Repository, revision: str) -> str:
    """Return the full name of the commit that a revision (branch, tag, name, `main~2`) stands for.

    Raises UnknownRevision.
    """
    return _resolve(repository, revision, "commit")


def tree_of(repository: Repository, revision: str) -> str:
    """Return the tree name of a revision, or of a tree given by its own name. Raises UnknownRevision."""
    return _resolve(repository, revision, "tree")


def _resolve(repository: Repository, revision: str, kind: str) -> str:
    shown = printable(revision)[:100]
    unknown = UnknownRevision(f"This repository has no branch, tag or commit named “{shown}”.")
    if not revision or len(revision) > _LONGEST_REVISION or revision.startswith("-"):
        raise unknown
    if shown != revision[:100] or any(character in "\n\t" for character in revision):
        raise unknown
    try:
        output = repository.run(
            ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{{kind}}}"],
            "look up a revision",
            timeout=20,
        )
    except (GitFailed, ObjectMissing) as error:
        raise unknown from error
    return object_name(output.decode("ascii", "replace").strip())


def head(repository: Repository) -> str | None:
    """Return the name of the commit that is checked out, or None before the first commit."""
    try:
        return resolve(repository, "HEAD")
    except UnknownRevision:
        return None


def head_tree(repository: Repository) -> str | None:
    """Return the name of the tree of the commit that is checked out, or None before the first commit."""
    try:
        return tree_of(repository, "HEAD")
    except UnknownRevision:
        return None


def merge_base(repository: Repository, one: str, other: str) -> str | None:
    """Return the best common ancestor of two revisions, or None where their histories share nothing."""
    names = [resolve(repository, one), resolve(repository, other)]
    output = repository.run(["merge-base", *names], "compare two histories", accept=(0, 1))
    return output.decode("ascii").strip() or None


def branches(repository: Repository) -> tuple[Branch, ...]:
    """Return all branches: the current one first, then local before remote, the newest first."""
    output = repository.run(
        ["for-each-ref", f"--format={_BRANCH_FIELDS}", "refs/heads", "refs/remotes"], "list the branches"
    )
    found = []
    for line in output.decode("utf-8", "surrogateescape").splitlines():
        reference, commit, mark, seconds, symbolic = line.split("\0")
        if symbolic:
            continue
        is_remote = reference.startswith("refs/remotes/")
        name = reference.removeprefix("refs/heads/").removeprefix("refs/remotes/")
        found.append(Branch(name, commit, mark == "*", is_remote, _moment(seconds)))
    found.sort(key=lambda branch: (-branch.committed_at.timestamp(), branch.name))
    found.sort(key=lambda branch: (not branch.is_current, branch.is_remote))
    return tuple(found)


def commits(
    repository: Repository,
    revision: str,
    *,
    skip: int = 0,
    limit: int = 50,
    path: str | None = None,
    first_parent: bool = False,
) -> tuple[Commit, ...]:
    """Return up to `limit` commits reachable from a revision, newest first, or those that touch `path`.

    With `first_parent` only those that the branch itself has had.
    """
    names = [*(["--first-parent"] if first_parent else []), resolve(repository, revision)]
    return _log(repository, names, skip, limit, path)


def commits_between(repository: Repository, base: str, head: str, *, limit: int = 1000) -> tuple[Commit, ...]:
    """Return up to `limit` commits that `head` has and `base` has not, newest first."""
    return _log(repository, [resolve(repository, head), f"^{resolve(repository, base)}"], 0, limit, None)


def _log(
    repository: Repository, names: Sequence[str], skip: int, limit: int, path: str | None
) -> tuple[Commit, ...]:
    arguments: list[str | bytes] = ["log", "-z", "--no-patch", "--no-notes", "--no-color", "--no-decorate"]
    arguments += [f"--format={_FIELDS}", f"--skip={skip:d}", f"--max-count={limit:d}", *names, "--"]
    if path:
        arguments.append(path_bytes(clean_path(path)))
    output = repository.run(arguments, "read the history", timeout=60)
    if not output:
        return ()
    fields = output.decode("utf-8", "replace").removesuffix("\0").split("\0")
    return tuple(
        _commit(fields[start : start + _FIELD_COUNT]) for start in range(0, len(fields), _FIELD_COUNT)
    )


def _commit(fields: Sequence[str]) -> Commit:
    name, tree, short_name, author, email, seconds, parents, subject, body = fields
    return Commit(
        name,
        tree,
        short_name,
        author,
        email,
        _moment(seconds),
        subject,
        body.strip("\n"),
        tuple(parents.split()),
    )


def _moment(seconds: str) -> datetime:
    # Hand-made commits carry any number, or none.
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
