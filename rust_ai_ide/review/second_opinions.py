"""What Clippy, cargo-audit and cargo-deny said, taken from their JSON and told beside our findings, nothing twice."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.review.findings import Category, Edit, Finding, Severity

_MOST_BYTES = 256 * 1024 * 1024
_LEVELS = {
    "error": Severity.ERROR,
    "warning": Severity.WARNING,
    "note": Severity.INFO,
    "help": Severity.INFO,
    "info": Severity.INFO,
}
_CONFIDENCE = 0.95
"""Compilers and databases of advisories know; what they say may still not matter here."""
_LOCK = "Cargo.lock"
_CERTAIN = "MachineApplicable"


class SecondOpinionUnusable(RustAiIdeError):
    """A file is not the JSON of a tool that is known."""


def read_opinions(file: Path, folder: Path) -> list[Finding]:
    """Read what a tool said of the project in a folder. Raises SecondOpinionUnusable.

    The file holds the lines of `cargo clippy --message-format=json` or `cargo deny --format json check`, or the
    document of `cargo audit --json`.
    """
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise SecondOpinionUnusable(f"{file} is larger than {_MOST_BYTES // 1024**2} MB.")
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise SecondOpinionUnusable(f"{file} cannot be read: {error.strerror}.") from error
    documents = list(_documents(text))
    if not documents:
        raise SecondOpinionUnusable(
            f"{file} holds no JSON of cargo clippy, cargo audit or cargo deny; ask them for JSON."
        )
    lock = _lines(folder / _LOCK)
    found = [finding for document in documents for finding in _findings(document, lock)]
    return _identified(found, folder)


def merged(ours: Sequence[Finding], theirs: Iterable[Finding]) -> list[Finding]:
    """Return our findings with those of others that are not ours already, in the order of their places.

    The same rule on the same line of a file is the same finding; what several tools say is told once.
    """
    known = {(one.path, one.rule, one.start_line) for one in ours}
    result = list(ours)
    for one in theirs:
        place = (one.path, one.rule, one.start_line)
        if place not in known:
            known.add(place)
            result.append(one)
    return sorted(result, key=lambda one: (one.path, one.start_line, one.start_column, one.rule))


def _documents(text: str) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a text that is one, or has one in each line; other lines are left out."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        whole = None
    if isinstance(whole, dict):
        yield whole
        return
    for line in text.splitlines():
        if line.startswith("{"):
            try:
                document = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(document, dict):
                yield document


def _findings(document: Mapping[str, Any], lock: Sequence[str]) -> Iterator[Finding]:
    try:
        if document.get("reason") == "compiler-message":
            yield from _of_compiler(document["message"])
        elif "vulnerabilities" in document:
            yield from _of_audit(document, lock)
        elif document.get("type") == "diagnostic":
            yield from _of_deny(document["fields"], lock)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise SecondOpinionUnusable(
            "The JSON of that tool has another form than the one that is known; nothing of it was taken."
        ) from error


def _of_compiler(message: Mapping[str, Any]) -> Iterator[Finding]:
    code = (message.get("code") or {}).get("code")
    span = next((span for span in message["spans"] if span["is_primary"]), None)
    if not code or span is None or message["level"] not in _LEVELS or Path(span["file_name"]).is_absolute():
        return
    certain = [
        each
        for child in message["children"]
        for each in child["spans"]
        if each.get("suggestion_applicability") == _CERTAIN and each["file_name"] == span["file_name"]
    ]
    advice = next((child["message"] for child in message["children"] if child["spans"]), "")
    yield Finding(
        rule=code.removeprefix("clippy::"),
        category=Category.STYLE,
        severity=_LEVELS[message["level"]],
        confidence=_CONFIDENCE,
        path=Path(span["file_name"]).as_posix(),
        start_line=int(span["line_start"]),
        start_column=int(span["column_start"]),
        end_line=int(span["line_end"]),
        end_column=int(span["column_end"]),
        message=_sentence(message["message"]),
        suggestion=_sentence(advice) + "." if advice else "",
        fingerprint="",
        fix=tuple(
            Edit(
                each["line_start"],
                each["column_start"],
                each["line_end"],
                each["column_end"],
                each["suggested_replacement"],
            )
            for each in sorted(certain, key=lambda each: (each["line_start"], each["column_start"]))
        ),
    )


def _of_audit(document: Mapping[str, Any], lock: Sequence[str]) -> Iterator[Finding]:
    listed = [(entry, Severity.ERROR) for entry in document["vulnerabilities"].get("list", [])]
    listed += [(entry, Severity.WARNING) for kind in document.get("warnings", {}).values() for entry in kind]
    for entry, severity in listed:
        package, advisory = entry["package"], entry.get("advisory") or {}
        said = f"{package['name']} {package['version']}: {advisory.get('title', 'a warning of cargo audit')}"
        patched = ", ".join((entry.get("versions") or {}).get("patched", []))
        line = _line_of(lock, package["name"], package["version"])
        yield _of_lock(
            advisory.get("id", "cargo_audit"), severity, line, said, f"Take {patched}." if patched else ""
        )


def _of_deny(fields: Mapping[str, Any], lock: Sequence[str]) -> Iterator[Finding]:
    if fields.get("severity") not in ("error", "warning"):
        return
    graph: Mapping[str, Any] = next(iter(fields.get("graphs") or []), {})
    package = graph.get("Krate") or {}
    line = _line_of(lock, package.get("name", ""), package.get("version", ""))
    about = f"{package['name']} {package['version']}: " if package else ""
    said = about + _sentence(fields["message"])
    yield _of_lock(fields.get("code") or "cargo_deny", _LEVELS[fields["severity"]], line, said, "")


def _of_lock(rule: str, severity: Severity, line: int, said: str, advice: str) -> Finding:
    return Finding(
        rule=rule,
        category=Category.SECURITY,
        severity=severity,
        confidence=_CONFIDENCE,
        path=_LOCK,
        start_line=line,
        start_column=1,
        end_line=line,
        end_column=1,
        message=said,
        suggestion=advice,
        fingerprint="",
    )


def _line_of(lock: Sequence[str], name: str, version: str) -> int:
    """Return the line of a package in Cargo.lock, 1 where it is not there."""
    for number, line in enumerate(lock, 1):
        if line == f'name = "{name}"' and lock[number : number + 1] == [f'version = "{version}"']:
            return number
    return 1


def _sentence(text: str) -> str:
    first = text.strip().splitlines()[0] if text.strip() else ""
    return first[:1].upper() + first[1:].rstrip(".")


def _identified(findings: Sequence[Finding], folder: Path) -> list[Finding]:
    """Give findings fingerprints of rule, message and flagged line, with a count among equals."""
    lines: dict[str, list[str]] = {}
    seen: Counter[tuple[str, str]] = Counter()
    result = []
    for one in sorted(findings, key=lambda one: (one.path, one.start_line, one.start_column, one.rule)):
        if one.path not in lines:
            lines[one.path] = _lines(folder / one.path)
        text = "".join(lines[one.path][one.start_line - 1 : one.start_line]).strip()
        digest = hashlib.blake2b(
            "\0".join((one.rule, one.message, text)).encode(errors="replace"), digest_size=10
        )
        seen[one.path, digest.hexdigest()] += 1
        digest.update(b"\0%d" % seen[one.path, digest.copy().hexdigest()])
        result.append(replace(one, fingerprint=digest.hexdigest()))
    return result


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return []
