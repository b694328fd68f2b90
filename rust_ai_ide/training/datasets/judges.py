"""Judges many files at once: in child processes, as many as there are processors, so that none can break the others."""

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from rust_ai_ide.source.isolation import IsolatedWorker, WorkFailed
from rust_ai_ide.training.datasets.judging import UNPARSED, Verdict, judge, judge_each
from rust_ai_ide.training.datasets.settings import Filters

WORTH_CHILDREN = 150
"""From so many files on children are quicker than the time they take to start."""
_BATCH_BYTES = 400_000
_SECONDS = 60.0
Named = tuple[str, bytes]


class Judges:
    """Answers in the order of the files. To be closed, which ends the children."""

    def __init__(self, filters: Filters, files: int) -> None:
        """Be ready for about so many files."""
        self._filters = filters
        self._count = (
            len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        )
        self._children = IsolatedWorker(self._count) if files >= WORTH_CHILDREN else None

    def judged(self, files: Iterable[Named]) -> Iterator[tuple[str, Verdict]]:
        """Yield the path of each file with the verdict; only some files are read ahead."""
        if self._children is None:
            yield from ((path, judge(data, self._filters)) for path, data in files)
            return
        waiting: deque[tuple[list[Named], Future[Sequence[Verdict]]]] = deque()
        with ThreadPoolExecutor(self._count) as threads:
            try:
                for batch in _batches(files):
                    waiting.append((batch, threads.submit(self._ask, batch)))
                    if len(waiting) > 2 * self._count:
                        yield from _answered(*waiting.popleft())
                while waiting:
                    yield from _answered(*waiting.popleft())
            finally:
                for _, answer in waiting:
                    answer.cancel()

    def close(self) -> None:
        """End the children."""
        if self._children:
            self._children.stop()

    def _ask(self, batch: Sequence[Named]) -> Sequence[Verdict]:
        assert self._children is not None
        asked = [(data, self._filters) for _, data in batch]
        answers = self._children.call_for_each(judge_each, asked, timeout=_SECONDS)
        return [Verdict(UNPARSED) if isinstance(answer, WorkFailed) else answer for answer in answers]


def _answered(batch: Sequence[Named], answer: "Future[Sequence[Verdict]]") -> Iterator[tuple[str, Verdict]]:
    return ((path, verdict) for (path, _), verdict in zip(batch, answer.result(), strict=True))


def _batches(files: Iterable[Named]) -> Iterator[list[Named]]:
    batch: list[Named] = []
    size = 0
    for path, data in files:
        batch.append((path, data))
        size += len(data)
        if size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
