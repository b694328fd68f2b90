"""Puts an explanation together: importance first, then whether it can be trusted, then what would change the line."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rust_ai_ide.runtime.explaining.asking import Asker, Budget, BudgetSpent
from rust_ai_ide.runtime.explaining.counterfactual import MOST_TRIED, Counterfactual, counterfactual
from rust_ai_ide.runtime.explaining.faithfulness import RANDOM_ORDERS, STEPS, Faithfulness, faithfulness
from rust_ai_ide.runtime.explaining.spans import MOST_WORDS, Span, spans_of, without, words_of

SECONDS = 20.0
"""After so long nothing more is asked of the model."""
SEED = 7
WEIGHED_BY_WORD = 2
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Weighed:
    """A part and how much rests on it.

    `drop` is by how much the mean log-probability of the suggestion's tokens falls without the part, in nats; below
    nought, the part speaks against it. `share` is its part of all that speaks for it, 0 to 1.
    """

    span: Span
    drop: float
    share: float

    def as_json(self) -> dict[str, Any]:
        """Return it in values that JSON knows, without its text."""
        return {"start": self.span.start, "end": self.span.end, "drop": self.drop, "share": self.share}


@dataclass(frozen=True)
class Explanation:
    """What a suggestion rests on. `likelihood` is the geometric mean of its tokens' probabilities.

    `words` are those of the two most important parts, weighed by themselves. What there was no time for is None or
    empty; `left_out` counts parts that were not weighed.
    """

    likelihood: float
    parts: tuple[Weighed, ...]
    words: tuple[Weighed, ...]
    left_out: int
    faithfulness: Faithfulness | None
    counterfactual: Counterfactual | None
    calls: int
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """Return it in values that JSON knows; texts of edits are left out."""
        found = self.counterfactual
        return {
            "likelihood": self.likelihood,
            "parts": [part.as_json() for part in self.parts],
            "words": [word.as_json() | {"text": word.span.text} for word in self.words],
            "left_out": self.left_out,
            "faithfulness": (
                asdict(self.faithfulness) | {"gain": self.faithfulness.gain} if self.faithfulness else None
            ),
            "counterfactual": None
            if found is None
            else {
                "written": found.written,
                "instead": found.instead,
                "tried": found.tried,
                "kind": found.edit.kind if found.edit else "",
                "what": found.edit.what if found.edit else "",
            },
            "calls": self.calls,
            "seconds": self.seconds,
        }


async def explain(
    asker: Asker,
    before: str,
    after: str,
    text: str,
    *,
    seed: int = SEED,
    seconds: float = SECONDS,
    tell: Tell = lambda activity, done, total: None,
) -> Explanation:
    """Explain why a model suggests `text` between two texts, in about `seconds`, with at most about 100 calls of it.

    The random orders come from `seed`. Raises what the asker raises.
    """
    spans = spans_of(before, after)
    # The orders begin and end alike: with everything, and with nothing.
    checks = 2 * (RANDOM_ORDERS + 1) * (min(STEPS, len(spans)) - 1) + 2
    most = 1 + len(spans) + max(0, checks) + MOST_WORDS + 1 + MOST_TRIED
    activity = "Weighing the lines"
    budget = Budget(asker, seconds, lambda calls: tell(activity, min(calls, most), most))
    whole = await budget.score(before, after, text)
    drops: list[tuple[Span, float]] = []
    words: list[tuple[Span, float]] = []
    checked: Faithfulness | None = None
    changed: Counterfactual | None = None
    try:
        await _weigh(budget, before, after, text, whole, spans, drops)
        drops.sort(key=_by_drop)
        ordered = [span for span, _ in drops]
        activity = "Comparing their order with random ones"
        if len(ordered) > 1:
            checked = await faithfulness(budget, before, after, text, ordered, seed)
        activity = "Weighing words"
        first = words_of(span for span, drop in drops[:WEIGHED_BY_WORD] if drop > 0)
        await _weigh(budget, before, after, text, whole, first, words)
        activity = "Looking for what would change the line"
        changed = await counterfactual(budget, before, after, [span for span, drop in drops if drop > 0])
    except BudgetSpent:
        # What was found so far is told.
        pass
    return Explanation(
        likelihood=math.exp(whole),
        parts=_shared(drops),
        words=_shared(words),
        left_out=len(spans) - len(drops),
        faithfulness=checked,
        counterfactual=changed,
        calls=budget.calls,
        seconds=budget.spent,
    )


async def _weigh(
    budget: Budget,
    before: str,
    after: str,
    text: str,
    whole: float,
    spans: Sequence[Span],
    drops: list[tuple[Span, float]],
) -> None:
    """Add by how much the score falls without each part. Raises BudgetSpent, with what was weighed kept."""
    for span in spans:
        drops.append((span, whole - await budget.score(*without(before, after, [span]), text)))


def _shared(drops: Iterable[tuple[Span, float]]) -> tuple[Weighed, ...]:
    ordered = sorted(drops, key=_by_drop)
    total = sum(drop for _, drop in ordered if drop > 0)
    return tuple(Weighed(span, drop, max(0.0, drop) / total if total else 0.0) for span, drop in ordered)


def _by_drop(item: tuple[Span, float]) -> float:
    return -item[1]
