"""The sentences of docs/troubleshooting.md are those that the program says."""

import ast
import re
from functools import cache

import pytest

from tests.docs.reading import ROOT, page, rows, spans

SENTENCES = [spans(row[0])[0] for row in rows(page("troubleshooting.md")) if spans(row[0])]
LEAST_SHARE = 0.5


@cache
def templates() -> list[tuple[re.Pattern[str], int]]:
    """Return every string of the program as an expression, with how many letters of it are fixed."""
    found = []
    for folder in ("rust_ai_ide", "apps", "config"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                parts = node.values if isinstance(node, ast.JoinedStr) else [node]
                fixed = [part.value if isinstance(part, ast.Constant) else None for part in parts]
                if any(isinstance(part, str) for part in fixed):
                    pattern = "".join(re.escape(part) if isinstance(part, str) else ".*" for part in fixed)
                    letters = sum(len(part) for part in fixed if isinstance(part, str))
                    found.append((re.compile(pattern, re.DOTALL), letters))
    return found


@cache
def other_texts() -> str:
    """Return what templates and the Makefile say."""
    listed = [*(ROOT / "templates").rglob("*.html"), ROOT / "Makefile"]
    return "\n".join(path.read_text() for path in listed)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_program_says_so(sentence):
    if sentence in other_texts():
        return
    enough = LEAST_SHARE * len(sentence.replace("…", ""))
    said = any(letters >= enough and pattern.fullmatch(sentence) for pattern, letters in templates())
    assert said, "the program has no such sentence"


def test_there_are_sentences():
    assert len(SENTENCES) > 40
