"""Judges many files: in child processes, where there are enough to be worth it."""

from collections.abc import Iterable, Iterator

from rust_ai_ide.source.isolation import WorkFailed
from rust_ai_ide.training.datasets.children import WORTH_CHILDREN, Children, batches
from rust_ai_ide.training.datasets.judging import UNPARSED, Asked, Verdict, judge, judge_each
from rust_ai_ide.training.datasets.settings import Filters

_BATCH_BYTES = 400_000


class Judges:
    """Answers in the order of the files. To be closed, which ends the children."""

    def __init__(self, filters: Filters, files: int) -> None:
        """Be ready for about so many files."""
        self._filters = filters
        self._children = Children(judge_each) if files >= WORTH_CHILDREN else None

    def judged(self, files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, Verdict]]:
        """Yield the path of each file with the verdict; only some files are read ahead."""
        asked = (Asked(path, data, self._filters) for path, data in files)
        if self._children is None:
            yield from ((each.path, judge(each.data, each.filters)) for each in asked)
            return
        for each, answer in self._children.answers(batches(asked, lambda each: len(each.data), _BATCH_BYTES)):
            yield each.path, Verdict(UNPARSED) if isinstance(answer, WorkFailed) else answer

    def close(self) -> None:
        """End the children."""
        if self._children:
            self._children.close()
