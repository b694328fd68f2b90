"""Searches file names and file contents in a tree."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rust_ai_ide.source.git.command import MEGABYTE, GitProcess
from rust_ai_ide.source.git.errors import GitTimedOut, SearchRefused, printable
from rust_ai_ide.source.git.repository import Repository, object_name
from rust_ai_ide.source.git.trees import TreeEntry, list_files
from rust_ai_ide.source.paths import path_text

_LONGEST_QUERY = 1000
_LONGEST_LINE = 2000
_TIMEOUT_SECONDS = 10.0
_MOST_MEMORY = 1024 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Match:
    """One line that matches; `line` and `column` count from 1, the column in bytes."""

    path: str
    line: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The matches in path order; `truncated` says that there are more, or that time ran out."""

    matches: tuple[Match, ...]
    truncated: bool


def search_names(repository: Repository, tree: str, query: str, *, limit: int = 200) -> tuple[TreeEntry, ...]:
    """Return the files whose path holds the letters of `query` in order, the closest first."""
    wanted = query.strip().lower()
    if not wanted or len(wanted) > _LONGEST_QUERY:
        return ()
    ranked = []
    for entry in list_files(repository, tree):
        rank = _rank(entry.path.lower(), wanted)
        if rank is not None:
            ranked.append((rank, len(entry.path), entry.path, entry))
    ranked.sort(key=lambda item: item[:3])
    return tuple(item[3] for item in ranked[:limit])


def _rank(path: str, wanted: str) -> int | None:
    name = path.rpartition("/")[2]
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    if wanted in name:
        return 2
    if wanted in path:
        return 3
    letters = iter(path)
    return 4 if all(letter in letters for letter in wanted if letter != " ") else None


def search_text(
    repository: Repository,
    tree: str,
    query: str,
    *,
    regex: bool = False,
    ignore_case: bool = True,
    limit: int = 500,
) -> SearchResult:
    """Search the text files of a tree line by line, for at most ten seconds.

    Expressions are POSIX extended ones. Raises SearchRefused for a query that cannot be searched for.
    """
    if not query.strip() or len(query) > _LONGEST_QUERY or re.search(r"[\0\r\n]", query):
        raise SearchRefused("Give one line of text to search for, at most 1,000 characters.")
    arguments: list[str | bytes] = ["grep", "-z", "-n", "--column", "-I", "--full-name", "--no-textconv"]
    arguments += ["--no-recurse-submodules", "--no-color", "--threads=2", f"--max-count={limit:d}"]
    arguments += ["-E" if regex else "-F", *(["-i"] if ignore_case else []), "-e"]
    arguments += [query.encode("utf-8", "surrogateescape"), object_name(tree), "--"]
    matches: list[Match] = []
    with repository.start(arguments, "search the files", _TIMEOUT_SECONDS) as process:
        _bound_memory(process.pid)
        try:
            for match in _matches(process, len(tree) + 1):
                if len(matches) == limit:
                    return SearchResult(tuple(matches), truncated=True)
                matches.append(match)
        except GitTimedOut:
            return SearchResult(tuple(matches), truncated=True)
        if process.code() not in (0, 1):
            reason = printable(process.errors_so_far()).strip().removeprefix("fatal: ")[:200]
            raise SearchRefused(f"This cannot be searched for: {reason or 'the expression is too costly'}.")
    return SearchResult(tuple(matches), truncated=False)


def _bound_memory(pid: int) -> None:
    # glibc's expressions can ask for gigabytes: (a{1,255}){1,255}.
    import resource

    if hasattr(resource, "prlimit"):
        resource.prlimit(pid, resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))


def _matches(process: GitProcess, prefix: int) -> Iterator[Match]:
    kept = b""
    for chunk in process.chunks():
        kept += chunk
        lines = kept.split(b"\n")
        kept = lines.pop()
        if len(kept) > MEGABYTE:
            raise SearchRefused("A line of more than a megabyte matches; search for something rarer.")
        for record in lines:
            path, line, column, text = record.split(b"\0", 3)
            yield Match(
                path_text(path[prefix:]),
                int(line),
                int(column),
                text[:_LONGEST_LINE].decode("utf-8", "replace"),
            )
