"""Recommendations as text, as JSON and as Markdown."""

import json
from collections.abc import Iterator, Sequence

from rust_ai_ide.architecture.advice.model import Evidence, Recommendation
from rust_ai_ide.observability.markdown import markdown_code, markdown_text

_NONE = "There is nothing to recommend by what is looked at."


def to_text(found: Sequence[Recommendation]) -> str:
    """Return recommendations for a terminal."""
    return "\n".join([*_text_lines(found), ""])


def _text_lines(found: Sequence[Recommendation]) -> Iterator[str]:
    if not found:
        yield _NONE
    for number, one in enumerate(found, 1):
        if number > 1:
            yield ""
        yield f"{number}. {one.title}"
        yield f"   {one.action}"
        yield f"   {one.kind}, {one.confidence:.0%} sure; effort {one.effort} ({one.changes})"
        yield f"   Risk {one.risk}: {one.because}"
        for sentence, place in one.evidence:
            yield f"   - {sentence}" + (f"  {place.file}:{place.line}" if place else "")


def to_json(found: Sequence[Recommendation]) -> str:
    """Return recommendations as JSON."""
    return json.dumps({"recommendations": documents(found)}, indent=2, ensure_ascii=False) + "\n"


def documents(found: Sequence[Recommendation]) -> list[dict[str, object]]:
    """Return recommendations as data for JSON."""
    return [
        {
            "kind": one.kind.value,
            "title": one.title,
            "action": one.action,
            "confidence": round(one.confidence, 3),
            "effort": {"level": one.effort.value, "changes": one.changes},
            "risk": {"level": one.risk.value, "because": one.because},
            "goals": one.goals,
            "evidence": [_evidence(each) for each in one.evidence],
        }
        for one in found
    ]


def _evidence(each: Evidence) -> dict[str, object]:
    sentence, place = each
    return {
        "sentence": sentence,
        "file": place.file if place else None,
        "line": place.line if place else None,
    }


def to_markdown(found: Sequence[Recommendation], title: str) -> str:
    """Return recommendations as a page."""
    return "\n".join([*_markdown_lines(found, title), ""])


def _markdown_lines(found: Sequence[Recommendation], title: str) -> Iterator[str]:
    yield f"# {markdown_text(title)}"
    if not found:
        yield from ("", _NONE)
    for number, one in enumerate(found, 1):
        yield from ("", f"## {number}. {markdown_text(one.title)}", "", markdown_text(one.action), "")
        yield f"- Kind: {one.kind}, {one.confidence:.0%} sure"
        yield f"- Effort: {one.effort} ({markdown_text(one.changes)})"
        yield f"- Risk: {one.risk}. {markdown_text(one.because)}"
        if one.goals:
            yield f"- Serves: {', '.join(goal.replace('_', ' ') for goal in one.goals)}"
        yield from ("", "What speaks for it:", "")
        for sentence, place in one.evidence:
            where = f" ({markdown_code(f'{place.file}:{place.line}')})" if place else ""
            yield f"- {markdown_text(sentence)}{where}"
