"""Every rule has a page, and the examples on the pages are true."""

import re
from pathlib import Path

import pytest

from rust_ai_ide.review.catalogue import all_rules
from rust_ai_ide.review.config import ReviewConfig, config_from_toml
from rust_ai_ide.review.findings import Finding
from rust_ai_ide.review.fixing import fixed
from rust_ai_ide.review.profiles import Profile
from rust_ai_ide.review.reviewing import review_source

PAGES = Path(__file__).parents[2] / "docs" / "rules"
EVERYTHING = config_from_toml("", Profile.THOROUGH)
REPEATED = re.compile(r"^ *// … the line below, (\d+) times\n(.*\n)", re.MULTILINE)


def example(page: str, heading: str) -> bytes:
    block = re.search(rf"^## {heading}\n\n```rust\n(.*?)```", page, re.MULTILINE | re.DOTALL)
    assert block, f"no example under {heading}"
    return REPEATED.sub(lambda found: found[2] * int(found[1]), block[1]).encode()


def fired(source: bytes) -> set[str]:
    review = review_source("src/lib.rs", source, EVERYTHING)
    assert not review.notes
    return {finding.rule for finding in review.findings}


def test_each_rule_has_a_page_and_each_page_a_rule() -> None:
    pages = {page.stem for page in PAGES.glob("*.md")} - {"README"}
    assert pages == {rule.id for rule in all_rules()}


def test_the_index_names_each_rule() -> None:
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    for rule in all_rules():
        assert f"| [{rule.id}]({rule.id}.md) | {rule.title} | {rule.severity} |" in index


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_the_examples_are_true(rule) -> None:
    page = (PAGES / f"{rule.id}.md").read_text(encoding="utf-8")
    assert rule.title in page
    assert f"severity **{rule.severity}**" in page
    assert rule.id in fired(example(page, "Flagged"))
    assert rule.id not in fired(example(page, "Better"))


def findings_of(source: bytes, rule: str) -> list[Finding]:
    review = review_source("src/lib.rs", source, EVERYTHING)
    assert not review.notes
    return [finding for finding in review.findings if finding.rule == rule]


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_a_fix_mends_what_was_flagged(rule) -> None:
    source = example((PAGES / f"{rule.id}.md").read_text(encoding="utf-8"), "Flagged")
    mended = 0
    while found := [finding for finding in findings_of(source, rule.id) if finding.fix]:
        result = fixed(source, found)
        assert result.findings, "a fix overlaps with itself"
        source, mended = result.source, mended + len(result.findings)
        assert mended < 100, "a fix brings what it mends"


def test_rules_that_need_types_are_not_shown_unasked() -> None:
    guessing = [rule for rule in all_rules() if rule.needs_types]
    assert guessing
    assert all(rule.confidence < ReviewConfig().confidence_threshold for rule in guessing)


def test_rules_are_spread_over_the_categories() -> None:
    counts = [rule.category for rule in all_rules()]
    assert len(counts) >= 30
    assert all(counts.count(category) >= 6 for category in set(counts))
