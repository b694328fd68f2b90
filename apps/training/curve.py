"""A training's loss curve as its page shows it: a sentence, and the rows of the table that the chart is drawn from."""

from dataclasses import dataclass

from apps.training.jobs import Job
from rust_ai_ide.training.curves import Point, thinned

ROWS = 240


@dataclass(frozen=True)
class DrawnCurve:
    """`rows` are means of stretches of steps where there are more steps than rows."""

    sentence: str
    rows: list[Point]


def drawn_curve(job: Job) -> DrawnCurve:
    """Return what the page shows of a training's curve."""
    return DrawnCurve(_sentence(job), thinned(job.curve, ROWS))


def _sentence(job: Job) -> str:
    if not job.curve:
        return "No step is done yet."
    few = max(1, min(20, len(job.curve) // 4))
    first = sum(point.loss for point in job.curve[:few]) / few
    last = sum(point.loss for point in job.curve[-few:]) / few
    moved = "fell" if last < first else "rose"
    told = f"The loss {moved} from {first:.3f} to {last:.3f} nats a token in {job.step:,} steps"
    if job.best:
        told += f"; on the files kept back it was least at step {job.best.step:,}, {job.best.validation:.3f}"
    speed = sum(point.tokens_per_second for point in job.curve[-few:]) / few
    return f"{told}. {speed:,.0f} tokens a second."
