"""The second picture of a search: for each setting, its value against the loss."""

from rust_ai_ide.training.searching.axes import Scale, level, picture, scale_of, text, upright
from rust_ai_ide.training.searching.chart import legend, mark
from rust_ai_ide.training.searching.result import SearchResult, TrialRecord

_PANEL, _TALL, _HEAD = 340, 250, 84
_LEFT, _MARGIN = 70, 20
_COLUMNS = 2
_MANY_TIMES = 20
"""A setting whose values differ by more than so many times is drawn by its logarithm."""


def settings_chart(result: SearchResult) -> str:
    """Return the SVG, a panel for each setting."""
    shown = [trial for trial in result.trials if trial.value is not None]
    names = list(result.best.settings)
    rows = -(-len(names) // _COLUMNS)
    title = f"{result.sampler.capitalize()} search: settings against the loss"
    parts = [text(_MARGIN, 26, title, "start", 16, bold=True), *legend(_MARGIN + 8, 52)]
    for place, name in enumerate(names):
        x, y = _PANEL * (place % _COLUMNS), _HEAD + _TALL * (place // _COLUMNS)
        parts += _panel(name, shown, result.best, x, y)
    best = ", ".join(f"{name} {value:.4g}" for name, value in result.best.settings.items())
    told = (
        f"A panel for each of {', '.join(names)}; up is the loss in nats a token. The best are {best}. "
        "The table is in results.json."
    )
    return picture(_PANEL * _COLUMNS + _MARGIN, _HEAD + _TALL * rows, title, told, parts)


def _panel(name: str, shown: list[TrialRecord], best: TrialRecord, x: float, y: float) -> list[str]:
    values = [float(trial.settings[name]) for trial in shown]
    left, right, top, bottom = x + _LEFT, x + _PANEL - 10, y + 24, y + _TALL - 50
    across = _across(values, left + 10, right - 10)
    up = scale_of([trial.value or 0.0 for trial in shown], bottom, top)
    return [
        text((left + right) / 2, y + 10, name, bold=True),
        *upright(up, left, right, 4),
        *level(across, bottom, across.ticks(4)),
        *(
            mark(t, across.at(float(t.settings[name])), up.at(t.value or 0.0), is_best=t == best)
            for t in shown
        ),
    ]


def _across(values: list[float], start: float, end: float) -> Scale:
    is_wide = min(values) > 0 and max(values) / min(values) > _MANY_TIMES
    return scale_of(values, start, end, log=is_wide)
