"""A small decision tree that imitates which suggestions are shown, to be read by people.

Rule extraction by a surrogate (M. Craven and J. Shavlik, "Extracting tree-structured representations of trained
networks", 1996): the tree is grown on what the engine decides, not on what is right, by the Gini impurity of
L. Breiman et al., "Classification and regression trees" (1984). How far it agrees with the engine is measured on places
that it was not grown on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import expm1
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rust_ai_ide.observability.events import Progressed, Report, ignore
from rust_ai_ide.runtime.completion.choosing import LEAST_PROBABLE, fitted, propose
from rust_ai_ide.runtime.completion.project_text import ProjectText
from rust_ai_ide.runtime.completion.ranking import ModelLine, candidates, features, ranked
from rust_ai_ide.training.corpus import CorpusUnusable, SourceFile
from rust_ai_ide.training.evaluation.cursors import cursors_of_projects
from rust_ai_ide.training.evaluation.writing import Writer

DEPTH = 3
FEWEST = 10
"""Places that each leaf must have."""
_LOGARITHMIC = {
    "matched": "bytes before the cursor that were found, too",
    "followed": "bytes below the line that were found, too",
    "places": "places where it was found",
    "length": "characters of the line",
    "begun": "characters of the line so far",
}
_NAMES = {
    "share": "its share of the places found",
    "rank": "its rank among the copies, from 0 to 1",
    "is_same": "the model writes the same",
    "agreed_of_line": "the share of it that the model begins with, too",
    "agreed_of_model": "the share of the model's line that it begins with",
    "model_probability": "the model's mean probability of a token",
    "same_probability": "that probability, where the model writes the same",
    "agreed_probability": "that probability, times the share of the line that agrees",
    "is_model": "only the model writes it",
    "is_other_file": "it comes from another file",
    "is_adapted": "words were exchanged in it",
    "in_word": "the cursor stands in a word",
}
Values = NDArray[np.float64]
Labels = NDArray[np.bool_]


@dataclass(frozen=True)
class Node:
    """A question and its two answers, or a leaf (`feature` ""): of `count` places, `shown` is the share shown."""

    count: int
    shown: float
    feature: str = ""
    threshold: float = 0.0
    below: "Node | None" = None
    above: "Node | None" = None


@dataclass(frozen=True)
class RuleReport:
    """The tree, on how many places it was grown, and in what share of `tested` others it agrees with the engine.

    `usual` is how often always giving the commoner answer agrees: the tree is worth what it adds to that.
    """

    tree: Node
    grown: int
    tested: int
    fidelity: float
    usual: float


def extract_rules(
    projects: Mapping[str, Sequence[SourceFile]],
    writer: Writer,
    places: int,
    seed: int = 0,
    report: Report = ignore,
) -> RuleReport:
    """Replay places and imitate the decision to show the best line. Raises CorpusUnusable for too few places."""
    rows, shown = _decisions(projects, writer, places, seed, report)
    if len(rows) < 4 * FEWEST:
        raise CorpusUnusable(f"Only {len(rows)} places had a line to decide on; {4 * FEWEST} are needed.")
    names = sorted({name for row in rows for name in row})
    values = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    labels = np.array(shown)
    # Every third place is kept to test on.
    kept = np.arange(len(rows)) % 3 == 2
    tree = _grown(values[~kept], labels[~kept], names, DEPTH)
    guesses = [_guess(tree, dict(zip(names, row, strict=True))) for row in values[kept]]
    tested = labels[kept]
    return RuleReport(
        tree=tree,
        grown=int((~kept).sum()),
        tested=len(guesses),
        fidelity=float((np.array(guesses) == tested).mean()),
        usual=float(max(tested.mean(), 1 - tested.mean())),
    )


def told(node: Node, indent: str = "") -> list[str]:
    """Return the tree as lines of text."""
    if node.below is None or node.above is None:
        what = "show" if node.shown >= 0.5 else "hide"
        return [f"{indent}{what}  ({node.shown:.0%} of {node.count:,} shown)"]
    question = _question(node.feature, node.threshold)
    lines = [f"{indent}{question}?"]
    for answer, child in (("no", node.below), ("yes", node.above)):
        first, *rest = told(child)
        mark, bar = ("├─", "│ ") if answer == "no" else ("└─", "  ")
        lines.append(f"{indent}{mark} {answer}: {first}")
        lines += [f"{indent}{bar}      {line}" for line in rest]
    return lines


def _decisions(
    projects: Mapping[str, Sequence[SourceFile]], writer: Writer, places: int, seed: int, report: Report
) -> tuple[list[dict[str, float]], list[bool]]:
    texts = {
        name: ProjectText((one.path, one.text.encode()) for one in files) for name, files in projects.items()
    }
    rows: list[dict[str, float]] = []
    shown: list[bool] = []
    for number, (name, _, cursor) in enumerate(cursors_of_projects(projects, places, seed)):
        report(Progressed("Replaying places", number, places))
        proposals = propose(cursor.prefix, cursor.suffix, texts[name].without(cursor.path))
        written = writer.write(cursor.path, cursor.prefix, cursor.suffix)
        line = ModelLine(fitted(written.text, cursor.suffix), written.likelihood)
        found = ranked(proposals, line, cursor.prefix)
        if found:
            chance, best = found[0]
            rows.append(features(best, candidates(proposals, line), line, cursor.prefix))
            shown.append(chance >= LEAST_PROBABLE)
    return rows, shown


def _grown(values: Values, labels: Labels, names: Sequence[str], depth: int) -> Node:
    share = float(labels.mean())
    best: tuple[float, int, float] | None = None
    if depth and 0 < share < 1:
        for column in range(values.shape[1]):
            for threshold in np.unique(np.quantile(values[:, column], np.linspace(0.05, 0.95, 19))):
                above = values[:, column] >= threshold
                if min(above.sum(), (~above).sum()) < FEWEST:
                    continue
                impurity = sum(
                    side.sum() * labels[side].mean() * (1 - labels[side].mean()) for side in (above, ~above)
                )
                if best is None or impurity < best[0]:
                    best = (float(impurity), column, float(threshold))
    if best is None:
        return Node(len(labels), share)
    _, column, threshold = best
    above = values[:, column] >= threshold
    low, high = (_grown(values[side], labels[side], names, depth - 1) for side in (~above, above))
    if not (low.feature or high.feature) and (low.shown >= 0.5) == (high.shown >= 0.5):
        # Both answers lead to the same decision.
        return Node(len(labels), share)
    return Node(len(labels), share, names[column], threshold, low, high)


def _guess(node: Node, row: Mapping[str, Any]) -> bool:
    while node.below is not None and node.above is not None:
        node = node.above if row[node.feature] >= node.threshold else node.below
    return node.shown >= 0.5


def _question(feature: str, threshold: float) -> str:
    if feature in _LOGARITHMIC:
        return f"at least {expm1(threshold):,.0f} {_LOGARITHMIC[feature]}"
    named = _NAMES.get(feature, feature.replace("_", " "))
    return f"{named}: at least {threshold:.2f}"
