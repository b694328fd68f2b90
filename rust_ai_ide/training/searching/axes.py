"""Axes of the charts: where a number lies on the picture, and the round numbers that are written beside it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

INK, FAINT, PAPER = "#1f2328", "#d0d7de", "#ffffff"
FIRST, SECOND, THIRD = "#0550ae", "#6e7781", "#b35900"
_ROUND = (1, 2, 2.5, 5, 10)
_FEW = 2


@dataclass(frozen=True)
class Scale:
    """Maps numbers from `low` to `high` onto pixels from `start` to `end`, by their logarithms where `log`."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """Return the pixel of a number."""
        low, high, number = (math.log(n) if self.log else n for n in (self.low, self.high, value))
        share = (number - low) / (high - low) if high > low else 0.5
        return self.start + share * (self.end - self.start)

    def ticks(self, most: int) -> list[float]:
        """Return up to about `most` round numbers on the scale."""
        if self.log:
            powers = range(math.ceil(math.log10(self.low)), math.floor(math.log10(self.high)) + 1)
            found = [10.0**power for power in powers]
            return found if len(found) >= _FEW else [self.low, self.high]
        if self.high <= self.low:
            return [self.low]
        step = _step((self.high - self.low) / most)
        first, last = math.ceil(self.low / step), math.floor(self.high / step)
        return [number * step for number in range(first, last + 1)]


def scale_of(values: Sequence[float], start: float, end: float, *, log: bool = False) -> Scale:
    """Return a scale for the values, with a little room at both ends unless `log`."""
    low, high = min(values), max(values)
    room = 0.0 if log else 0.05 * (high - low)
    return Scale(low - room, high + room, start, end, log)


def text(
    x: float, y: float, words: str, anchor: str = "middle", size: int = 12, *, bold: bool = False
) -> str:
    """Return a text of the picture."""
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}"{weight}>{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, colour: str = FAINT) -> str:
    """Return a thin line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'


def upright(scale: Scale, left: float, right: float, most: int = 5) -> list[str]:
    """Return an axis from bottom to top: a faint line and a number for each tick."""
    parts = []
    for tick in scale.ticks(most):
        parts += [line(left, scale.at(tick), right, scale.at(tick))]
        parts += [text(left - 8, scale.at(tick) + 4, f"{tick:.4g}", "end")]
    return parts


def level(scale: Scale, bottom: float, ticks: Sequence[float]) -> list[str]:
    """Return an axis from left to right."""
    parts = [line(scale.start, bottom, scale.end, bottom, INK)]
    for tick in ticks:
        parts += [line(scale.at(tick), bottom, scale.at(tick), bottom + 4, INK)]
        parts += [text(scale.at(tick), bottom + 18, f"{tick:.4g}")]
    return parts


def picture(width: int, height: int, title: str, told: str, parts: Sequence[str]) -> str:
    """Return a whole SVG, which says in words what it shows."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-labelledby="title told" font-family="system-ui, sans-serif" fill="{INK}">\n'
        f'<title id="title">{escape(title)}</title>\n<desc id="told">{escape(told)}</desc>\n'
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * each for each in _ROUND if power * each >= least)
