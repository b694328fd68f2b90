"""Lines of a stream: ended by line breaks, and by nothing else that looks like one."""

import asyncio
import json
from collections.abc import AsyncIterator

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.runtime.connecting import lines_of


def lines(pieces: list[bytes], longest: int | None = None) -> list[str]:
    async def body() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    async def read() -> list[str]:
        return [line async for line in lines_of(httpx2.Response(200, content=body()), longest)]

    return asyncio.run(read())


texts = st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=12)


@given(
    st.lists(texts.filter(bool), min_size=1, max_size=5), st.sampled_from(["\n", "\r\n"]), st.integers(1, 7)
)
def test_lines_come_back_however_they_are_cut_up(said: list[str], end: str, step: int) -> None:
    whole = end.join(said).encode()
    assert lines([whole[at : at + step] for at in range(0, len(whole), step)]) == said


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1e"])
def test_a_separator_of_unicode_is_text(separator: str) -> None:
    line = f"data: {json.dumps({'text': f'a{separator}b'}, ensure_ascii=False)}"
    (only,) = lines([f"{line}\n".encode()])
    assert json.loads(only.removeprefix("data: ")) == {"text": f"a{separator}b"}


def test_a_line_without_end_is_refused() -> None:
    assert lines([b"12345\n12345"], longest=5) == ["12345", "12345"]
    for pieces in ([b"123456\n"], [b"123", b"456"]):
        with pytest.raises(ValueError, match="too long"):
            lines(pieces, longest=5)
