"""The picture of a search: the loss of each trial, and the best that was known by then."""

from itertools import accumulate

from rust_ai_ide.training.searching.axes import (
    FIRST,
    SECOND,
    THIRD,
    Scale,
    level,
    line,
    picture,
    scale_of,
    text,
    upright,
)
from rust_ai_ide.training.searching.result import SearchResult, TrialRecord

_WIDTH, _HEIGHT = 760, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 740, 84, 350
_MOST_NUMBERS = 12


def mark(trial: TrialRecord, x: float, y: float, *, is_best: bool = False) -> str:
    """Return a trial's sign with its number and loss to point at."""
    words = f"<title>Trial {trial.number}, {trial.state}: {trial.value:.4f}</title>"
    return f"<g>{words}{_sign(trial.state, x, y, is_best=is_best)}</g>"


def legend(x: float, y: float) -> list[str]:
    """Return what the signs mean."""
    signs = (
        ("complete", False, "complete"),
        ("complete", True, "best"),
        ("pruned", False, "pruned or failed"),
    )
    parts = []
    for place, (state, is_best, words) in enumerate(signs):
        here = x + 100 * place
        parts += [_sign(state, here, y, is_best=is_best), text(here + 14, y + 4, words, "start")]
    return parts


def trials_chart(result: SearchResult) -> str:
    """Return the SVG."""
    shown = [trial for trial in result.trials if trial.value is not None]
    losses = [trial.value or 0.0 for trial in shown]
    across = Scale(0, max(1, result.trials[-1].number), _LEFT + 12, _RIGHT - 12)
    up = scale_of(losses, _BOTTOM, _TOP)
    every = max(1, -(-len(result.trials) // _MOST_NUMBERS))
    best = result.best
    title = f"{result.sampler.capitalize()} search: loss of each trial"
    parts = [
        text(_LEFT, 26, title, "start", 16, bold=True),
        *legend(_LEFT + 8, 52),
        line(_LEFT + 350, 52, _LEFT + 372, 52, THIRD),
        text(_LEFT + 378, 56, "best so far", "start"),
        *upright(up, _LEFT, _RIGHT),
        *level(across, _BOTTOM, range(0, len(result.trials), every)),
        text((_LEFT + _RIGHT) / 2, _HEIGHT - 10, "Trial"),
        f'<g transform="rotate(-90 18 {(_TOP + _BOTTOM) / 2:.0f})">'
        + text(18, (_TOP + _BOTTOM) / 2, "Loss, nats a token")
        + "</g>",
        _best_so_far(result, across, up),
        *(mark(t, across.at(t.number), up.at(t.value or 0.0), is_best=t == best) for t in shown),
    ]
    pruned, failed = (sum(trial.state == state for trial in result.trials) for state in ("pruned", "failed"))
    told = (
        f"{len(result.trials)} trials, of which {pruned} were pruned and {failed} failed. The least loss, "
        f"{best.value:.4f} nats a token, is that of trial {best.number}. The table is in results.json."
    )
    return picture(_WIDTH, _HEIGHT, title, told, parts)


def _best_so_far(result: SearchResult, across: Scale, up: Scale) -> str:
    whole = [trial for trial in result.trials if trial.state == "complete" and trial.value is not None]
    least = list(accumulate((trial.value or 0.0 for trial in whole), min))
    path = f"M{across.at(whole[0].number):.1f} {up.at(least[0]):.1f}"
    for trial, value in zip(whole[1:], least[1:], strict=True):
        path += f"H{across.at(trial.number):.1f}V{up.at(value):.1f}"
    path += f"H{across.at(result.trials[-1].number):.1f}"
    return f'<path d="{path}" fill="none" stroke="{THIRD}" stroke-width="1.5"/>'


def _sign(state: str, x: float, y: float, *, is_best: bool) -> str:
    """Return a dot, with a ring around it for the best, or a cross for a trial that did not come to its end."""
    if state == "complete":
        ring = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="none" stroke="{THIRD}" stroke-width="2"/>'
        return f'{ring if is_best else ""}<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{FIRST}"/>'
    cross = f"M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8"
    return f'<path d="{cross}" stroke="{SECOND}" stroke-width="2"/>'
