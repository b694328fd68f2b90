"""How often commits changed each file."""

from collections import Counter
from datetime import timedelta

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
    newest = commits(repository, name, limit=1)[0].authored_at
    since = max(0, int((newest - timedelta(days=days)).timestamp())) if newest.timestamp() > 0 else 0
    options = ["log", "-z", "--no-merges", "--no-renames", "--name-only", "--format=", "--no-notes"]
    options += ["--no-color", "--no-ext-diff", f"--max-count={MOST_COMMITS}", f"--max-age={since}"]
    output = repository.run([*options, name, "--"], "count the changes of files", timeout=_SECONDS)
    return dict(Counter(path_text(path) for path in output.split(b"\0") if path))
