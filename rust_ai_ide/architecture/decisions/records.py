"""Records of decisions in a repository, in the form of MADR 4: numbered Markdown files with a head in YAML."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from rust_ai_ide.architecture.decisions.decision import DecisionInvalid
from rust_ai_ide.source.editing import NotEditable, create_file, open_for_editing, save_file
from rust_ai_ide.source.paths import PathNotFound, clean_path

USUAL_FOLDER = "docs/decisions"
_FOLDERS = (USUAL_FOLDER, "docs/adr", "doc/adr", "docs/architecture/decisions", "doc/architecture/decisions")
_POINTER = ".adr-dir"
_NAME = re.compile(r"(\d{1,6})-[^/]+\.md")
_HEAD = re.compile(r"\A---\n(.*?)^---\n", re.DOTALL | re.MULTILINE)
_STATUS_LINE = re.compile(r"^status:.*$", re.MULTILINE)
_TITLE = re.compile(r"^# +(.+?) *$", re.MULTILINE)
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Record:
    """One record; `status` and `date` are as it says, "" where it says nothing."""

    number: int
    path: str
    title: str
    status: str
    date: str


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a project in the order of their numbers; each problem is a sentence."""

    folder: str
    records: tuple[Record, ...]
    problems: tuple[str, ...]


def records_of(project: Path) -> Records:
    """Read the records of a project: in the folder that `.adr-dir` names, or where such records usually lie."""
    folder = _folder(project)
    found, problems = [], []
    for file in sorted((project / folder).glob("*.md")):
        match = _NAME.fullmatch(file.name)
        if match is None:
            continue
        path = f"{folder}/{file.name}"
        try:
            text = open_for_editing(project, path).text
        except NotEditable as error:
            problems.append(str(error))
            continue
        head = _head(text)
        title = _TITLE.search(text)
        found.append(
            Record(
                int(match[1]),
                path,
                re.sub(r"^\d+\. +", "", title[1]) if title else file.stem,
                str(head.get("status", "")),
                str(head.get("date", "")),
            )
        )
    found.sort(key=lambda record: (record.number, record.path))
    counts = Counter(record.number for record in found)
    problems += [
        f"{count} records have the number {number}." for number, count in counts.items() if count > 1
    ]
    return Records(folder, tuple(found), tuple(problems))


def add_record(project: Path, title: str, text: str, *, supersedes: int | None = None) -> Record:
    """Write a new record with the next number, and mark the one that it replaces as superseded.

    Raises DecisionInvalid where there is no such record, and NotEditable where it cannot be written.
    """
    records = records_of(project)
    number = max((record.number for record in records.records), default=0) + 1
    replaced = _only(records, supersedes) if supersedes is not None else None
    if replaced is not None:
        # Looked at first: where the old one cannot be marked, no new one is written.
        _mark(project, replaced, number, is_trial=True)
    path = f"{records.folder}/{number:04}-{_slug(title)}.md"
    create_file(project, path, text)
    if replaced is not None:
        _mark(project, replaced, number)
    head = _head(text)
    return Record(number, path, title, str(head.get("status", "")), str(head.get("date", "")))


def head_of_record(status: str, made: date, deciders: tuple[str, ...]) -> str:
    """Return the head of a record as YAML between its two lines."""
    head: dict[str, Any] = {"status": status, "date": made.isoformat()}
    if deciders:
        head["decision-makers"] = list(deciders)
    return f"---\n{yaml.safe_dump(head, sort_keys=False, allow_unicode=True)}---\n"


def _folder(project: Path) -> str:
    pointer = project / _POINTER
    try:
        named = clean_path(pointer.read_text(encoding="utf-8").strip()) if pointer.is_file() else ""
    except (OSError, UnicodeDecodeError, PathNotFound) as error:
        raise DecisionInvalid(f"{_POINTER} must name a folder inside of the project.") from error
    if named:
        return named
    return next((folder for folder in _FOLDERS if (project / folder).is_dir()), USUAL_FOLDER)


def _head(text: str) -> dict[str, Any]:
    match = _HEAD.match(text)
    try:
        head = yaml.safe_load(match[1]) if match else None
    except yaml.YAMLError:
        head = None
    return head if isinstance(head, dict) else {}


def _only(records: Records, number: int) -> Record:
    found = [record for record in records.records if record.number == number]
    if len(found) != 1:
        how_many = "no record" if not found else f"{len(found)} records"
        raise DecisionInvalid(
            f"There {'are' if found else 'is'} {how_many} of the number {number} to supersede."
        )
    return found[0]


def _mark(project: Path, record: Record, by: int, *, is_trial: bool = False) -> None:
    """Change the status of a record, and nothing else in it."""
    opened = open_for_editing(project, record.path)
    match = _HEAD.match(opened.text)
    if match is None or not _STATUS_LINE.search(match[0]):
        raise DecisionInvalid(
            f"{record.path} has no `status` in its head, so it cannot be marked as superseded."
        )
    head = _STATUS_LINE.sub(f'status: "superseded by ADR-{by:04}"', match[0], count=1)
    if not is_trial:
        save_file(project, record.path, head + opened.text[match.end() :], expected=opened.digest)


def _slug(title: str) -> str:
    words = re.sub(r"[^\w]+", "-", title.lower()).strip("-_")
    return words[:_LONGEST_NAME].rstrip("-") or "decision"
