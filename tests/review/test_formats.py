"""Output formats: complete, valid, and unable to steer what shows them."""

import json
from dataclasses import fields, replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from rust_ai_ide.review.findings import Category, Edit, Finding, Severity
from rust_ai_ide.review.formats import Format, format_of, render

FINDING = Finding(
    rule="dbg_macro",
    category=Category.STYLE,
    severity=Severity.WARNING,
    confidence=0.97,
    path="src/a b.rs",
    start_line=3,
    start_column=5,
    end_line=3,
    end_column=9,
    message="`dbg!` is a tool",
    suggestion="Remove it.",
    fingerprint="0123456789abcdef0123",
)
EVIL = replace(FINDING, path="a\x1b[31m\u202e\r\n.rs", message="bad \x1b]0;title\x07 \u2066name | <b> [x](y)")


def test_text_has_a_line_for_each_finding_and_a_summary() -> None:
    text = render(Format.TEXT, [FINDING, replace(FINDING, severity=Severity.ERROR)], 2, 100)
    lines = text.splitlines()
    assert lines[0] == "src/a b.rs:3:5: warning: `dbg!` is a tool. Remove it. [dbg_macro]"
    assert lines[-1].startswith("2 findings (1 error, 1 warning) in 2 files; quality 0.")
    assert render(Format.TEXT, [], 1, 10) == "Nothing to report in 1 file.\n"


def test_colour_comes_only_when_asked_for() -> None:
    assert "\x1b[33mwarning\x1b[0m" in render(Format.TEXT, [FINDING], 1, 10, colour=True)
    assert "\x1b" not in render(Format.TEXT, [FINDING], 1, 10)


@pytest.mark.parametrize("form", Format)
def test_no_format_lets_a_name_steer_the_terminal(form: Format) -> None:
    text = render(form, [EVIL], 1, 10)
    assert not {"\x1b", "\x07", "\r", "\u202e", "\u2066"} & set(text)


def test_json_is_a_list_with_the_fields_of_a_finding() -> None:
    (row,) = json.loads(render(Format.JSON, [FINDING], 1, 10))
    assert list(row) == [field.name for field in fields(Finding)]
    assert row["severity"] == "warning"
    assert render(Format.JSON, [], 0, 0) == "[]\n"


def test_the_page_about_json_names_each_field() -> None:
    page = (Path(__file__).parents[2] / "docs" / "review-json.md").read_text(encoding="utf-8")
    for field in fields(Finding):
        assert f"`{field.name}`" in page


def test_markdown_is_a_table_by_file() -> None:
    text = render(Format.MARKDOWN, [FINDING], 1, 10)
    assert "## src/a b.rs" in text
    assert "| 3 | warning | `dbg_macro` | `dbg!` is a tool. Remove it. |" in text
    row = next(line for line in render(Format.MARKDOWN, [EVIL], 1, 10).splitlines() if line.startswith("| 3"))
    assert "<b>" not in row.replace("\\<b\\>", "")
    assert row.replace("\\|", "").count("|") == 5


def test_sarif_has_what_code_scanning_reads() -> None:
    log = json.loads(render(Format.SARIF, [FINDING, replace(EVIL, severity=Severity.INFO)], 1, 10))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert [rule["id"] for rule in driver["rules"]] == ["dbg_macro"]
    first, second = run["results"]
    assert (first["ruleId"], first["ruleIndex"], first["level"]) == ("dbg_macro", 0, "warning")
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "src/a%20b.rs"
    assert place["region"] == {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 9}
    assert first["partialFingerprints"] == {"primaryLocationLineHash": FINDING.fingerprint}
    assert second["level"] == "note"


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.json", "json"), ("a.MD", "markdown"), ("a.sarif", "sarif"), ("a.txt", "text"), ("", "text")],
)
def test_the_suffix_chooses_the_format(name: str, form: str) -> None:
    assert format_of(name) == form


def test_github_commands_are_escaped_and_the_worst_go_first() -> None:
    odd = replace(FINDING, path="a,b:c%.rs", message="50 %\nmore", severity=Severity.CRITICAL)
    text = render(Format.GITHUB, [FINDING, odd, replace(FINDING, severity=Severity.INFO)], 1, 10)
    lines = text.splitlines()
    assert lines[0].startswith("::error file=a%2Cb%3Ac%25.rs,line=3,endLine=3,title=dbg_macro::50 %25")
    assert [line.split()[0] for line in lines[:3]] == ["::error", "::warning", "::notice"]


def test_gitlab_rows_have_what_its_report_needs_and_fingerprints_differ_by_path() -> None:
    rows = json.loads(render(Format.GITLAB, [FINDING, replace(FINDING, path="b.rs")], 2, 10))
    assert set(rows[0]) == {"description", "check_name", "fingerprint", "severity", "location"}
    assert rows[0]["location"] == {"path": "src/a b.rs", "lines": {"begin": 3, "end": 3}}
    assert rows[0]["severity"] == "minor"
    assert rows[0]["fingerprint"] != rows[1]["fingerprint"]


def test_rdjson_and_sarif_carry_the_fix() -> None:
    fixable = replace(FINDING, fix=(Edit(3, 5, 3, 9, ""),))
    (diagnostic,) = json.loads(render(Format.RDJSON, [fixable], 1, 10))["diagnostics"]
    assert diagnostic["location"]["range"]["start"] == {"line": 3, "column": 5}
    assert diagnostic["suggestions"] == [{"range": diagnostic["location"]["range"], "text": ""}]
    (result,) = json.loads(render(Format.SARIF, [fixable], 1, 10))["runs"][0]["results"]
    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["deletedRegion"]["endColumn"] == 9


def test_checkstyle_is_xml_whatever_the_names(tmp_path) -> None:
    text = render(Format.CHECKSTYLE, [FINDING, EVIL], 2, 10)
    root = ElementTree.fromstring(text)
    assert [file.get("name") for file in root] == ["src/a b.rs", ElementTree.fromstring(text)[1].get("name")]
    assert root[0][0].get("severity") == "warning"
    assert root[0][0].get("source") == "rust-ai-ide.dbg_macro"
