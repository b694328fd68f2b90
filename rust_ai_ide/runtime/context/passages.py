"""Texts that are not Rust, such as a README or a manifest, cut into passages that can be sent one by one."""

import re
from collections.abc import Iterator

from rust_ai_ide.runtime.context.facts import Definition

LONGEST_PASSAGE = 1_200
"""In bytes; a longer paragraph is cut after a line."""
MOST_PASSAGES = 200

_HEADING = re.compile(rb"(?:#{1,6} |\[)")


def passages(source: bytes) -> list[Definition]:
    """Return the passages of a text in order; none where it is no text at all.

    A passage begins at a heading of Markdown, at a table of TOML, or where the one before is long enough.
    """
    if b"\0" in source:
        return []
    found: list[Definition] = []
    heading = ""
    for start, end in _spans(source):
        text = source[start:end].decode("utf-8", "replace").strip()
        if not text:
            continue
        first = text.partition("\n")[0].strip()
        if _HEADING.match(source, start):
            heading = first.strip("#[] \t")
        line = source.count(b"\n", 0, start) + 1
        last = line + source[start:end].rstrip().count(b"\n")
        found.append(
            Definition("text", heading, "", "", "", True, False, False, start, end, line, last, text, "")
        )
        if len(found) == MOST_PASSAGES:
            break
    return found


def _spans(source: bytes) -> Iterator[tuple[int, int]]:
    start = at = 0
    for line in source.splitlines(keepends=True):
        is_long = at - start + len(line) > LONGEST_PASSAGE
        if at > start and (is_long or _HEADING.match(line)):
            yield start, at
            start = at
        at += len(line)
        while at - start > LONGEST_PASSAGE:  # a line longer than a passage
            yield start, start + LONGEST_PASSAGE
            start += LONGEST_PASSAGE
    if at > start:
        yield start, at
