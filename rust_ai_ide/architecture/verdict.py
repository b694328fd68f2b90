"""What a check of the rules found, as lines and as JSON."""

import json

from rust_ai_ide.architecture.accepted import Comparison
from rust_ai_ide.architecture.exporting import edge_document
from rust_ai_ide.architecture.rules import Violation
from rust_ai_ide.observability.printable import printable

_MOST_PLACES = 5


def to_text(comparison: Comparison) -> str:
    """Return a line for each place of what is new, and what became of what was accepted."""
    lines = []
    for one in comparison.new:
        lines.append(f"{one.edge.source} uses {one.edge.target} [{one.rule}]")
        lines.append(f"  {one.reason}")
        lines += [f"  {place.file}:{place.line}" for place in one.edge.places[:_MOST_PLACES]]
        if one.edge.count > _MOST_PLACES:
            lines.append(f"  and {one.edge.count - _MOST_PLACES} places more")
    for one, before in comparison.grown:
        lines.append(
            f"{one.edge.source} uses {one.edge.target} at {one.edge.count} places; {before} were accepted [{one.rule}]"
        )
    for rule, source, target in comparison.stale:
        lines.append(f"{source} no longer uses {target}: take it out of the baseline [{rule}]")
    lines.append(_sum(comparison))
    return "".join(f"{printable(line)}\n" for line in lines)


def to_json(comparison: Comparison) -> str:
    """Return the same for programs."""
    document = {
        "new": [_document(one) for one in comparison.new],
        "grown": [{**_document(one), "accepted_places": before} for one, before in comparison.grown],
        "stale": [{"rule": rule, "from": source, "to": target} for rule, source, target in comparison.stale],
        "accepted": comparison.accepted,
    }
    return json.dumps(document, indent=2) + "\n"


def _sum(comparison: Comparison) -> str:
    new = len(comparison.new)
    text = "1 violation" if new == 1 else f"{new:,} violations"
    parts = [f"{comparison.accepted:,} accepted"] if comparison.accepted else []
    parts += [f"{len(comparison.stale):,} gone"] if comparison.stale else []
    return f"{text}; {', '.join(parts)}." if parts else f"{text}."


def _document(one: Violation) -> dict[str, object]:
    return {"rule": one.rule, "reason": one.reason, **edge_document(one.edge)}
