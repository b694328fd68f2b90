"""Training in the browser: a model learns from a dataset, is watched, cancelled, goes on, and is used in the editor."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from rust_ai_ide.training.datasets.preparing import prepare_dataset
from rust_ai_ide.training.datasets.settings import PreparationSettings
from tests.browser.test_accessibility import RULES
from tests.serving import serving
from tests.training.rust import crates

LONG = 240_000


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A workbench of its own, whose active model may change."""
    with serving(tmp_path_factory.mktemp("trained") / "home") as running:
        yield running


@pytest.mark.timeout(600)
def test_a_model_learns_is_stopped_goes_on_and_is_used(page, server, tmp_path, complaints):
    pytest.importorskip("torch", reason="training needs the extra train: make install-train")
    prepare_dataset(
        PreparationSettings((str(crates(tmp_path / "code", 6)),), server.home / "datasets" / "ours")
    )
    page.goto(f"{server.url}/training/datasets/ours/")
    page.get_by_role("link", name="Train a model on it").click()
    expect(page.get_by_label("Dataset to learn from")).to_have_value("ours")
    page.get_by_role("textbox", name="Name").fill("mine")
    page.get_by_text("More settings").click()
    page.get_by_label("Windows a step").fill("1")
    page.get_by_label("Tokens a window").fill("64")
    page.get_by_label("Add the version to the models").select_option("anyway")
    page.get_by_role("textbox", name="How long").fill("300")
    expect(page.locator("#forecast")).to_contain_text("of memory")
    expect(page.locator("#forecast")).to_contain_text("300 steps")
    page.get_by_role("button", name="Train", exact=True).click()
    page.wait_for_url("**/training/jobs/mine/")

    expect(page.locator("#curve")).to_contain_text(re.compile(r"in [\d,]+ steps"), timeout=LONG)
    expect(page.locator("[data-chart] canvas")).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Go on").click(timeout=LONG)

    expect(page.get_by_role("heading", name="Before and after")).to_be_visible(timeout=LONG)
    expect(page.locator("#curve")).to_contain_text("in 300 steps")
    page.get_by_text("As a table").click()
    expect(page.locator("#curve tbody tr").first).to_be_visible()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []

    version = page.get_by_role("link", name=re.compile("starter@")).inner_text()
    page.get_by_role("button", name="Use it in the editor").click()
    expect(page.get_by_text("The editor completes with it")).to_be_visible()
    page.goto(f"{server.url}/models/")
    row = page.get_by_role("row", name=re.compile(re.escape(version)))
    expect(row.get_by_text("active")).to_be_visible()
    expect(row.get_by_text("Loaded")).to_be_visible(timeout=LONG)
    assert complaints == []
