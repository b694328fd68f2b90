"""Reads what Clippy's fixtures say that Clippy finds in them: `//~^ lint_name` and its kin."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

_LABEL = re.compile(r"//~(?:\[(?P<revisions>[^\]]*)\])?(?P<where>\^+|v+|\|)?[ \t]*(?P<said>[^\n]*)")
_LINT = re.compile(r"(?:clippy::)?([a-z][a-z0-9_]*)\s*$")
_MESSAGE = re.compile(r"(?:ERROR|WARN|WARNING):?\s*(.*)")
_BLOCK = re.compile(r"^(?:error|warning)(?:\[[^\]]*\])?: (.*)$", re.MULTILINE)
_NOTE = re.compile(r"`-[DWF] (?:clippy::)?([a-z_0-9-]+)` implied by|lint level is defined here")
_DEFINED = re.compile(r"note: the lint level is defined here.*?\n.*?(?:clippy::)([a-z_0-9]+)", re.DOTALL)
_ACTIVE = re.compile(r"(?:warn|deny|forbid)\s*\(([^()]*)\)")
_REVISIONS = re.compile(r"^//@\s*revisions:\s*(\S[^\n]*)", re.MULTILINE)
_REASON = re.compile(r'reason\s*=\s*"[^"]*"')
_FLAG = re.compile(r"-[WDF]\s*(?:clippy::)([a-z_]+)")


@dataclass(frozen=True)
class Fixture:
    """A file of Clippy's tests: how often it labels each line (from 1) with each lint, and what it switches on."""

    path: Path
    source: bytes
    labels: Counter[tuple[int, str]]
    active: frozenset[str]


def read_fixture(path: Path) -> Fixture:
    """Read a fixture with its labels. A label that gives a message in place of a name is resolved by the `.stderr`."""
    source = path.read_bytes()
    text = source.decode(errors="replace")
    revision = _first_revision(text)
    messages = _lints_by_message(path.with_suffix(f".{revision}.stderr" if revision else ".stderr"))
    labels: Counter[tuple[int, str]] = Counter()
    last = 0
    for number, line in enumerate(text.split("\n"), 1):
        found = _LABEL.search(line)
        if not found or (found["revisions"] and revision not in found["revisions"].split(",")):
            continue
        where = found["where"] or ""
        last = last if where == "|" else number - where.count("^") + where.count("v")
        lint = _lint(found["said"], messages)
        if lint:
            labels[last, lint] += 1
    return Fixture(path, source, labels, _active(text))


def _first_revision(text: str) -> str:
    """Return the first of the ways in which a fixture is compiled, whose labels count; "" where there is one way."""
    found = _REVISIONS.search(text)
    return found[1].split()[0] if found else ""


def _lint(said: str, messages: dict[str, str]) -> str:
    if named := _LINT.fullmatch(said.strip()):
        return named[1]
    told = _MESSAGE.match(said.strip())
    if not told:
        return ""
    wanted = told[1].strip()
    return next((lint for message, lint in messages.items() if wanted and wanted in message), "")


def _lints_by_message(stderr: Path) -> dict[str, str]:
    """Return the lint of each message: its first report names it, and where nothing does, the only one of the file."""
    if not stderr.is_file():
        return {}
    text = stderr.read_text(encoding="utf-8", errors="replace")
    starts = [(match.start(), match[1]) for match in _BLOCK.finditer(text)]
    named: dict[str, str] = {}
    lints: list[str] = []
    unnamed: list[str] = []
    for (start, message), end in zip(starts, [start for start, _ in starts[1:]] + [len(text)], strict=True):
        block = text[start:end]
        note = _NOTE.search(block)
        lint = note[1].replace("-", "_") if note and note[1] else ""
        if not lint and (defined := _DEFINED.search(block)):
            lint = defined[1]
        if lint:
            named.setdefault(message, lint)
            lints.append(lint)
        else:
            unnamed.append(message)
    for message in unnamed:
        if message not in named and len(set(lints)) == 1:
            named[message] = lints[0]
    return named


def _active(text: str) -> frozenset[str]:
    """Return the lints and groups that a file switches on anywhere."""
    names = set(_FLAG.findall(text))
    for listed in _ACTIVE.findall(_REASON.sub("", text)):
        names |= {name.strip().removeprefix("clippy::") for name in listed.split(",")}
    return frozenset(names)
