"""Decisions: weighing what is written, and keeping records of them in a project's folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from apps.projects import editing
from apps.projects.models import Project
from rust_ai_ide.architecture.decisions.ranking import Method
from rust_ai_ide.architecture.decisions.reading import decision_from_toml
from rust_ai_ide.architecture.decisions.records import Record, Records, add_record, records_of
from rust_ai_ide.architecture.decisions.reporting import (
    Weighed,
    range_sentence,
    to_record,
    tree_lines,
    weigh,
)

EXAMPLE = """title = "Choose a database"
context = "Orders are kept in files, and two processes write at once."

[[criteria]]
name = "data complexity"
weight = 0.4
levels = { simple = 0.3, medium = 0.6, complex = 0.8 }

[[criteria]]
name = "hours to run it a month"
weight = 0.6
worst = 10
best = 0

[[alternatives]]
name = "PostgreSQL"
pros = ["Many writers at once"]
cons = ["A server to run"]
ratings = { "data complexity" = "complex", "hours to run it a month" = 6 }

[[alternatives]]
name = "SQLite"
pros = ["Nothing to set up"]
cons = ["One writer at a time"]
ratings = { "data complexity" = "medium", "hours to run it a month" = 0 }
"""


@dataclass(frozen=True)
class Shown:
    """A weighed decision as a page shows it: its ranking with shares in percent, and what follows in lines."""

    weighed: Weighed
    rows: list[dict[str, object]]
    ranges: list[str]
    tree: list[str]


def shown(text: str, method: str) -> Shown:
    """Weigh what is written. Raises DecisionInvalid."""
    weighed = weigh(decision_from_toml(text), _method(method))
    rows: list[dict[str, object]] = [
        {
            "rank": one.rank,
            "name": one.alternative.name,
            "score": f"{one.score:.3f}",
            "share": round(weighed.shares[one.alternative.name] * 100),
            "pros": one.alternative.pros,
            "cons": one.alternative.cons,
        }
        for one in weighed.ranking
    ]
    lines = list(tree_lines(weighed.tree)) if weighed.tree else []
    return Shown(weighed, rows, list(map(range_sentence, weighed.ranges)), lines)


def records(project: Project) -> Records | None:
    """Return the records of a project's folder, None where it has no work tree. Raises DecisionInvalid."""
    return records_of(editing.work_tree(project)) if editing.is_editable(project) else None


def record(project: Project, entered: Mapping[str, str]) -> Record:
    """Write what was decided into the project's folder. Raises DecisionInvalid or NotEditable."""
    weighed = shown(entered.get("text", ""), entered.get("method", "")).weighed
    deciders = tuple(name.strip() for name in entered.get("by", "").split(",") if name.strip())
    text = to_record(
        weighed,
        made=date.today(),
        status="accepted" if entered.get("is_accepted") else "proposed",
        deciders=deciders,
        chosen=entered.get("chosen", "").strip(),
        because=entered.get("because", "").strip(),
    )
    return add_record(editing.work_tree(project), weighed.decision.title, text)


def _method(name: str) -> Method:
    return Method.TOPSIS if name == Method.TOPSIS else Method.WEIGHTED_SUM
