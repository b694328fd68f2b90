"""Fits the weights by which the completion engine ranks lines and decides whether to show one.

Places with a known rest of the line are replayed: what the engine would choose from is labelled right or wrong. Ridge
logistic regression, fitted by Newton's method (iteratively reweighted least squares; Hastie, Tibshirani and Friedman,
"The Elements of Statistical Learning", 4.4), once without what a model would write and once with it.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.observability.events import Progressed, Report, ignore
from rust_ai_ide.runtime.completion.choosing import fitted, propose
from rust_ai_ide.runtime.completion.project_text import ProjectText
from rust_ai_ide.runtime.completion.ranking import (
    ALONE,
    WITH_MODEL,
    ModelLine,
    candidates,
    features,
)
from rust_ai_ide.runtime.manifest import Manifest
from rust_ai_ide.training.corpus import SourceFile
from rust_ai_ide.training.evaluation.cursors import cursors_of_projects
from rust_ai_ide.training.evaluation.projects import read_projects
from rust_ai_ide.training.evaluation.writing import Writer

RIDGE = 3.0
_STEPS = 50
_FEWEST = 30
Matrix = NDArray[np.float64]


class NothingToRank(RustAiIdeError):
    """There are too few places to fit the weights on."""


@dataclass(frozen=True)
class Example:
    """One line that could have been shown: what spoke for it, and whether it was the one."""

    features: Mapping[str, float]
    is_right: bool


def fit_ranking(
    folder: Path,
    manifest: Manifest,
    corpus: Path,
    into: Path,
    *,
    places: int,
    seed: int = 0,
    report: Report = ignore,
) -> None:
    """Replay places of a folder of Rust with a model, fit the weights and write them.

    Raises CorpusUnusable, InvalidConfig for the model, NothingToRank.
    """
    projects = read_projects(corpus)
    writer = Writer(folder, manifest)
    try:
        examples = collect(projects, writer, places, seed, report)
    finally:
        writer.close()
    weights = {kind: fit(some) for kind, some in examples.items()}
    origin = {"model": manifest.id, "places": places, "seed": seed, "projects": len(projects)}
    write_weights(weights, origin, into)


def collect(
    projects: Mapping[str, Sequence[SourceFile]],
    writer: Writer,
    count: int,
    seed: int = 0,
    report: Report = ignore,
) -> dict[str, list[Example]]:
    """Return examples of `count` places, without the model's line ("alone") and with it ("with_model")."""
    found: dict[str, list[Example]] = {ALONE: [], WITH_MODEL: []}
    texts: dict[str, ProjectText] = {}
    for number, (name, _, cursor) in enumerate(cursors_of_projects(projects, count, seed)):
        report(Progressed("Replaying places", number, count))
        if name not in texts:
            texts[name] = ProjectText((one.path, one.text.encode()) for one in projects[name])
        proposals = propose(cursor.prefix, cursor.suffix, texts[name].without(cursor.path))
        written = writer.write(cursor.path, cursor.prefix, cursor.suffix)
        line = ModelLine(fitted(written.text, cursor.suffix), written.likelihood)
        wanted = cursor.rest.strip()
        for kind, model_line in ((ALONE, None), (WITH_MODEL, line)):
            lines = candidates(proposals, model_line)
            found[kind] += [
                Example(features(one, lines, model_line, cursor.prefix), one.text.strip() == wanted)
                for one in lines
            ]
    return found


def fit(examples: Sequence[Example], ridge: float = RIDGE) -> dict[str, float]:
    """Return the weight of each feature and the "intercept". Raises NothingToRank."""
    right = sum(example.is_right for example in examples)
    if min(right, len(examples) - right) < _FEWEST:
        raise NothingToRank(
            f"Only {right:,} of {len(examples):,} lines were right; at least {_FEWEST} of each kind are needed."
        )
    names = sorted({name for example in examples for name in example.features})
    values = np.array([[example.features.get(name, 0.0) for name in names] for example in examples])
    labels = np.array([float(example.is_right) for example in examples])
    centre, spread = values.mean(0), np.maximum(values.std(0), 1e-6)
    design = np.hstack([np.ones((len(examples), 1)), (values - centre) / spread])
    found = _newton(design, labels, ridge)
    weights = found[1:] / spread
    intercept = float(found[0] - (weights * centre).sum())
    return {"intercept": intercept, **dict(zip(names, map(float, weights), strict=True))}


def write_weights(
    weights: Mapping[str, Mapping[str, float]], origin: Mapping[str, object], file: Path
) -> None:
    """Write the weights as the engine reads them, with a word on where they come from."""
    rounded = {
        kind: {name: round(value, 5) for name, value in values.items()} for kind, values in weights.items()
    }
    text = json.dumps({"origin": dict(origin), "weights": rounded}, indent=1)
    written = file.with_name(f".{file.name}.{os.getpid()}")
    written.write_text(f"{text}\n", encoding="utf-8")
    written.replace(file)


def _newton(design: Matrix, labels: Matrix, ridge: float) -> Matrix:
    penalty = np.full(design.shape[1], ridge)
    penalty[0] = 0.0
    weights = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chances = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        slope = design.T @ (labels - chances) - penalty * weights
        curve = (design * (chances * (1 - chances))[:, None]).T @ design + np.diag(penalty + 1e-9)
        step = np.linalg.solve(curve, slope)
        weights = weights + step
        if float(np.abs(step).max()) < 1e-6:
            break
    return np.asarray(weights)
