"""Makes the README's pictures: a real server, a real browser, and the small crate in `docs/demo`.

`make pictures` runs it.
"""

import os
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from benchmarks import crates
from rust_ai_ide.training.datasets.preparing import prepare_dataset
from rust_ai_ide.training.datasets.settings import PreparationSettings
from tests.browsing import FLAGS
from tests.serving import Server, serving
from tests.source.repositories import TestRepository

HERE = Path(__file__).parent
DESKTOP = {"width": 1360, "height": 850}


def demo(folder: Path) -> TestRepository:
    """Make a repository of the demo crate: `main`, and a branch with a change to review."""
    repository = TestRepository(folder)
    shutil.copytree(HERE / "demo" / "before", folder, dirs_exist_ok=True)
    repository.commit("Keep accounts and report on them")
    repository.git("checkout", "--quiet", "-b", "import-archives")
    shutil.copytree(HERE / "demo" / "after", folder, dirs_exist_ok=True)
    repository.commit("Import accounts from archives")
    return repository


def take(page: Page, name: str) -> None:
    """Save what the page shows."""
    page.mouse.move(0, 0)
    page.wait_for_timeout(300)
    page.screenshot(path=HERE / "pictures" / f"{name}.png")


def tour(page: Page, server: Server, repository: TestRepository) -> None:
    """Go where a reader would go, and take pictures."""
    page.goto(server.sign_in_url())
    page.wait_for_url(f"{server.url}/")
    page.get_by_label("Folder on this machine").fill(str(repository.path))
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_text("Analyse again")).to_be_visible(timeout=30_000)
    project = page.url
    page.get_by_role("link", name="Review a change").click()
    page.get_by_label("From (the base)").fill("main")
    page.get_by_label("To (what is reviewed)").fill("import-archives")
    page.get_by_role("button", name="Review", exact=True).first.click()
    expect(page.locator(".finding").first).to_be_visible(timeout=30_000)
    expect(page.locator(".run")).to_have_count(0)
    page.locator('.diff-file[aria-label="src/import.rs"] td:nth-child(2)[data-n="35"]').click()
    page.locator("[data-new-thread] textarea").fill("Can we use the `tar` crate instead of a shell?")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".thread .prose")).to_be_visible()
    review = page.url
    page.goto(f"{review}?view=unified")
    page.keyboard.press("n")
    page.wait_for_timeout(300)
    take(page, "review")
    page.emulate_media(color_scheme="dark")
    page.goto(f"{review}?view=split")
    page.locator('[aria-label="src/report.rs"]').last.scroll_into_view_if_needed()
    take(page, "side-by-side")
    page.goto(f"{project}architecture/")
    page.get_by_role("button", name="Work it out").click()
    expect(page.locator(".graph-frame > svg")).to_be_visible(timeout=30_000)
    page.goto(f"{project}architecture/?level=modules")
    take(page, "architecture")
    page.emulate_media(color_scheme="light")
    page.goto(f"{project}file/src/import.rs")
    page.locator("[data-toggles-findings]").click()
    take(page, "file")
    assistant(page, project)


def assistant(page: Page, project: str) -> None:
    """Write a line with the shipped model's help, and ask a question."""
    page.goto(f"{project}edit/src/report.rs")
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\n/// Lists every owner once.\n", delay=5)
    page.keyboard.type("pub fn owners(store: &Store) -> String {\nlet mut text: S", delay=60)
    expect(page.locator(".suggestion")).to_be_visible()
    page.wait_for_timeout(1000)
    take(page, "editor")
    page.goto(f"{project}chat/")
    page.get_by_label("Question about").fill("Where are accounts imported from an archive?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("not written by a model")).to_be_visible(timeout=30_000)
    take(page, "chat")


def training(page: Page, server: Server) -> None:
    """Train the shipped model further on a crate, to the end."""
    code = crates.bring("regex-syntax")
    prepare_dataset(PreparationSettings((str(code),), server.home / "datasets" / "regex-syntax"))
    page.goto(f"{server.url}/training/new/")
    page.get_by_role("textbox", name="Name").fill("our-way")
    page.get_by_role("textbox", name="How long").fill("60")
    page.get_by_text("More settings").click()
    page.get_by_label("Look at what was kept back").fill("5")
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text("Before and after")).to_be_visible(timeout=900_000)
    take(page, "training")


def main() -> None:
    """Take all pictures."""
    (HERE / "pictures").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        repository = demo(Path(folder) / "ledger")
        with serving(Path(folder) / "home") as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=FLAGS)
            page = browser.new_page(viewport=DESKTOP, color_scheme="light")
            tour(page, server, repository)
            training(page, server)
            browser.close()


if __name__ == "__main__":
    main()
