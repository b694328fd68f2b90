"""A few texts of a dataset, drawn as coloured code."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from apps.common.code_lines import CodeLines
from apps.projects.analysis import highlight_of
from rust_ai_ide.training.datasets.reading import Row

LINES = 24


@dataclass(frozen=True)
class ShownSample:
    """The beginning of a text; `left_out` counts the lines that are not shown."""

    row: Row
    lines: list[SafeString]
    left_out: int


def shown_samples(rows: list[Row]) -> list[ShownSample]:
    """Draw the first lines of each."""
    return [_shown(row) for row in rows]


def _shown(row: Row) -> ShownSample:
    source = row.text.encode()
    code = CodeLines(source, highlight_of("sample.rs", source))
    count = min(len(code), LINES)
    return ShownSample(row, [code.html(number) for number in range(1, count + 1)], len(code) - count)
