"""The violations that a project has accepted for now, so that only new ones are told.

An entry names the rule and who uses whom, never a line, and how many places did so when it was accepted.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rust_ai_ide.architecture.rules import Violation
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.source.folders import write_whole

_VERSION = 1
Key = tuple[str, str, str]


class AcceptedUnusable(RustAiIdeError):
    """A file does not list accepted violations, or cannot be read or written."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Violations beside those that were accepted: new ones, ones of more places than then, and how many are gone."""

    new: tuple[Violation, ...]
    grown: tuple[tuple[Violation, int], ...]
    accepted: int
    stale: tuple[Key, ...]


def compared(found: Sequence[Violation], accepted: Mapping[Key, int]) -> Comparison:
    """Compare violations with the accepted ones, which give the number of places by key."""
    known = [one for one in found if one.key in accepted]
    return Comparison(
        tuple(one for one in found if one.key not in accepted),
        tuple((one, accepted[one.key]) for one in known if one.edge.count > accepted[one.key]),
        len(known),
        tuple(sorted(accepted.keys() - {one.key for one in known})),
    )


def read_accepted(file: Path) -> dict[Key, int]:
    """Return the number of places by key. Raises AcceptedUnusable."""
    try:
        document: Any = json.loads(file.read_text(encoding="utf-8"))
        if document["version"] != _VERSION:
            raise AcceptedUnusable(f"{file} is of version {document['version']}; write it anew.")
        return {
            (str(one["rule"]), str(one["from"]), str(one["to"])): int(one["places"])
            for one in document["violations"]
        }
    except OSError as error:
        raise AcceptedUnusable(
            f"{file} cannot be read: {error.strerror}. Write it with --write-baseline."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise AcceptedUnusable(
            f"{file} lists no accepted violations; write it with --write-baseline."
        ) from error


def write_accepted(file: Path, found: Sequence[Violation]) -> None:
    """Write these violations as accepted, in an order that merges well. Raises AcceptedUnusable."""
    rows = [
        {"rule": one.rule, "from": one.edge.source, "to": one.edge.target, "places": one.edge.count}
        for one in sorted(found, key=lambda one: one.key)
    ]
    try:
        write_whole(file, json.dumps({"version": _VERSION, "violations": rows}, indent=1) + "\n")
    except OSError as error:
        raise AcceptedUnusable(f"{file} cannot be written: {error.strerror}.") from error
