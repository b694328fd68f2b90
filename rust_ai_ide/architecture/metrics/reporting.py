"""Measures as JSON, as CSV, and as a table of what is most complex."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence

from rust_ai_ide.architecture.metrics.project import MeasuredFile
from rust_ai_ide.architecture.metrics.spaces import Mode, Space, SpaceKind

Value = int | float | None
_DIGITS = 3
_RATIO_DIGITS = 6


def values_of(space: Space) -> dict[str, Value]:
    """Return the measures by the names they have in reports, rounded; None is undefined."""
    metrics = space.metrics
    return {
        "cyclomatic": metrics.cyclomatic,
        "cognitive": metrics.cognitive,
        "exits": metrics.exits,
        "functions": metrics.functions,
        "closures": metrics.closures,
        "sloc": metrics.sloc,
        "ploc": metrics.ploc,
        "lloc": metrics.lloc,
        "cloc": metrics.cloc,
        "blank": metrics.blank,
        "halstead_n1": metrics.distinct_operators,
        "halstead_N1": metrics.operators,
        "halstead_n2": metrics.distinct_operands,
        "halstead_N2": metrics.operands,
        "halstead_volume": _rounded(metrics.volume),
        "halstead_difficulty": _rounded(metrics.difficulty),
        "halstead_effort": _rounded(metrics.effort),
        "mi_original": _rounded(metrics.mi_original),
        "mi_sei": _rounded(metrics.mi_sei),
        "mi_visual_studio": _rounded(metrics.mi_visual_studio),
        "debt_minutes": space.debt_minutes,
        "debt_ratio": None if space.debt_ratio is None else round(space.debt_ratio, _RATIO_DIGITS),
    }


def to_json(files: Sequence[MeasuredFile], mode: Mode) -> str:
    """Return every space, those before that lie around it, and why files could not be measured.

    `parent` is the place of the space around it in the list, counted from 0, and null for a file.
    """
    spaces = [
        {
            "path": path,
            "name": space.name,
            "kind": space.kind.value,
            "start_line": space.start_line,
            "end_line": space.end_line,
            "parent": parent,
            "metrics": values_of(space),
        }
        for path, space, parent in _all_spaces(files)
    ]
    notes = [{"path": file.path, "message": file.note} for file in files if file.space is None]
    return json.dumps({"mode": mode.value, "spaces": spaces, "not_measured": notes}, indent=2) + "\n"


def to_csv(files: Iterable[MeasuredFile]) -> str:
    """Return a row for each space, files and what lies in them alike."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    is_first = True
    for path, space, _ in _all_spaces(files):
        values = values_of(space)
        if is_first:
            writer.writerow(["path", "name", "kind", "start_line", "end_line", *values])
            is_first = False
        row = ["" if value is None else value for value in values.values()]
        writer.writerow([path, space.name, space.kind.value, space.start_line, space.end_line, *row])
    return text.getvalue()


def most_complex(files: Iterable[MeasuredFile], count: int) -> list[tuple[str, ...]]:
    """Return the functions of the highest cognitive complexity as rows of a table, with its heads."""
    functions = [(path, space) for path, space, _ in _all_spaces(files) if space.kind is SpaceKind.FUNCTION]
    functions.sort(key=lambda one: (-one[1].metrics.cognitive, -one[1].metrics.cyclomatic, one[0]))
    rows: list[tuple[str, ...]] = [
        ("Cognitive", "Cyclomatic", "Lines", "Maintainability", "Function", "Place")
    ]
    for path, space in functions[:count]:
        metrics = space.metrics
        index = metrics.mi_visual_studio
        rows.append(
            (
                str(metrics.cognitive),
                str(metrics.cyclomatic),
                str(metrics.sloc),
                "" if index is None else f"{index:.0f}",
                space.name,
                f"{path}:{space.start_line}",
            )
        )
    return rows


def _all_spaces(files: Iterable[MeasuredFile]) -> Iterator[tuple[str, Space, int | None]]:
    """Yield each space with its path and the number of the space around it."""
    number = 0
    for file in files:
        waiting: list[tuple[Space, int | None]] = [(file.space, None)] if file.space else []
        while waiting:
            space, parent = waiting.pop()
            yield file.path, space, parent
            waiting.extend((inner, number) for inner in reversed(space.spaces))
            number += 1


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)
