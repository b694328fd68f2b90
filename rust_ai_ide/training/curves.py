"""The loss curve of a training, read from its log while it is still written."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from rust_ai_ide.training.pretraining import LOG


@dataclass(frozen=True, slots=True)
class Point:
    """A step of a training: seconds spent so far, losses in nats a token; `validation` where it was taken."""

    step: int
    seconds: float
    loss: float
    validation: float | None
    tokens_per_second: float


def read_curve(folder: Path) -> list[Point]:
    """Return the steps in the log of a training's folder; what was done again stands as it was done last.

    Lines that are cut, as by a kill, are left out.
    """
    try:
        lines = (folder / LOG).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    points = {point.step: point for point in map(_point, lines) if point}
    return [points[step] for step in sorted(points)]


def thinned(points: Sequence[Point], most: int) -> list[Point]:
    """Return at most `most` points: the means of stretches of steps, at the last step of each.

    A validation loss is that taken last in its stretch.
    """
    if len(points) <= most:
        return list(points)
    edges = [round(number * len(points) / most) for number in range(most + 1)]
    return [_mean(points[start:end]) for start, end in pairwise(edges)]


def best(points: Sequence[Point]) -> Point | None:
    """Return the point with the least validation loss, None where none was taken."""
    taken = [point for point in points if point.validation is not None]
    return min(taken, key=lambda point: point.validation or 0.0, default=None)


def _mean(stretch: Sequence[Point]) -> Point:
    last = stretch[-1]
    return Point(
        last.step,
        last.seconds,
        sum(point.loss for point in stretch) / len(stretch),
        next((point.validation for point in reversed(stretch) if point.validation is not None), None),
        sum(point.tokens_per_second for point in stretch) / len(stretch),
    )


def _point(line: str) -> Point | None:
    try:
        values: Any = json.loads(line)
        validation = values.get("validation")
        point = Point(
            int(values["step"]),
            float(values["seconds"]),
            float(values["loss"]),
            None if validation is None else float(validation),
            float(values["tokens_per_second"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return point if math.isfinite(point.loss) else None
