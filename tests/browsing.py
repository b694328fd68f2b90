"""A real browser for tests: pytest's fixtures, registered by `tests/conftest.py`."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.serving import Server

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run", "--disable-quic"]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for one module: while it runs, its event loop is in the way of other asynchronous tests."""
    if not os.environ.get("CHROMIUM"):
        pytest.skip("there is no Chromium; `make test` installs it where it may")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console complained about; a test of a page leaves it empty."""
    return []


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 800})
    made.set_default_timeout(15_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, server: Server, complaints: list[str]) -> Page:
    """A page that is signed in."""
    opened = context.new_page()
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(server.sign_in_url())
    opened.wait_for_url(f"{server.url}/")
    return opened
