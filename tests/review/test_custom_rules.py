"""Rules of a project's own: what they find, how they are silenced, mended, kept, refused and brought from elsewhere."""

import json

import pytest

from rust_ai_ide.cli.main import main
from rust_ai_ide.review.config import ConfigInvalid, config_from_toml
from rust_ai_ide.review.custom.contained import check_custom_rules
from rust_ai_ide.review.custom.importing import import_rules, to_toml
from rust_ai_ide.review.custom.reading import CustomRuleInvalid, read_custom_rules
from rust_ai_ide.review.findings import Finding, Severity
from rust_ai_ide.review.fixing import fixed
from rust_ai_ide.review.reviewing import review_source

RULES = """
[[review.custom_rules]]
name = "no_lock_unwrap"
category = "architecture"
severity = "error"
pattern = "$LOCK.lock().unwrap()"
message = "A poisoned lock ends the program here"
fix = "$LOCK.lock().unwrap_or_else(PoisonError::into_inner)"
auto_fixable = true

[[review.custom_rules]]
name = "ticket"
regex = 'TODO\\((\\w+)\\)'
message = "A TODO without a ticket"
fix = 'TODO(#\\1)'
auto_fixable = true

[[review.custom_rules]]
name = "two_logs"
rule = { any = [{ pattern = "log!($$$ALL)" }, { pattern = "trace!($$$ALL)" }] }
message = "Use tracing"
fix = "tracing::info!($$$ALL)"
auto_fixable = true
"""
CODE = """// ü TODO(anna)
fn f(held: &Mutex<u8>) {
    let ünique = held.lock().unwrap();
    log!("ü {}", ünique, 2);
    // rust-ai-ide: allow(no_lock_unwrap) -- it cannot be poisoned
    held.lock().unwrap();
}
"""


def found(code: str, text: str = RULES) -> list[Finding]:
    config = config_from_toml(text)
    own = {rule.name for rule in config.custom_rules}
    review = review_source("src/lib.rs", code.encode(), config)
    assert not review.notes
    return [one for one in review.findings if one.rule in own or one.rule == "unused_suppression"]


def test_each_kind_of_rule_finds_its_places():
    places = [(one.rule, one.start_line, one.start_column, one.end_column) for one in found(CODE)]
    assert places == [("ticket", 1, 6, 16), ("no_lock_unwrap", 3, 18, 38), ("two_logs", 4, 5, 28)]
    first = found(CODE)[1]
    assert (first.severity, first.message) == (Severity.ERROR, "A poisoned lock ends the program here")


def test_fixes_are_filled_with_what_matched():
    mended = fixed(CODE.encode(), found(CODE)).source.decode()
    assert "TODO(#anna)" in mended
    assert "held.lock().unwrap_or_else(PoisonError::into_inner);" in mended
    assert 'tracing::info!("ü {}", ünique, 2);' in mended


def test_a_comment_that_silences_nothing_is_told_for_these_rules_too():
    code = "// rust-ai-ide: allow(no_lock_unwrap) -- once it was needed\nfn f() {}\n"
    (one,) = found(code)
    assert one.rule == "unused_suppression"
    assert "silences nothing" in one.message


def test_they_can_be_disabled_by_name():
    assert [
        one.rule for one in found(CODE, f'[review]\ndisabled_rules = ["ticket", "two_logs"]\n{RULES}')
    ] == ["no_lock_unwrap"]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"regex": "x", "message": "m"}, "is named None"),
        ({"name": "A", "regex": "x", "message": "m"}, "lower case"),
        ({"name": "a", "message": "m"}, "needs one of regex"),
        ({"name": "a", "regex": "x", "pattern": "y", "message": "m"}, "needs one of regex"),
        ({"name": "a", "regex": "x"}, "needs a message"),
        ({"name": "a", "regex": "(", "message": "m"}, "missing )"),
        ({"name": "a", "regex": "x", "message": "m", "severity": "bad"}, "must be one of info"),
        ({"name": "a", "regex": "x", "message": "m", "confidence": 2}, "from 0 to 1"),
        ({"name": "a", "regex": "x", "message": "m", "auto_fixable": True}, "has no fix"),
        ({"name": "a", "regex": "x", "message": "m", "colour": "red"}, "colour, which is not known"),
        ({"name": "todo", "regex": "x", "message": "m"}, "name of a rule that there is"),
    ],
)
def test_what_cannot_be_a_rule_is_said(table, told):
    with pytest.raises(CustomRuleInvalid) as raised:
        read_custom_rules([table])
    assert told in str(raised.value)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"pattern": "fn ("}, "is not code that parses"),
        ({"rule": {"kind": "nope"}}, "Kind `nope` is invalid"),
        ({"rule": {"has": 3}}, "cannot be used"),
        ({"pattern": "$$$ALL"}, "cannot be used"),
    ],
)
def test_patterns_are_tried_where_they_can_break_nothing(table, told):
    rules = read_custom_rules([{"name": "a", "message": "m", **table}])
    with pytest.raises(CustomRuleInvalid) as raised:
        check_custom_rules(rules)
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


