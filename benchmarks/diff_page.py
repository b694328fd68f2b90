"""Measure the diff page in Chromium on a change of 2,000 files and 60,000 added and as many removed lines.

CHROMIUM=/usr/bin/chromium python -m benchmarks.diff_page
"""

import os
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browsing import FLAGS
from tests.operation.client import Client
from tests.serving import serving
from tests.source.repositories import TestRepository

FILES = 2000
LINES = 60
ROUNDS = 7
FIRST_ROWS = """
    () => new Promise((done) => {
      const look = () => document.querySelector(".diff-file .src.add") ? requestAnimationFrame(
        () => done(performance.now())) : setTimeout(look, 5);
      look();
    })
"""
STEP = """
    async () => {
      const times = [];
      for (let n = 0; n < 20; n++) {
        const begun = performance.now();
        document.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true }));
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        times.push(performance.now() - begun);
      }
      return times;
    }
"""


def change(folder: Path) -> TestRepository:
    """Make a repository whose last commit changes half the lines of 2,000 files."""
    repository = TestRepository(folder)
    before = "".join(f"pub fn item_{n}(value: u32) -> u32 {{ value + {n} }}\n" for n in range(LINES))
    after = before.replace("value + ", "value * ").replace("value * 1", "value - 1", LINES // 2)
    names = [f"src/part{n % 40}/file{n}.rs" for n in range(FILES)]
    repository.commit("Begin", dict.fromkeys(names, before))
    repository.commit("Change", dict.fromkeys(names, after.replace("item_", "thing_", LINES // 2)))
    return repository


def main() -> None:
    """Measure and print."""
    if not os.environ.get("CHROMIUM"):
        print("diff page: left out, set CHROMIUM to a Chromium program")
        return
    with tempfile.TemporaryDirectory() as folder:
        repository = change(Path(folder) / "wide")
        with serving(Path(folder) / "home") as server, sync_playwright() as playwright:
            client = Client(server)
            project = client.open_project(repository.path)
            review = client.post(f"{project}reviews/start/", {"kind": "range", "head": "HEAD"})
            client.review_state(review, "done", seconds=300)
            browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=FLAGS)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(server.sign_in_url())
            page.wait_for_url(f"{server.url}/")
            shown = []
            for _ in range(ROUNDS):
                page.goto(server.url + review, wait_until="commit")
                shown.append(page.evaluate(FIRST_ROWS))
            page.wait_for_load_state("load")
            elements = page.evaluate("document.querySelectorAll('*').length")
            heap = page.evaluate("performance.memory.usedJSHeapSize") / 1e6
            steps = page.evaluate(STEP)
            files, added, removed = FILES, FILES * LINES, FILES * LINES
            print(f"diff page, {files:,} files, {added:,} lines added and {removed:,} removed")
            print(f"  first files shown after   {statistics.median(shown):7.0f} ms median of {ROUNDS}")
            print(f"  a step to the next change {statistics.median(steps):7.1f} ms median of 20")
            print(f"  elements on the page      {elements:7,}")
            print(f"  script heap               {heap:7.1f} MB")
            browser.close()


if __name__ == "__main__":
    main()
