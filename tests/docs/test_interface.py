"""Every endpoint and keyboard shortcut is documented."""

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from apps.reviews.views.api import FindingShape, ReviewRequest
from tests.docs.reading import ROOT, page, row_of, rows


def named_addresses() -> dict[str, str]:
    """Return the address of every name, with its parameters in braces."""
    found = {}
    waiting: list[tuple[str, URLPattern | URLResolver]] = [("", p) for p in get_resolver().url_patterns]
    while waiting:
        before, pattern = waiting.pop()
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            waiting += [(address, inner) for inner in pattern.url_patterns]
        elif pattern.name:
            found[pattern.name] = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", address)
    return found


ENDPOINTS = {name: address for name, address in named_addresses().items() if name.startswith("api-")}
SHORTCUT = re.compile(r"shortcut\(\s*\"(.+?)\",\s*\"(.+?)\"")
SHORTCUTS = [
    found
    for path in sorted((ROOT / "frontend/src").rglob("*.ts"))
    for found in SHORTCUT.findall(path.read_text())
]


def test_there_is_something_to_document():
    assert ENDPOINTS
    assert SHORTCUTS


@pytest.mark.parametrize("name", sorted(ENDPOINTS))
def test_an_endpoint_is_documented(name):
    assert f"`{ENDPOINTS[name]}`" in page("api.md"), f"docs/api.md does not list {ENDPOINTS[name]} ({name})"


def test_no_unknown_endpoint_is_documented():
    listed = {row[1].strip("`") for row in rows(page("api.md")) if row[0] in ("GET", "POST")}
    assert listed == set(ENDPOINTS.values())


@pytest.mark.parametrize("field", sorted(ReviewRequest().fields))
def test_a_field_of_a_review_request_is_documented(field):
    assert row_of(page("api.md"), field)


@pytest.mark.parametrize("field", FindingShape.Meta.fields)
def test_a_field_of_a_finding_is_documented(field):
    assert f"`{field}`" in page("review-json.md")


@pytest.mark.parametrize(("key", "label"), SHORTCUTS)
def test_a_shortcut_is_documented(key, label):
    row = row_of(page("reviewing.md"), key)
    assert row, f"docs/reviewing.md does not list the key {key}"
    assert row[1] == label


def test_no_unknown_shortcut_is_documented():
    listed = [row[0].strip("`") for row in rows(page("reviewing.md")) if re.fullmatch(r"`[^`]`", row[0])]
    assert sorted(listed) == sorted(key for key, _ in SHORTCUTS)
