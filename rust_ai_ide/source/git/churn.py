"""What commits changed over time: how often each file, and where the branch stood some days ago."""

from collections import Counter

from rust_ai_ide.source.git.history import commits, resolve
from rust_ai_ide.source.git.repository import Repository
from rust_ai_ide.source.paths import path_text

MOST_COMMITS = 20_000
_SECONDS = 120.0


def changes_by_file(repository: Repository, revision: str, days: int = 365) -> dict[str, int]:
    """Count by path the commits that changed a file in so many days up to a revision. Raises UnknownRevision.

    Merges are left out, and so is what came before the last 20,000 commits. A renamed file begins anew.
    """
    name = resolve(repository, revision)
    newest = commits(repository, name, limit=1)[0].authored_at.timestamp()
    since = max(0, int(newest) - days * 86_400)
    options = ["log", "-z", "--no-merges", "--no-renames", "--name-only", "--format=", "--no-notes"]
    options += ["--no-color", "--no-ext-diff", f"--max-count={MOST_COMMITS}", f"--max-age={since}"]
    output = repository.run([*options, name, "--"], "count the changes of files", timeout=_SECONDS)
    return dict(Counter(path_text(path) for path in output.split(b"\0") if path))


def commit_before(repository: Repository, revision: str, days: int = 30) -> str | None:
    """Return the name of the last commit of a branch that is so many days older than a revision, or None."""
    name = resolve(repository, revision)
    newest = commits(repository, name, limit=1)[0].authored_at.timestamp()
    latest = max(0, int(newest) - days * 86_400)
    options = ["rev-list", "--first-parent", "--max-count=1", f"--min-age={latest}", name, "--"]
    output = repository.run(options, "look for an older commit")
    return output.decode("ascii").strip() or None
