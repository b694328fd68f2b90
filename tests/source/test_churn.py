"""How often commits changed files."""

from pathlib import Path

from rust_ai_ide.source.git import open_repository
from rust_ai_ide.source.git.churn import changes_by_file, commit_before
from tests.source.repositories import TestRepository


def at(made: TestRepository, day: str, files: dict[str, str]) -> None:
    for path, content in files.items():
        made.write(path, content)
    made.git("add", "--all")
    date = f"{day}T12:00:00Z"
    made.git("commit", "--quiet", "-m", "Change", GIT_AUTHOR_DATE=date, GIT_COMMITTER_DATE=date)


def test_commits_of_the_year_before_the_last_one_count(tmp_path: Path) -> None:
    made = TestRepository(tmp_path / "project")
    at(made, "2020-01-01", {"old.rs": "1", "new.rs": "1"})
    at(made, "2024-02-01", {"new.rs": "2", "a name\twith\nodd letters.rs": "1"})
    at(made, "2024-03-01", {"new.rs": "3"})
    found = changes_by_file(open_repository(made.path), "HEAD")
    assert found == {"new.rs": 2, "a name\twith\nodd letters.rs": 1}
    assert changes_by_file(open_repository(made.path), "HEAD", days=9999)["old.rs"] == 1
    assert changes_by_file(open_repository(made.path), "HEAD~1") == {
        "new.rs": 1,
        "a name\twith\nodd letters.rs": 1,
    }


def test_merges_and_renames_count_what_they_change_themselves(tmp_path: Path) -> None:
    made = TestRepository(tmp_path / "project")
    at(made, "2024-01-01", {"a.rs": "1"})
    made.git("checkout", "--quiet", "-b", "side")
    at(made, "2024-01-02", {"b.rs": "1"})
    made.git("checkout", "--quiet", "main")
    at(made, "2024-01-03", {"a.rs": "2"})
    made.git("merge", "--quiet", "--no-ff", "--no-edit", "side")
    made.git("mv", "a.rs", "c.rs")
    at(made, "2024-01-05", {})
    assert changes_by_file(open_repository(made.path), "main") == {"a.rs": 3, "b.rs": 1, "c.rs": 1}


def test_where_a_branch_stood_a_month_ago(tmp_path: Path) -> None:
    made = TestRepository(tmp_path / "project")
    at(made, "2024-01-01", {"a.rs": "1"})
    old = made.git("rev-parse", "HEAD")
    at(made, "2024-03-01", {"a.rs": "2"})
    at(made, "2024-03-20", {"a.rs": "3"})
    repository = open_repository(made.path)
    assert commit_before(repository, "main") == old
    assert commit_before(repository, "main", days=10) == made.git("rev-parse", "HEAD~1")
    assert commit_before(repository, old) is None
