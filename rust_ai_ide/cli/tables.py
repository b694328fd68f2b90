"""Writes what a command found on standard output: lines, tables and JSON."""

import json
import sys
from typing import Any


def yes(value: object) -> str:
    """Say whether."""
    return "yes" if value else "no"


def write_json(value: object) -> None:
    """Write a value as JSON."""
    sys.stdout.write(f"{json.dumps(value, indent=2)}\n")


def write_table(rows: list[tuple[Any, ...]]) -> None:
    """Write rows as columns, the first row being their heads."""
    widths = [max(len(str(row[column])) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        write("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def write(line: str) -> None:
    """Write a line."""
    from rust_ai_ide.observability.printable import printable

    sys.stdout.write(f"{printable(line)}\n")