def test_settings_name_the_file_and_names_are_used_once():
    with pytest.raises(ConfigInvalid, match=r"\.rust-ai-ide\.toml: .*needs a message"):
        config_from_toml('[[review.custom_rules]]\nname = "a"\nregex = "x"\n')
    with pytest.raises(CustomRuleInvalid, match="Two custom rules"):
        read_custom_rules([{"name": "a", "regex": "x", "message": "m"}] * 2)


def test_other_rules_mean_other_results_from_the_store(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("RUST_AI_IDE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.rs").write_text("fn f() { gone(); }\n")
    settings = tmp_path / ".rust-ai-ide.toml"
    for name, expected in (("gone", 1), ("gone", 1), ("never", 0)):
        settings.write_text(
            f'[[review.custom_rules]]\nname = "own"\npattern = "{name}()"\nmessage = "Gone"\n',
            encoding="utf-8",
        )
        assert main(["review"]) == expected
        assert ("[own]" in capsys.readouterr().out) == bool(expected)


AST_GREP = """id: No-Await
language: rust
severity: hint
note: Await it.
message: Nobody waits for this
rule:
  pattern: spawn($F)
constraints:
  F: { regex: "^job" }
---
id: of-another-language
language: python
rule: { pattern: print($A) }
"""


def test_rules_of_ast_grep_are_brought_with_a_report(tmp_path, capsys):
    (tmp_path / "rules.yml").write_text(AST_GREP)
    assert main(["rules", "import", str(tmp_path / "rules.yml")]) == 0
    printed = capsys.readouterr()
    assert "of-another-language was left out: it is for python" in printed.err
    config = config_from_toml(printed.out)
    (rule,) = config.custom_rules
    assert (rule.name, rule.severity, rule.suggestion) == ("no-await", Severity.INFO, "Await it.")
    text = printed.out.replace('severity = "info"', 'severity = "warning"')
    assert [one.start_line for one in found("fn f() {\n    spawn(job_a);\n    spawn(b);\n}\n", text)] == [2]


def test_the_older_form_is_migrated_with_a_report(tmp_path):
    old = [{"name": "custom_rule", "pattern": "TODO", "level": "warning", "message": "TODO comment found"}]
    new = [{"name": "Other Rule", "category": "Style", "severity": "Warning", "pattern": "unwrap\\(\\)",
            "message": "m", "suggestion": "s", "autoFixable": False, "confidence": 0.95}]  # fmt: skip
    (tmp_path / "rules.json").write_text(json.dumps(old + new + [3]))
    imported = import_rules(tmp_path / "rules.json")
    assert [(rule.name, rule.regex) for rule in imported.rules] == [
        ("custom_rule", "TODO"),
        ("other_rule", "unwrap\\(\\)"),
    ]
    assert "custom_rule: `level` is `severity` now." in imported.report
    assert "Entry 3 was left out: it is no rule." in imported.report
    assert config_from_toml(to_toml(imported.rules)).custom_rules == imported.rules


@pytest.mark.parametrize("text", ["{", "\tx: [", "- &a [*a]"])
def test_files_that_are_no_rules_are_refused_or_left_out(tmp_path, capsys, text):
    for name in ("rules.json", "rules.yml"):
        (tmp_path / name).write_text(text)
        code = main(["rules", "import", str(tmp_path / name)])
        printed = capsys.readouterr()
        assert printed.out.strip() == ""
        assert len(printed.err.splitlines()) == 1
        assert code in (0, 2)


def test_a_pattern_that_matches_everything_is_bounded():
    text = '[[review.custom_rules]]\nname = "all"\nregex = "."\nmessage = "A letter"\n'
    config = config_from_toml(f"[review]\nmax_comments_per_file = 0\n{text}")
    review = review_source("src/lib.rs", b"// a comment\n" * 500, config)
    assert len([one for one in review.findings if one.rule == "all"]) == 1000
