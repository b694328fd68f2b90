"""What was found, as text and as JSON."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from rust_ai_ide.architecture.graph import Place
from rust_ai_ide.architecture.patterns.detecting import DETECTORS, Findings
from rust_ai_ide.architecture.patterns.model import Detected
from rust_ai_ide.observability.printable import printable

TITLES = {detector.id: detector.title for detector in DETECTORS}
KINDS = {detector.id: detector.kind for detector in DETECTORS}


def to_json(findings: Findings) -> str:
    """Return what was found as JSON: patterns, each with its evidence, and the cohesion of types and modules."""
    return json.dumps(document(findings), indent=2) + "\n"


def document(findings: Findings) -> dict[str, Any]:
    """Return what was found as data for JSON."""
    return {
        "patterns": list(map(_pattern, findings.patterns)),
        "cohesion": {
            "types": [
                {
                    "type": each.type,
                    "lcom4": each.lcom4,
                    "parts": list(map(list, each.parts)),
                    **_place(each.place),
                }
                for each in findings.types
            ],
            "modules": [asdict(each) for each in findings.modules],
        },
    }


def _pattern(each: Detected) -> dict[str, Any]:
    evidence = [{"sentence": sentence, **_place(place)} for sentence, place in each.evidence]
    return {
        "pattern": each.pattern,
        "kind": KINDS[each.pattern],
        "title": TITLES[each.pattern],
        "subject": each.subject,
        "confidence": each.confidence,
        **_place(each.place),
        "evidence": evidence,
    }


def to_text(found: Iterable[Detected], least: float) -> str:
    """Return what was found as lines for a terminal, patterns before anti-patterns."""
    lines: list[str] = []
    for each in sorted(found, key=lambda one: KINDS[one.pattern] != "pattern"):
        lines.append(f"{TITLES[each.pattern]} ({round(each.confidence * 100)} %): {printable(each.subject)}")
        lines += [f"    {printable(sentence)}{_where(place)}" for sentence, place in each.evidence]
    if not lines:
        return f"No pattern was found with a confidence of {least} or more.\n"
    return "\n".join([*lines, ""])


def _place(place: Place | None) -> dict[str, Any]:
    return {"file": place.file, "line": place.line} if place is not None else {"file": None, "line": None}


def _where(place: Place | None) -> str:
    return f"  {printable(place.file)}:{place.line}" if place is not None else ""
