import pytest
from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.source.git import DiskFull, NotARepository, printable
from rust_ai_ide.source.git.errors import error_from

HOSTILE = "fatal: \x1b]0;title\x07bad \x1b[31mref\x1b[0m\r\n\x9b2J \u202egnp.exe\x08\x00 'x'\r\nremote: more"


def test_terminal_escapes_never_reach_a_message() -> None:
    message = str(error_from(HOSTILE, "read"))
    assert message == "git could not read: bad ref."
    assert message.isprintable()


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("fatal: write error: No space left on device", DiskFull),
        ("error: Disk quota exceeded", DiskFull),
        ("fatal: sha1 file 'x' write error. Out of diskspace.", DiskFull),
        ("fatal: not a git repository: 'x'", NotARepository),
    ],
)
def test_causes_are_told_apart(said: str, kind: type[Exception]) -> None:
    assert isinstance(error_from(said, "store it"), kind)


@given(st.text(max_size=200))
def test_no_control_character_is_left(text: str) -> None:
    left = printable("\x1b[" + text)
    assert all(
        character in "\n\t" or (ord(character) >= 32 and not 127 <= ord(character) < 160)
        for character in left
    )


@given(st.binary(max_size=200))
def test_any_output_makes_one_short_sentence(raw: bytes) -> None:
    message = str(error_from(raw, "read"))
    assert len(message) < 600
    assert "\n" not in message
    assert "\x1b" not in message
