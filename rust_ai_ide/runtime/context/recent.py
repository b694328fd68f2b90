"""Which files were changed lately, by the history."""

from rust_ai_ide.source.git import Repository, resolve
from rust_ai_ide.source.paths import path_text

LATEST_COMMITS = 30
MOST_PATHS = 200


def recently_changed(repository: Repository, revision: str, commits: int = LATEST_COMMITS) -> list[str]:
    """Return the paths that the latest commits of a revision changed, the latest first, each once.

    Merges count for nothing of their own. Raises UnknownRevision.
    """
    output = repository.run(
        [
            *("log", "-z", "--no-merges", "--no-renames", "--name-only", "--format=", "--no-ext-diff"),
            *(f"--max-count={commits:d}", resolve(repository, revision), "--"),
        ],
        "read the history",
        timeout=20,
    )
    paths = dict.fromkeys(path_text(path) for path in output.split(b"\0") if path)
    return list(paths)[:MOST_PATHS]
