"""Every command and option is documented; every command line that is shown is understood."""

import argparse
import re
import shlex

import pytest

from rust_ai_ide.cli.main import build_parser
from rust_ai_ide.review.rules import every_rule
from tests.docs.reading import ROOT, blocks, page, pages, row_of, rows

PLACES = {
    "advise": "advice.md",
    "architecture": "architecture-view.md architecture-document.md patterns.md",
    "dataset": "datasets.md",
    "decide": "decisions.md",
    "hook": "reviewing.md",
    "rules": "reviewing.md",
    "evaluate": "training.md reviewing.md",
    "metrics": "metrics.md",
    "models": "models.md",
    "review": "reviewing.md",
    "runtime": "models.md",
    "serve": "operation.md",
    "sign-in-url": "operation.md",
    "train": "training.md",
}


def commands() -> dict[str, argparse.ArgumentParser]:
    """Return the parsers of the commands by name."""
    actions = build_parser()._actions
    (commands,) = (action for action in actions if isinstance(action, argparse._SubParsersAction))
    return dict(commands.choices)


def options(name: str, parser: argparse.ArgumentParser) -> list[tuple[str, argparse.Action]]:
    """Return the options of a command and of what is below it."""
    found = [(name, action) for action in parser._actions if action.option_strings]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found += [option for below in action.choices.values() for option in options(name, below)]
    return found


OPTIONS = [option for name, parser in commands().items() for option in options(name, parser)]


@pytest.mark.parametrize(("command", "action"), OPTIONS, ids=lambda value: getattr(value, "dest", value))
def test_an_option_is_documented(command, action):
    text = "\n".join(map(page, PLACES[command].split()))
    for option in action.option_strings:
        assert re.search(rf"`{option}[` ]", text), f"docs/{PLACES[command]} does not tell of {option}"
    if action.choices:
        told = [" ".join(row) for row in rows(text) if row[0].startswith(f"`{action.option_strings[-1]} ")]
        assert told
        choices = [f"`{choice}`" for choice in action.choices]
        # Several commands below one may have an option of that name: a row for each tells of all its choices.
        told_all = any(all(choice in row for choice in choices) for row in told)
        assert told_all or action.dest == "fail_on"


@pytest.mark.parametrize("command", sorted(commands()))
def test_a_command_is_documented(command):
    assert row_of(page("operation.md"), f"rust-ai-ide {command}")


@pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_unknown_option_is_documented(path):
    known = {option for _, action in OPTIONS for option in action.option_strings} | {"--version", "--help"}
    for row in rows(path.read_text()):
        for option in re.findall(r"^`(--[a-z-]+)", row[0]):
            assert option in known


COMMAND_LINE = re.compile(r"(?<!-C )(?<!\S)(?:\S*/)?rust-ai-ide ([a-z-][^|)#]*)")


def shown_commands() -> list[str]:
    """Return the arguments of the command lines of our own that pages show."""
    found = []
    for path in pages():
        for block in [one for language in ("sh", "yaml") for one in blocks(path.read_text(), language)]:
            for line in block.replace("\\\n", " ").splitlines():
                found += COMMAND_LINE.findall(line.replace("$(", "$( "))
    return found


def test_command_lines_are_found():
    assert len(shown_commands()) > 15


@pytest.mark.parametrize("arguments", shown_commands())
def test_a_shown_command_is_understood(arguments):
    build_parser().parse_args(shlex.split(arguments))


@pytest.mark.parametrize("target", re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
def test_a_make_target_is_documented(target):
    assert row_of(page("development.md"), target), f"docs/development.md does not list `make {target}`"


def test_no_unknown_make_target_is_named():
    known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for path in pages():
        assert set(re.findall(r"`make ([a-z-]+)", path.read_text())) <= known, path


def test_the_number_of_rules_is_right():
    for text in (page("reviewing.md"), (ROOT / "CHANGELOG.md").read_text()):
        assert re.findall(r"(\d+) rules", text) == [str(len(every_rule()))]


def test_the_exit_codes_are_documented():
    text = page("reviewing.md")
    assert {"0", "1", "2"} <= {row[0] for row in rows(text)}
