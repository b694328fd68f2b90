"""Relative links lead somewhere, and no file tells of the machine it was written on."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.docs.reading import ROOT, pages

LINK = re.compile(r"(?<!`)!?\[[^\]]*\]\(([^)\s]+)\)")
MACHINE = ["/" + name + "/" for name in ("work", "root")] + ["/tmp/" + "home"]
REGISTRIES = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "static.crates" + ".io",
    "index.crates" + ".io",
    "proxy.go" + "lang.org",
]
MEANT = {("tests/security/test_row_09_paths.py", MACHINE[1])}


def anchors(path: Path) -> set[str]:
    """Return what a link to a heading of a page may end with."""
    text = re.sub(r"^```.*?^```$", "", path.read_text(), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path):
    text = re.sub(r"^```.*?^```$", "", path.read_text(), flags=re.MULTILINE | re.DOTALL)
    for link in LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        place, _, anchor = link.partition("#")
        target = (path.parent / place).resolve() if place else path
        assert target.exists(), f"{link} leads nowhere"
        assert target.is_relative_to(ROOT), f"{link} leads out of the repository"
        assert not anchor or anchor in anchors(target), f"{link}: there is no such heading"


def tracked_texts() -> dict[str, str]:
    """Return every text file that git knows, by path."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    found = {}
    for name in listed.stdout.split("\0")[:-1]:
        path = ROOT / name
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            if b"\0" not in content:
                found[name] = content.decode("utf-8", "replace")
    return found


def told_of(texts: dict[str, str], words: list[str]) -> list[tuple[str, str]]:
    """Return which of the words stand in which texts."""
    return [(name, word) for name, text in texts.items() for word in words if word in text]


def test_no_file_holds_a_path_of_a_machine():
    assert set(told_of(tracked_texts(), MACHINE)) <= MEANT


def test_no_file_names_the_host_of_a_package_registry():
    assert told_of(tracked_texts(), REGISTRIES) == []
