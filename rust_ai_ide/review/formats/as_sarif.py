"""SARIF 2.1.0, as code scanning services read it."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from rust_ai_ide import __version__
from rust_ai_ide.review.catalogue import RuleInfo, all_rules
from rust_ai_ide.review.findings import Finding, Severity
from rust_ai_ide.source.paths import path_bytes

_LEVELS = {
    Severity.INFO: "note",
    Severity.WARNING: "warning",
    Severity.ERROR: "error",
    Severity.CRITICAL: "error",
}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def to_sarif(findings: Sequence[Finding]) -> str:
    """Return the findings as a SARIF log with one run; it names the rules that it speaks of."""
    used = {finding.rule for finding in findings}
    rules = [rule for rule in all_rules() if rule.id in used]
    places = {rule.id: place for place, rule in enumerate(rules)}
    driver = {"name": "rust-ai-ide", "version": __version__, "rules": [_rule(rule) for rule in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, places) for finding in findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _fix(finding: Finding) -> dict[str, Any]:
    replacements = [
        {
            "deletedRegion": {
                "startLine": edit.start_line,
                "startColumn": edit.start_column,
                "endLine": edit.end_line,
                "endColumn": edit.end_column,
            },
            "insertedContent": {"text": edit.text},
        }
        for edit in finding.fix
    ]
    change = {"artifactLocation": {"uri": quote(path_bytes(finding.path))}, "replacements": replacements}
    return {"description": {"text": finding.suggestion}, "artifactChanges": [change]}


def _rule(rule: RuleInfo) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [rule.category.value], "precision": _precision(rule.confidence)},
    }


def _precision(confidence: float) -> str:
    return "high" if confidence >= 0.85 else "medium" if confidence >= 0.6 else "low"


def _result(finding: Finding, places: dict[str, int]) -> dict[str, Any]:
    said = f"{finding.message}. {finding.suggestion}".strip()
    region = {
        "startLine": finding.start_line,
        "startColumn": finding.start_column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
    }
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": said},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(path_bytes(finding.path))},
                    "region": region,
                }
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": finding.fingerprint},
        "properties": {"confidence": finding.confidence, "severity": finding.severity.value},
    }
    if finding.fix:
        result["fixes"] = [_fix(finding)]
    if finding.rule in places:
        result["ruleIndex"] = places[finding.rule]
    return result
