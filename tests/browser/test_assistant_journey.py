"""Writing with help: completions stream into the editor, chats stream and stop, a killed runtime comes back."""

import json
import os
import re
import signal
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.test_accessibility import RULES
from tests.browser.test_review_journey import open_project
from tests.runtime.tiny import tiny_model
from tests.serving import serving


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A workbench with two noisy models: `sure` completes, `slow` chats for seconds."""
    home = tmp_path_factory.mktemp("assisted") / "home"
    tiny_model(home / "models" / "sure@1", name="sure", stops=False, sure=True)
    tiny_model(
        home / "models" / "slow@1",
        name="slow",
        context_length=2048,
        width=768,
        layers=12,
        chat=True,
        stops=False,
    )
    loaded = {"options": {}, "is_loaded": True}
    (home / "loaded-models.json").write_text(json.dumps({"sure@1": loaded, "slow@1": loaded}))
    with serving(home) as running:
        yield running


@pytest.fixture
def project(page, server, repository) -> str:
    repository.write("notes.txt", "First line\n")
    page.goto(f"{server.url}/models/")
    expect(page.get_by_text(re.compile("^Loaded"))).to_have_count(2, timeout=20_000)
    row = page.get_by_role("row", name=re.compile("sure@1"))
    if row.get_by_role("button", name="Activate").count():
        row.get_by_role("button", name="Activate").click()
    open_project(page, server, repository.path)
    return page.url


def write(page, text: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text, delay=15)


def test_a_completion_streams_into_the_editor_and_is_taken_and_saved(page, project, repository, complaints):
    page.goto(f"{project}file/notes.txt")
    page.get_by_role("link", name="Edit").click()
    write(page, "pub fn item(")
    expect(page.locator(".suggestion")).to_be_visible()
    expect(page.locator("[data-suggestion]")).to_contain_text("model")
    suggested = page.locator(".suggestion").inner_text()
    page.keyboard.type(suggested[0])
    expect(page.locator(".suggestion")).to_have_text(suggested[1:])
    page.keyboard.press("Tab")
    expect(page.locator(".suggestion")).to_have_count(0)
    page.keyboard.press("Control+s")
    expect(page.locator("[data-saved]")).to_have_text("Saved")
    assert f"pub fn item({suggested}" in (repository.path / "notes.txt").read_text()
    assert complaints == []


def test_a_suggestion_is_dismissed_and_switched_off(page, project):
    page.goto(f"{project}edit/notes.txt")
    write(page, "pub fn item(")
    expect(page.locator(".suggestion")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".suggestion")).to_have_count(0)
    page.get_by_label("Suggest while I type").uncheck()
    write(page, "x")
    page.wait_for_timeout(1200)
    expect(page.locator(".suggestion")).to_have_count(0)


def test_a_file_changed_on_disk_asks_what_to_do(page, project, repository):
    page.goto(f"{project}edit/notes.txt")
    write(page, "mine")
    (repository.path / "notes.txt").write_text("theirs\n")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("changed on disk")).to_be_visible()
    page.get_by_role("button", name="Load what is on disk").click()
    expect(page.locator(".cm-content")).to_have_text("theirs")
    page.keyboard.press("Control+z")
    expect(page.locator(".cm-content")).to_contain_text("mine")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[data-saved]")).to_have_text("Saved")
    assert "mine" in (repository.path / "notes.txt").read_text()


def ask(page, project: str, question: str) -> None:
    page.goto(f"{project}chat/")
    page.get_by_label("Question about").fill(question)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/chat/\d+/$"))


def test_a_chat_streams_is_stopped_and_survives_a_reload(page, project, complaints):
    ask(page, project, "Where is a file opened?")
    expect(page.locator("[data-answer] p").first).not_to_have_text("Reading the repository …")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Written by slow@1, stopped")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Written by slow@1, stopped")).to_be_visible()
    expect(page.get_by_text("What the model was shown")).to_be_visible()
    assert complaints == []


def test_a_runtime_killed_while_it_answers_is_one_message_and_comes_back(page, project, server):
    ask(page, project, "Where is a file opened?")
    expect(page.locator("[data-answer] p").first).not_to_have_text("Reading the repository …")
    (runtime,) = server.children("rust_ai_ide.cli.main runtime")
    os.kill(runtime, signal.SIGKILL)
    expect(page.get_by_text("The model runtime stopped while it answered.")).to_have_count(1)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and server.children("rust_ai_ide.cli.main runtime") in ([], [runtime]):
        time.sleep(0.1)
    address = page.url
    page.goto(f"{server.url}/models/")
    expect(page.get_by_text(re.compile("^Loaded"))).to_have_count(2, timeout=20_000)
    page.goto(address)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Written by slow@1")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("The model runtime stopped")).to_have_count(0)


def test_a_suggestion_is_explained_by_keyboard(page, project, complaints):
    page.goto(f"{project}edit/notes.txt")
    page.keyboard.press("Alt+e")
    expect(page.locator("[data-suggestion]")).to_have_text("There is no suggestion to explain.")
    write(page, "pub fn item_7(")
    expect(page.locator("[data-suggestion]")).to_contain_text("model")
    page.keyboard.press("Alt+e")
    panel = page.get_by_role("region", name="Why this?")
    expect(panel).to_be_focused()
    expect(panel.get_by_text("questions to the model in")).to_be_visible(timeout=30_000)
    expect(panel.get_by_text("Faithfulness")).to_be_visible()
    expect(panel.get_by_role("button", name=re.compile("^Line")).first).to_be_visible()
    found = Axe().run(page, options=RULES).response["violations"]
    assert [each["nodes"][0]["html"][:200] for each in found] == []
    section = panel.get_by_text("Attention diagnostic")
    section.click()
    expect(panel.get_by_text("Attention is not an explanation")).to_be_visible()
    # A map, or where PyTorch is not installed, how to get it.
    told = re.compile("The mean of 4 heads|make install-train")
    expect(panel.locator(".why-attention")).to_contain_text(told, timeout=90_000)
    found = Axe().run(page, options=RULES).response["violations"]
    assert [each["nodes"][0]["html"][:200] for each in found] == []
    panel.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.locator(".suggestion")).to_be_visible()
    begun = "\nlet mut the_balance_of_the_first_account = "
    page.keyboard.type(f"{begun}load_the_account(7);" * 5 + begun, delay=5)
    expect(page.locator("[data-suggestion]")).to_contain_text("load_the_account(7);")
    page.get_by_role("button", name="Why this?").click()
    expect(panel.get_by_text("It was copied from")).to_be_visible()
    assert complaints == []
