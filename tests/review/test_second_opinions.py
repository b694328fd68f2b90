"""Second opinions: what other tools wrote as JSON is told beside our findings, once, and only of lines in question."""

import json

import pytest

from rust_ai_ide.cli.main import main
from rust_ai_ide.review.findings import Severity
from rust_ai_ide.review.second_opinions import SecondOpinionUnusable, merged, read_opinions

CODE = "fn f() -> u8 {\n    return 1;\n}\nfn g(v: &[u8]) {\n    for i in 0..v.len() { h(v[i]); }\n}\n"
LOCK = 'version = 4\n\n[[package]]\nname = "old"\nversion = "1.0.0"\n'


def span(line: int, first: int, last: int, **more):
    place = {"file_name": "src/lib.rs", "line_start": line, "line_end": line, "is_primary": True}
    return {**place, "column_start": first, "column_end": last, **more}


def clippy(code: str, message: str, where, child=None) -> str:
    children = [{"message": "do it so", "spans": [child]}] if child else []
    said = {
        "code": {"code": code},
        "level": "warning",
        "message": message,
        "spans": [where],
        "children": children,
    }
    return json.dumps({"reason": "compiler-message", "message": said})


CLIPPY = "\n".join(
    [
        json.dumps({"reason": "compiler-artifact"}),
        "   Compiling a v0.1.0",
        clippy(
            "clippy::needless_return",
            "unneeded `return` statement",
            span(2, 5, 13),
            span(2, 5, 14, suggestion_applicability="MachineApplicable", suggested_replacement="1"),
        ),
        clippy(
            "clippy::needless_range_loop", "the loop variable `i` is only used to index `v`", span(5, 14, 24)
        ),
        clippy("unused_variables", "unused", span(5, 1, 2, file_name="/elsewhere/lib.rs")),
    ]
)
AUDIT = {
    "vulnerabilities": {
        "list": [
            {
                "package": {"name": "old", "version": "1.0.0"},
                "advisory": {"id": "RUSTSEC-2026-0001", "title": "It reads too far"},
                "versions": {"patched": [">=1.0.1"]},
            }
        ]
    },
    "warnings": {"yanked": [{"package": {"name": "gone", "version": "2.0.0"}, "advisory": None}]},
}
DENY = json.dumps(
    {
        "type": "diagnostic",
        "fields": {
            "code": "banned",
            "severity": "error",
            "message": "crate is banned",
            "graphs": [{"Krate": {"name": "old", "version": "1.0.0"}}],
        },
    }
)


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("RUST_AI_IDE_HOME", str(tmp_path / "home"))
    folder = tmp_path / "project"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "lib.rs").write_text(CODE)
    (folder / "Cargo.lock").write_text(LOCK)
    (folder / "clippy.json").write_text(CLIPPY)
    monkeypatch.chdir(folder)
    return folder


def told(capsys, *arguments: str) -> list[tuple[str, str, int]]:
    main(["review", "--output-format", "json", *arguments])
    return [(row["path"], row["rule"], row["start_line"]) for row in json.loads(capsys.readouterr().out)]


def test_what_both_say_is_told_once(project, capsys):
    assert told(capsys, "--with", "clippy.json") == [
        ("src/lib.rs", "needless_return", 2),
        ("src/lib.rs", "needless_range_loop", 5),
    ]


def test_fixes_that_the_compiler_is_sure_of_are_applied(project, capsys):
    (project / "src" / "lib.rs").write_text(CODE)
    (alone, loop) = read_opinions(project / "clippy.json", project)
    assert [edit.text for edit in alone.fix] == ["1"]
    assert loop.fix == ()
    assert alone.message == "Unneeded `return` statement"


def test_advisories_stand_at_their_package(project, capsys):
    (project / "audit.json").write_text(json.dumps(AUDIT))
    (project / "deny.json").write_text(DENY)
    vulnerable, yanked = sorted(
        read_opinions(project / "audit.json", project), key=lambda one: -one.severity.rank
    )
    assert (vulnerable.rule, vulnerable.start_line, vulnerable.severity) == (
        "RUSTSEC-2026-0001",
        4,
        Severity.ERROR,
    )
    assert vulnerable.suggestion == "Take >=1.0.1."
    assert (yanked.start_line, yanked.severity) == (1, Severity.WARNING)
    (banned,) = read_opinions(project / "deny.json", project)
    assert (banned.message, banned.start_line) == ("old 1.0.0: Crate is banned", 4)
    everything = told(capsys, "--with", "audit.json", "--with", "deny.json")
    assert [rule for path, rule, _ in everything if path == "Cargo.lock"] == [
        "cargo_audit",
        "RUSTSEC-2026-0001",
        "banned",
    ]


def test_identity_survives_moved_lines_and_nothing_is_merged_twice(project):
    before = read_opinions(project / "clippy.json", project)
    (project / "src" / "lib.rs").write_text("\n" + CODE)
    (project / "clippy.json").write_text(
        CLIPPY.replace('"line_start": 2', '"line_start": 3').replace('"line_start": 5', '"line_start": 6')
    )
    after = read_opinions(project / "clippy.json", project)
    assert [one.fingerprint for one in before] == [one.fingerprint for one in after]
    assert merged(before, [*before, *before]) == before


@pytest.mark.parametrize("text", ["", "[]", "no JSON", '{"reason": "compiler-message", "message": 3}'])
def test_other_files_are_refused(project, text):
    (project / "other.json").write_text(text)
    with pytest.raises(SecondOpinionUnusable):
        read_opinions(project / "other.json", project)
    assert main(["review", "--with", "other.json"]) == 2
    assert main(["review", "--with", "missing.json"]) == 2
