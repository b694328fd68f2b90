"""The shapes of the architecture page, by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_review_journey import open_project

FILES = {
    "src/lib.rs": "mod one;\nmod two;\nmod three;\n",
    "src/one.rs": "use crate::two::Two;\nuse crate::three::Three;\npub struct One(pub Two, pub Three);\n",
    "src/two.rs": "use crate::one::One;\npub struct Two(pub Box<One>);\n",
    "src/three.rs": "pub struct Three;\n",
}


@pytest.fixture
def architecture(page, server, repository):
    repository.commit("Modules", FILES)
    open_project(page, server, repository.path)
    page.get_by_role("link", name="Architecture").click()
    page.get_by_role("button", name="Work it out").click()
    expect(page.locator(".graph-frame > svg")).to_be_visible(timeout=30_000)
    return page


def test_the_shapes_are_used_by_keyboard(architecture, complaints):
    page = architecture
    page.get_by_role("link", name="Matrix").click()
    cell = page.get_by_title("small::two uses small::one: 1 time")
    page.get_by_title("small::one uses small::three: 1 time").focus()
    expect(page.locator(".matrix td a[tabindex='0']")).to_have_count(1)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".matrix td a:focus")).to_have_count(1)
    cell.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("#uses$"))
    expect(page.locator("#uses").get_by_role("link", name="src/two.rs:1")).to_be_visible()
    page.get_by_label("Heat").select_option("lines")
    page.wait_for_url(re.compile("heat=lines"))
    expect(page.locator(".legend, .run")).to_be_visible()
    page.get_by_role("link", name="Levels").click()
    expect(page.locator(".levels .edge")).to_have_count(1)
    page.locator('.node[data-node="small::three"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("focus=small%3A%3Athree"))
    page.get_by_label("How does").fill("small::two")
    page.get_by_label("get to").fill("small::three")
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 steps")).to_be_visible()
    assert complaints == []
