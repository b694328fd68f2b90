"""Records of decisions: written in order, found where they lie, never written over."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt

from rust_ai_ide.architecture.decisions.decision import DecisionInvalid
from rust_ai_ide.architecture.decisions.reading import decision_of
from rust_ai_ide.architecture.decisions.records import add_record, records_of
from rust_ai_ide.architecture.decisions.reporting import to_record, weigh
from rust_ai_ide.source.editing import NotEditable
from tests.architecture.decisions_made import DATABASE

DAY = date(2026, 3, 1)


def text(**settings: object) -> str:
    return to_record(weigh(decision_of(DATABASE)), made=DAY, **settings)


def test_a_record_has_the_head_and_the_parts_of_its_form() -> None:
    _, head, body = text(status="accepted", deciders=("Ada: who else?",)).split("---\n", 2)
    assert yaml.safe_load(head) == {
        "status": "accepted",
        "date": "2026-03-01",
        "decision-makers": ["Ada: who else?"],
    }
    heads = [line for line in body.splitlines() if line.startswith("#")]
    assert heads == [
        "# Choose a database", "## Context and Problem Statement", "## Decision Drivers", "## Considered Options",
        "## Decision Outcome", "### Consequences", "## Pros and Cons of the Options", "### PostgreSQL", "### SQLite",
        "### MySQL", "## More Information",
    ]  # fmt: skip
    assert "Chosen option: “PostgreSQL”, because it comes first by the weighted sum (0.71)" in body
    html = MarkdownIt("commonmark").enable("table").render(body)
    assert "<em>" not in html
    assert html.count("<td") == 3 * 6
    assert "<p>Files are not enough.</p>" in html


def test_another_choice_and_its_reason_are_as_they_were_given() -> None:
    said = text(chosen="SQLite", because="we are one person")
    assert "Chosen option: “SQLite”, because we are one person" in said
    assert "* Bad, because One writer" in said.partition("## Pros and Cons")[0]
    assert "because it comes as number 3" in text(chosen="SQLite")
    with pytest.raises(DecisionInvalid, match="no alternative “Oracle”; there are PostgreSQL"):
        text(chosen="Oracle")


def test_records_are_numbered_and_listed(tmp_path: Path) -> None:
    first = add_record(tmp_path, "Choose a database", text())
    assert first.path == "docs/decisions/0001-choose-a-database.md"
    second = add_record(tmp_path, "Überall / „Rust“!", text(status="accepted"))
    assert second.path == "docs/decisions/0002-überall-rust.md"
    assert records_of(tmp_path).records[0] == first
    assert [one.status for one in records_of(tmp_path).records] == ["proposed", "accepted"]
    assert not records_of(tmp_path).problems


def test_what_is_superseded_changes_its_status_alone(tmp_path: Path) -> None:
    first = add_record(tmp_path, "First", text())
    before = (tmp_path / first.path).read_text()
    add_record(tmp_path, "Second", text(), supersedes=1)
    after = (tmp_path / first.path).read_text()
    assert after == before.replace("status: proposed", 'status: "superseded by ADR-0002"')
    assert records_of(tmp_path).records[0].status == "superseded by ADR-0002"


def test_where_the_old_one_cannot_be_marked_no_new_one_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "docs" / "decisions"
    folder.mkdir(parents=True)
    (folder / "0001-by-hand.md").write_text("# 1. By hand\n\nstatus: fine\n")
    for number, said in ((1, "has no `status` in its head"), (7, "no record of the number 7")):
        with pytest.raises(DecisionInvalid, match=said):
            add_record(tmp_path, "Second", text(), supersedes=number)
    assert [one.title for one in records_of(tmp_path).records] == ["By hand"]


def test_old_folders_and_a_pointer_are_followed_and_double_numbers_told(tmp_path: Path) -> None:
    (tmp_path / "doc" / "adr").mkdir(parents=True)
    for name in ("0003-one.md", "0003-two.md", "readme.md"):
        (tmp_path / "doc" / "adr" / name).write_text("no head\n")
    found = records_of(tmp_path)
    assert found.folder == "doc/adr"
    assert found.problems == ("2 records have the number 3.",)
    assert add_record(tmp_path, "Next", text()).path == "doc/adr/0004-next.md"
    (tmp_path / ".adr-dir").write_text("notes/adr\n")
    assert add_record(tmp_path, "Elsewhere", text()).path == "notes/adr/0001-elsewhere.md"


def test_no_pointer_or_link_leads_out_of_the_project(tmp_path: Path) -> None:
    project, outside = tmp_path / "project", tmp_path / "outside"
    project.mkdir()
    outside.mkdir()
    (project / ".adr-dir").write_text("../outside")
    with pytest.raises(DecisionInvalid, match="inside of the project"):
        add_record(project, "Out", text())
    (project / ".adr-dir").unlink()
    (project / "docs").symlink_to(outside)
    with pytest.raises(NotEditable):
        add_record(project, "Out", text())
    assert not list(outside.iterdir())


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    from rust_ai_ide.source.editing import create_file

    create_file(tmp_path, "a/b/c.md", "mine\n")
    with pytest.raises(NotEditable, match="is there already; nothing was written"):
        create_file(tmp_path, "a/b/c.md", "theirs\n")
    assert (tmp_path / "a" / "b" / "c.md").read_text() == "mine\n"
    assert [one.name for one in (tmp_path / "a" / "b").iterdir()] == ["c.md"]
