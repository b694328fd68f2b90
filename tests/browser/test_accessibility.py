"""Every page passes axe in both themes, on a desktop and on a phone, and fits the phone's width."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from rust_ai_ide.training.datasets.preparing import prepare_dataset
from rust_ai_ide.training.datasets.settings import PreparationSettings
from tests.browser.test_review_journey import open_project, start_review
from tests.training.rust import crates

SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def addresses(page, server, repository, tmp_path) -> list[str]:
    code = crates(tmp_path / "code", 3)
    prepare_dataset(PreparationSettings((str(code),), server.home / "datasets" / "shown"))
    open_project(page, server, repository.path)
    project = page.url
    start_review(page, "start", "main")
    expect(page.locator(".finding").first).to_be_visible(timeout=30_000)
    review = page.url
    page.locator(".diff .num[data-n]").first.click()
    page.locator("[data-new-thread] textarea").fill("A remark.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("A remark.")).to_be_visible()
    page.goto(f"{project}architecture/")
    page.get_by_role("button", name="Work it out").click()
    expect(page.locator(".graph-frame > svg")).to_be_visible(timeout=30_000)
    page.goto(f"{project}architecture/drift/")
    page.get_by_label("From").fill("start")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", name="Came")).to_be_visible(timeout=30_000)
    page.goto(f"{project}chat/")
    page.get_by_label("Question about").fill("Where is a file opened?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("not written by a model")).to_be_visible(timeout=30_000)
    chat = page.url
    return [
        server.url,
        chat,
        f"{project}chat/",
        f"{project}edit/src/lib.rs",
        f"{server.url}/models/",
        f"{server.url}/models/1/",
        f"{server.url}/models/convert/",
        f"{server.url}/models/hardware/",
        f"{server.url}/models/keys/",
        f"{server.url}/models/endpoints/",
        f"{server.url}/training/",
        f"{server.url}/training/new/",
        f"{server.url}/training/datasets/",
        f"{server.url}/training/datasets/shown/",
        project,
        f"{project}file/src/lib.rs",
        f"{project}file/src",
        f"{project}branches/",
        f"{project}commits/",
        f"{project}search/?q=open",
        f"{project}reviews/",
        f"{project}reviews/new/",
        f"{project}quality/",
        f"{project}architecture/",
        f"{project}architecture/?level=modules&view=matrix&heat=lines&user=small&used=nothing",
        f"{project}architecture/?level=modules&view=levels&focus=small&from=small&to=small",
        f"{project}architecture/?level=crates&external=1&heat=changes&from=small&to=std",
        f"{project}architecture/drift/",
        f"{project}architecture/patterns/",
        f"{project}architecture/rules/",
        f"{project}architecture/advice/",
        f"{project}architecture/decisions/",
        review,
        f"{review}?view=split",
        f"{review}findings/",
        f"{server.url}/rules/",
        f"{server.url}/rules/try/",
        f"{server.url}/rules/dbg_macro/",
        f"{server.url}/runs/",
        f"{server.url}/runs/1/",
        f"{server.url}/nowhere/",
    ]


@pytest.mark.timeout(300)
def test_every_page_in_both_themes_and_sizes(page, context, addresses):
    problems = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            for address in addresses:
                page.goto(address)
                found = Axe().run(page, options=RULES).response["violations"]
                problems += [
                    f"{address} {theme} {size}: {each['id']}: {each['nodes'][0]['html'][:160]}"
                    for each in found
                ]
                if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                    problems.append(f"{address} {theme} {size}: wider than the screen")
    assert not problems, "\n".join(problems)
