"""Every setting is documented, with its default, and nothing documented is unknown."""

import ast
import re
from dataclasses import MISSING, fields

import pytest
from django.conf import settings as _settings

from config.environment import KNOWN
from rust_ai_ide.review.config import ReviewConfig, config_from_toml
from rust_ai_ide.review.score import WEIGHTS
from tests.docs.reading import ROOT, blocks, page, row_of, rows

assert _settings.BASE_DIR == ROOT  # reading it declares the settings
KEPT_FOR_GIT = re.search(r"_KEPT = (\(.*?\))", (ROOT / "rust_ai_ide/source/git/command.py").read_text())
ENGINE = {
    "RUST_AI_IDE_HOST": "127.0.0.1",
    "RUST_AI_IDE_PORT": "8731",
    "NO_COLOR": "",
    "XDG_CONFIG_HOME": "",
    "GIT_INDEX_FILE": "",
    "GITHUB_STEP_SUMMARY": "",
    "SSH_AUTH_SOCK": "",
    "PATH": "the system's",
    "SSL_CERT_FILE": "",
    "SSL_CERT_DIR": "",
    "GIT_SSL_CAINFO": "",
    "TMPDIR": "the system's",
}
"""What the engine reads itself, and its defaults; `test_the_engine_reads_nothing_else` keeps it complete."""


def read_by_the_engine() -> set[str]:
    """Return the names of environment variables that the code names where it reads the environment."""
    assert KEPT_FOR_GIT
    found = set(ast.literal_eval(KEPT_FOR_GIT[1]))
    for path in [*(ROOT / "rust_ai_ide").rglob("*.py"), *(ROOT / "apps").rglob("*.py")]:
        text = path.read_text()
        found.update(re.findall(r"environ(?:\.get\(|\[)\s*\"(\w+)\"", text))
        found.update(re.findall(r"\"(\w+)\" in os\.environ", text))
    return found


def test_the_engine_reads_nothing_else():
    assert read_by_the_engine() - set(KNOWN) == set(ENGINE)


@pytest.mark.parametrize("name", sorted(KNOWN | dict.fromkeys(ENGINE)))
def test_a_variable_is_documented_with_its_default(name):
    row = row_of(page("configuration.md"), name)
    assert row, f"docs/configuration.md does not list {name}"
    default = KNOWN[name].default if name in KNOWN else ENGINE[name]
    assert row[1].strip("`") == (default or "none")


def test_no_unknown_variable_is_documented():
    listed = {row[0].strip("`") for row in rows(page("configuration.md"))} - {"Variable"}
    assert listed == set(KNOWN) | set(ENGINE)


@pytest.mark.parametrize("field", fields(ReviewConfig), ids=lambda field: field.name)
def test_a_setting_of_reviews_is_documented(field):
    text = page("reviewing.md")
    row = row_of(text, field.name)
    assert row, f"docs/reviewing.md does not list {field.name}"
    assert field.default is not MISSING
    if isinstance(field.default, bool | int):
        assert row[1] == f"`{str(field.default).lower()}`"
    assert any(line.startswith(f"{field.name} =") for line in blocks(text, "toml")[0].splitlines())


def test_the_settings_shown_are_the_defaults():
    assert config_from_toml(blocks(page("reviewing.md"), "toml")[0]) == ReviewConfig()


def test_the_weights_of_the_quality_are_documented():
    text = page("reviewing.md")
    shown = {row[0]: float(row[1]) for row in rows(text) if row[0] in set(WEIGHTS)}
    assert shown == {severity.value: weight for severity, weight in WEIGHTS.items()}


def test_the_names_in_the_data_directory_are_those_of_the_code():
    code = "\n".join(
        path.read_text()
        for folder in ("rust_ai_ide", "apps", "config")
        for path in (ROOT / folder).rglob("*.py")
    )
    table = page("operation.md").partition("## The data directory")[2].partition("\n## ")[0]
    listed = [row[0].strip("`").rstrip("/").rpartition("/")[2] for row in rows(table) if "`" in row[0]]
    assert len(listed) > 8
    for name in listed:
        assert f'"{name}"' in code, f"nothing is named {name}"
