"""Coupling as JSON, as CSV, and as the rows of tables."""

import csv
import io
import json
from collections.abc import Collection, Sequence

from rust_ai_ide.architecture.metrics.coupling import Coupling, Unstable

_DIGITS = 3


def to_json(found: Sequence[Coupling], unstable: Sequence[Unstable], in_cycles: Collection[str]) -> str:
    """Return all measures, and the edges to what is less stable."""
    document = {
        "modules": [{**_values(one), "in_cycle": one.id in in_cycles} for one in found],
        "unstable": [
            {
                "from": one.edge.source,
                "to": one.edge.target,
                "file": one.edge.places[0].file if one.edge.places else None,
                "line": one.edge.places[0].line if one.edge.places else None,
                "by": round(one.by, _DIGITS),
            }
            for one in unstable
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def to_csv(found: Sequence[Coupling], in_cycles: Collection[str]) -> str:
    """Return a row for each module."""
    text = io.StringIO()
    rows = [{**_values(one), "in_cycle": one.id in in_cycles} for one in found]
    writer = csv.DictWriter(text, rows[0] if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def farthest(found: Sequence[Coupling], count: int) -> list[tuple[str, ...]]:
    """Return the modules that are farthest from the balance, those that others lean on most first of equals."""
    ranked = sorted(found, key=lambda one: (-round(one.distance or 0, 2), -one.afferent, one.id))
    rows: list[tuple[str, ...]] = [("Used by", "Uses", "Instability", "Abstractness", "Distance", "Module")]
    rows += [
        (
            str(one.afferent),
            str(one.efferent),
            *(_shown(value) for value in (one.instability, one.abstractness, one.distance)),
            one.id,
        )
        for one in ranked[:count]
    ]
    return rows


def least_stable(unstable: Sequence[Unstable], count: int) -> list[tuple[str, ...]]:
    """Return the edges that lead to what is least stable in comparison."""
    rows: list[tuple[str, ...]] = [("Less stable by", "From", "To", "Place")]
    for one in unstable[:count]:
        place = f"{one.edge.places[0].file}:{one.edge.places[0].line}" if one.edge.places else ""
        rows.append((f"{one.by:.2f}", one.edge.source, one.edge.target, place))
    return rows


def _values(one: Coupling) -> dict[str, str | int | float | None]:
    return {
        "id": one.id,
        "file": one.place.file if one.place else None,
        "line": one.place.line if one.place else None,
        "afferent": one.afferent,
        "efferent": one.efferent,
        "types": one.types,
        "traits": one.traits,
        "instability": _rounded(one.instability),
        "abstractness": _rounded(one.abstractness),
        "distance": _rounded(one.distance),
    }


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)
