"""A baseline: the findings that a project has accepted for now, so that only new ones are told.

An entry names file and fingerprint, never a line: the fingerprint is made of the rule, the signatures around the place,
the flagged lines, and the count among equals. What an entry names and nothing finds any more is stale.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.review.findings import Finding
from rust_ai_ide.source.folders import write_whole

VERSION = 1


class BaselineUnusable(RustAiIdeError):
    """A file is no baseline, or cannot be read or written."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """Accepted findings by path and fingerprint."""

    entries: frozenset[tuple[str, str]]

    def holds(self, finding: Finding) -> bool:
        """Tell whether a finding was accepted."""
        return (finding.path, finding.fingerprint) in self.entries

    def stale(self, findings: Iterable[Finding], paths: frozenset[str]) -> int:
        """Count the entries about the files reviewed, those in `paths`, that no finding has."""
        found = {(finding.path, finding.fingerprint) for finding in findings}
        return sum(1 for entry in self.entries if entry[0] in paths and entry not in found)


def read_baseline(file: Path) -> Baseline:
    """Read a baseline. Raises BaselineUnusable."""
    try:
        document: Any = json.loads(file.read_text(encoding="utf-8"))
        if document["version"] != VERSION:
            raise BaselineUnusable(f"{file} is a baseline of version {document['version']}; write it anew.")
        entries = frozenset((str(one["path"]), str(one["fingerprint"])) for one in document["findings"])
    except OSError as error:
        raise BaselineUnusable(
            f"The baseline {file} cannot be read: {error.strerror}. Write it with --write-baseline."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise BaselineUnusable(f"{file} is no baseline; write it anew with --write-baseline.") from error
    return Baseline(entries)


def write_baseline(file: Path, findings: Sequence[Finding]) -> None:
    """Write the baseline of these findings, in an order that merges well. Raises BaselineUnusable."""
    rows = [
        {"path": one.path, "rule": one.rule, "fingerprint": one.fingerprint, "message": one.message}
        for one in sorted(findings, key=lambda one: (one.path, one.rule, one.fingerprint))
    ]
    try:
        write_whole(file, json.dumps({"version": VERSION, "findings": rows}, indent=1) + "\n")
    except OSError as error:
        raise BaselineUnusable(f"The baseline {file} cannot be written: {error.strerror}.") from error
