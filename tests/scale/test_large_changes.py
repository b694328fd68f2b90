"""Changes of a size that breaks other tools open at once."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_review_journey import open_project, start_review
from tests.source.repositories import TestRepository

pytestmark = [pytest.mark.browser, pytest.mark.scale, pytest.mark.timeout(240)]


@pytest.fixture
def change(tmp_path) -> TestRepository:
    """A commit that changes 2,000 files, 60,000 lines in all."""
    made = TestRepository(tmp_path / "wide")
    before = "".join(f"// line {n}\n" for n in range(60))
    after = "".join(f"// line {n}\n" if n % 2 else f"// changed {n}\n" for n in range(60))
    made.commit("Begin", {f"src/part{n % 40}/file{n}.rs": before for n in range(2000)})
    made.commit("Change", {f"src/part{n % 40}/file{n}.rs": after for n in range(2000)})
    return made


def test_two_thousand_files_open_and_the_last_one_is_reached(page, server, change, complaints):
    open_project(page, server, change.path)
    start_review(page, "HEAD~1", "HEAD")
    expect(page.get_by_text("2,000 files")).to_be_visible()
    expect(page.locator(".diff-file").first.locator(".src.add").first).to_be_visible()
    page.get_by_label("Filter files").fill("file1999.rs")
    expect(page.locator(".diff-files a:visible")).to_have_count(1)
    page.locator(".diff-files a:visible").click()
    wanted = page.locator(".diff-file", has=page.get_by_role("heading", name=re.compile(r"file1999\.rs")))
    expect(wanted.locator(".src.add").first).to_be_visible()
    expect(wanted).to_be_in_viewport()
    loaded = page.locator(".diff-body:not([data-load])").count()
    assert loaded < 200, "files out of sight were loaded"
    assert complaints == []
