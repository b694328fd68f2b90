"""Completes a line by one that was written alike nearby, with the words exchanged that the two differ in.

After `width: self.width.max(1),` the line `height: self.` goes on with `height.max(1),`. What is typed so far is laid
over the beginning of a line nearby, word by word and sign by sign; words that differ must differ in the same way
throughout, whatever their case, and are then exchanged in the rest of that line, too.
"""

import re
from collections.abc import Iterator

from rust_ai_ide.runtime.completion.copying import THIS_FILE, Proposal

MOST_LINES = 300
"""Lines that are tried on each side of the cursor, the nearest first."""
MOST_EXCHANGED = 3
MOST_PROPOSALS = 4
FEWEST_ALIKE = 2
"""Words and signs that must be the same in both beginnings."""
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|_|\s+|.")
_KEYWORDS = frozenset(
    re.findall(
        r"\w+",
        "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod "
        "move mut pub ref return self static struct super trait true type unsafe use where while",
    )
)


def propose_by_adapting(before: str, after: str) -> list[Proposal]:
    """Return the rests of nearby lines, adapted, those nearest first, each text once."""
    above, _, begun = before.rpartition("\n")
    typed = _parts(begun.lstrip())
    if len(typed) <= FEWEST_ALIKE:
        return []
    found: dict[str, Proposal] = {}
    for line in _nearby(above, after):
        rest = _adapted(typed, _parts(line))
        if rest and rest[0].strip():
            text, exchanged = rest
            found.setdefault(
                text, Proposal(text, len(begun.lstrip().encode()), THIS_FILE, exchanged=exchanged)
            )
        if len(found) == MOST_PROPOSALS:
            break
    return list(found.values())


def _nearby(above: str, after: str) -> Iterator[str]:
    """Yield lines without their indentation, those above and below in turn."""
    upwards = reversed(above.rsplit("\n", MOST_LINES)[-MOST_LINES:])
    downwards = iter(after.split("\n", MOST_LINES + 1)[1 : MOST_LINES + 1])
    for line in upwards:
        yield line.strip()
        below = next(downwards, None)
        if below is not None:
            yield below.strip()
    yield from (line.strip() for line in downwards)


def _adapted(typed: list[str], line: list[str]) -> tuple[str, int] | None:
    """Return the adapted rest of a line and how many words were exchanged; None where the beginnings differ."""
    if len(line) < len(typed):
        return None
    exchanged: dict[str, str] = {}
    alike = 0
    *whole, last = typed
    for mine, theirs in zip(whole, line, strict=False):
        if mine == theirs:
            alike += not mine.isspace()
            if exchanged.get(mine.lower(), mine.lower()) != mine.lower():
                return None
        elif not _exchange(exchanged, theirs, mine):
            return None
    theirs = line[len(whole)]
    rest = line[len(whole) + 1 :]
    expected = _exchanged(theirs, exchanged)
    # The last word may have only begun.
    if expected.startswith(last):
        begun = expected[len(last) :]
        alike += theirs == last
    elif _exchange(exchanged, theirs, last):
        begun = ""
    else:
        return None
    if not exchanged or len(exchanged) > MOST_EXCHANGED or alike < FEWEST_ALIKE:
        return None
    return begun + "".join(_exchanged(part, exchanged) for part in rest), len(exchanged)


def _exchange(exchanged: dict[str, str], theirs: str, mine: str) -> bool:
    """Note that one word stands for another; tell whether it can."""
    old, new = theirs.lower(), mine.lower()
    if not (old.isalnum() and new.isalnum()) or old in _KEYWORDS or new in _KEYWORDS:
        return False
    if old.isdigit() != new.isdigit():
        return False
    return exchanged.setdefault(old, new) == new


def _exchanged(part: str, exchanged: dict[str, str]) -> str:
    """Return the word that stands for a part, in the part's case."""
    new = exchanged.get(part.lower())
    if new is None or new == part.lower():
        return part
    if part.isupper() and len(part) > 1:
        return new.upper()
    return new.capitalize() if part[:1].isupper() else new


def _parts(line: str) -> list[str]:
    return _PART.findall(line)
