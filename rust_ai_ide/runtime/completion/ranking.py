"""How likely each line that could stand at the cursor is the one that is wanted: a logistic regression.

What speaks for a line is known before anything is shown: how much of what stands around it was found elsewhere, how
often, and whether the model would write the same. `rust-ai-ide train ranking` fits the weights in `ranking.json` on
places where the rest of the line is known. There are two sets, `alone` and `with_model`: what a match is worth depends
on whether a model was asked.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rust_ai_ide.home import data_directory
from rust_ai_ide.runtime.completion.copying import OTHER_FILE, THIS_FILE, Proposal
from rust_ai_ide.runtime.errors import InvalidConfig

SHIPPED = Path(__file__).with_name("ranking.json")
ALONE, WITH_MODEL = "alone", "with_model"
MODEL = "model"
_CLOSING_ENDS = (";", ",", "{", "}", ")")
Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ModelLine:
    """What a model would write at the cursor; `likelihood` is the mean log-probability of its tokens."""

    text: str
    likelihood: float


def candidates(proposals: Sequence[Proposal], written: ModelLine | None) -> list[Proposal]:
    """Return the lines to choose from: those copied and, where no copy says the same, what the model wrote."""
    lines = [one for one in proposals if one.source in {THIS_FILE, OTHER_FILE}]
    if written and written.text.strip() and all(one.text != written.text for one in lines):
        lines.append(Proposal(written.text, 0, MODEL, places=0, share=0.0))
    return lines


def features(
    line: Proposal, lines: Sequence[Proposal], written: ModelLine | None, before: str
) -> dict[str, float]:
    """Return what speaks for one of `lines`; `before` is what stands before the cursor."""
    start = before[-1:]
    begun = before.rpartition("\n")[2].strip()
    left_open = _open(line.text)
    matched, longest = math.log1p(line.match_length), max(math.log1p(one.match_length) for one in lines)
    followed, most_followed = (
        math.log1p(line.follow_length),
        max(math.log1p(one.follow_length) for one in lines),
    )
    found = {
        "is_other_file": float(line.source == OTHER_FILE),
        "is_model": float(line.source == MODEL),
        "is_adapted": float(line.exchanged > 0),
        "exchanged": float(line.exchanged),
        "matched": matched,
        "matched_less": matched - longest,
        "is_longest_match": float(matched == longest),
        "followed": followed,
        "followed_less": followed - most_followed,
        "places": math.log1p(line.places),
        "share": line.share,
        "rank": min(lines.index(line), 5) / 5,
        "lines": len(lines) / 10,
        "length": math.log1p(len(line.text)),
        "in_word": float(start.isalnum() or start == "_"),
        "begun": math.log1p(len(begun)),
        "ends_closed": float(line.text.endswith(_CLOSING_ENDS)),
        "ends_statement": float(line.text.endswith(";")),
        "left_open": left_open / 3,
        "line_left_open": (left_open + _open(begun)) / 3,
        "line_closes_more": float(left_open + _open(begun) < 0),
    }
    if written is not None:
        agreed = _common(line.text, written.text)
        probability = math.exp(written.likelihood)
        is_same = float(line.text == written.text)
        found |= {
            "agreed_of_line": agreed / max(1, len(line.text)),
            "agreed_of_model": agreed / max(1, len(written.text)),
            "is_same": is_same,
            "model_probability": probability,
            "same_probability": is_same * probability,
            "agreed_probability": probability * agreed / max(1, len(line.text)),
        }
    return found


def probability(found: Mapping[str, float], weights: Weights) -> float:
    """Return how likely a line with these features is right. Features without a weight count nothing."""
    score = weights.get("intercept", 0.0) + sum(
        weights.get(name, 0.0) * value for name, value in found.items()
    )
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def ranked(
    proposals: Sequence[Proposal], written: ModelLine | None, before: str
) -> list[tuple[float, Proposal]]:
    """Return the lines that could stand at the cursor with their probabilities, the likeliest first."""
    lines = candidates(proposals, written)
    weights = current_weights()[WITH_MODEL if written else ALONE]
    found = [(probability(features(line, lines, written, before), weights), line) for line in lines]
    return sorted(found, key=lambda pair: -pair[0])


def own_file() -> Path:
    """Return where weights that were fitted here are kept; they take the place of those that are shipped."""
    return data_directory() / SHIPPED.name


@cache
def current_weights() -> Mapping[str, Weights]:
    """Return both sets of weights. Raises InvalidConfig where those that were fitted here cannot be read."""
    own = own_file()
    return read_weights(own if own.exists() else SHIPPED)


def read_weights(file: Path) -> Mapping[str, Weights]:
    """Return the sets of weights in a file. Raises InvalidConfig."""
    try:
        read = json.loads(file.read_text(encoding="utf-8"))["weights"]
        return {
            kind: {str(name): float(value) for name, value in read[kind].items()}
            for kind in (ALONE, WITH_MODEL)
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidConfig(f"{file} holds no ranking; fit it again, or remove it.", "ranking") from error


def _open(text: str) -> int:
    return sum(text.count(bracket) for bracket in "([{") - sum(text.count(bracket) for bracket in ")]}")


def _common(one: str, other: str) -> int:
    length = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        length += 1
    return length
