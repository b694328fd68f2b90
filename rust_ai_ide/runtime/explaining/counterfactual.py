"""The smallest edit of the text around a cursor after which the model writes another line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rust_ai_ide.runtime.context.words import identifiers
from rust_ai_ide.runtime.explaining.asking import Budget
from rust_ai_ide.runtime.explaining.spans import Span, without

MOST_TRIED = 16
MOST_SPANS = 8
NEW_NAME = "renamed"
SHORTEST_NAME = 2


@dataclass(frozen=True)
class Edit:
    """Renaming every occurrence of a name ("rename"), or emptying a line ("remove"); `size` counts characters."""

    kind: str
    what: str
    size: int
    before: str
    after: str


@dataclass(frozen=True)
class Counterfactual:
    """What was found: `edit` is None where none of those `tried` changed what the model writes."""

    written: str
    edit: Edit | None
    instead: str
    tried: int


async def counterfactual(
    budget: Budget, before: str, after: str, important: Sequence[Span]
) -> Counterfactual:
    """Try edits of the important parts, the smallest first, until the model writes another line.

    A line that only follows the renaming counts as the same. Raises BudgetSpent before anything is known.
    """
    written = (await budget.complete(before, after)).strip()
    edits = sorted(_edits(before, after, important[:MOST_SPANS]), key=lambda edit: edit.size)[:MOST_TRIED]
    for number, edit in enumerate(edits, 1):
        line = (await budget.complete(edit.before, edit.after)).strip()
        again = re.sub(rf"\b{NEW_NAME}\b", edit.what, line) if edit.kind == "rename" else line
        if again != written:
            return Counterfactual(written, edit, line, number)
    return Counterfactual(written, None, "", len(edits))


def _edits(before: str, after: str, spans: Sequence[Span]) -> Iterator[Edit]:
    # What is being typed is a part of a name, and none that could be renamed.
    typed = re.search(r"\w*$", before)
    head = before[: typed.start()] if typed else before
    tail = before[len(head) :]
    seen = {NEW_NAME, tail}
    for span in spans:
        names = identifiers(span.text)
        for name in names:
            if len(name) < SHORTEST_NAME or name in seen:
                continue
            seen.add(name)
            pattern = re.compile(rf"\b{re.escape(name)}\b")
            renamed, many = pattern.subn(NEW_NAME, head)
            renamed_after, more = pattern.subn(NEW_NAME, after)
            if many + more:
                yield Edit("rename", name, (many + more) * len(name), renamed + tail, renamed_after)
        # A bracket alone would break the syntax, and the line of the cursor is being written.
        if names and span.end and "\n" not in span.text:
            yield Edit("remove", span.text.strip(), len(span.text.strip()), *without(before, after, [span]))
