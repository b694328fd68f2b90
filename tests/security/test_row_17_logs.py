"""Row 17, in logs and on the command line: what is quoted cannot steer a terminal or forge a line."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.logs import PrintableFormatter
from rust_ai_ide.cli.main import main
from rust_ai_ide.observability.printable import printable


@given(st.text())
def test_nothing_printable_steers(text):
    shown = printable(text)
    assert not any(ord(character) < 32 and character != "\t" for character in shown)
    assert not any(character in shown for character in "\x1b\x7f\x9b\u202e\u2066\u200f")


def test_a_log_line_stays_one_line():
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, "asked for %s", ("a\r\nFORGED \x1b[31m",), None)
    line = PrintableFormatter("%(message)s").format(record)
    assert "\n" not in line
    assert "\x1b" not in line


@pytest.mark.parametrize("name", ["\x1b]0;owned\x07.rs", "a\rb.rs", "\u202egnp.rs"])
def test_the_command_line_shows_names_safely(tmp_path, capsys, name):
    path = tmp_path / name
    path.write_text("pub fn evil() {\n    dbg!(1);\n}\n")
    main(["review", "--no-cache", "--files", str(path)])
    main(["review", "--files", str(tmp_path / f"missing{name}")])
    said = capsys.readouterr()
    for text in (said.out, said.err):
        assert not any(bad in text for bad in "\x1b\x07\r\u202e")
    assert "dbg" in said.out
