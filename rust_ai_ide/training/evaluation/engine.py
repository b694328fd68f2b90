"""The completion engine as the editor runs it, taken apart so that each part can be measured."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from rust_ai_ide.runtime.completion.choosing import Choice, choose, fitted, propose, sure
from rust_ai_ide.runtime.completion.project_text import ProjectText
from rust_ai_ide.runtime.completion.ranking import ModelLine, ranked
from rust_ai_ide.training.corpus import SourceFile
from rust_ai_ide.training.evaluation.cursors import Cursor
from rust_ai_ide.training.evaluation.writing import Writer


@dataclass(frozen=True, slots=True)
class Suggested:
    """What each part of the engine would write at a cursor, what is shown in the end, and the seconds until then."""

    copied: str
    model: str
    ranked: str
    choice: Choice
    seconds: float


class Engine:
    """Completes in one project, as the editor does with one of its files open."""

    def __init__(self, files: Sequence[SourceFile], writer: Writer) -> None:
        self._project = ProjectText((file.path, file.text.encode()) for file in files)
        self._writer = writer

    def suggest(self, cursor: Cursor) -> Suggested:
        """Return what every part says."""
        path, before, after = cursor.path, cursor.prefix, cursor.suffix
        project = self._project.without(path)
        began = time.perf_counter()
        proposals = propose(before, after, project)
        at_once = sure(path, before, after, proposals)
        until_copied = time.perf_counter() - began
        began = time.perf_counter()
        written = self._writer.write(path, before, after)
        line = ModelLine(fitted(written.text, after), written.likelihood)
        choice = choose(path, before, after, written.text, written.likelihood, proposals)
        until_written = time.perf_counter() - began
        alone, both = ranked(proposals, None, before), ranked(proposals, line, before)
        return Suggested(
            copied=alone[0][1].text if alone else "",
            model=line.text,
            ranked=both[0][1].text if both else "",
            choice=at_once or choice,
            seconds=until_copied if at_once else until_copied + until_written,
        )

    def choose(self, cursor: Cursor) -> Choice:
        """Return what the editor shows; the model is asked only where the copies are not sure."""
        path, before, after = cursor.path, cursor.prefix, cursor.suffix
        proposals = propose(before, after, self._project.without(path))
        at_once = sure(path, before, after, proposals)
        if at_once:
            return at_once
        written = self._writer.write(path, before, after)
        return choose(path, before, after, written.text, written.likelihood, proposals)
