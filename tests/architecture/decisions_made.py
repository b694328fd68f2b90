"""A decision for tests: made up of what a test says."""

from collections.abc import Sequence

from rust_ai_ide.architecture.decisions.decision import Alternative, Criterion, Decision

DATABASE = {
    "decision": "Choose a database",
    "context": "Two processes write *at once*.\n\nFiles are not enough.",
    "drivers": ["One person runs it"],
    "criteria": [
        {"name": "data", "weight": 0.4, "options": {"simple": 0.3, "medium": 0.6, "complex": 0.8}},
        {"name": "writers", "weight": 0.3, "levels": {"low": 0.2, "medium": 0.5, "high": 0.9}},
        {"name": "hours", "weight": 0.3, "worst": 10, "best": 0},
    ],
    "alternatives": [
        {"name": "PostgreSQL", "pros": ["Many writers"], "cons": ["A server | to run"],
         "ratings": {"data": "complex", "writers": "high", "hours": 6}},
        {"name": "SQLite", "pros": ["Nothing to set up"], "cons": ["One writer"],
         "ratings": {"data": "medium", "writers": "low", "hours": 0}},
        {"name": "MySQL", "ratings": {"data": "medium", "writers": "high", "hours": 6}},
    ],
}  # fmt: skip


def decision(weights: Sequence[float], rows: Sequence[Sequence[float]]) -> Decision:
    """Return a decision between alternatives a, b, c … by criteria 0, 1, 2 … of utilities from 0 to 1."""
    criteria = tuple(Criterion(str(number), weight) for number, weight in enumerate(weights))
    alternatives = tuple(
        Alternative(chr(ord("a") + number), {str(place): value for place, value in enumerate(row)})
        for number, row in enumerate(rows)
    )
    return Decision("What to do", criteria, alternatives)
