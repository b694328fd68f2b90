"""What docs/coverage.md names exists, and no requirement is left out."""

import importlib
import re
import shlex

import pytest
from django.urls import get_resolver

from config.asgi import sockets
from rust_ai_ide.cli.main import build_parser
from tests.docs.reading import ROOT, page, rows

TABLES = [row for row in rows(page("coverage.md")) if len(row) == 4 and row[0] != "Id"]
NAMED = [named for row in TABLES for named in re.findall(r"([a-z]+) `([^`]+)`", row[2])]
COUNTS = {"P": 6, "R": 10, "S": 6, "A": 6, "L": 9, "E": 4, "T": 7, "W": 4, "X": 4, "O": 6}


def ids() -> list[str]:
    """Return the ids that the page speaks about, ranges written out."""
    found = [row[0] for row in TABLES]
    for row in rows(page("coverage.md")):
        span = re.fullmatch(r"([A-Z])(\d+)–\1(\d+)", row[0])
        if span:
            found += [f"{span[1]}{number}" for number in range(int(span[2]), int(span[3]) + 1)]
    return found


def test_each_requirement_is_spoken_of_once():
    wanted = [f"{letter}{number}" for letter, count in COUNTS.items() for number in range(1, count + 1)]
    assert sorted(ids()) == sorted(wanted)


@pytest.mark.parametrize("row", TABLES, ids=lambda row: row[0])
def test_a_row_says_what_there_is_and_what_not(row):
    assert row[3], "what is not there yet?"
    assert row[2] == "nothing" or re.fullmatch(r"([a-z]+ `[^`]+`(, )?)+", row[2]), row[2]


@pytest.mark.parametrize(("kind", "name"), sorted(set(NAMED)), ids=lambda value: value)
def test_what_is_named_exists(kind, name):
    if kind in ("page", "endpoint"):
        assert get_resolver().reverse_dict.getlist(name), f"no address is named {name}"
        assert (kind == "endpoint") == name.startswith("api-")
    elif kind == "command":
        program, *arguments = shlex.split(name)
        assert program == "rust-ai-ide"
        build_parser().parse_args(arguments)
    elif kind == "module":
        importlib.import_module(name)
    elif kind == "file":
        assert (ROOT / name).is_file()
    elif kind == "socket":
        assert any(route.pattern.match(name) for route in sockets.routes)
    else:
        pytest.fail(f"a {kind} cannot be checked")
