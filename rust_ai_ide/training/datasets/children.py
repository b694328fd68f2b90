"""Work on many texts in child processes, as many as there are processors, so that none can break the others."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from rust_ai_ide.source.isolation import IsolatedWorker, WorkFailed

WORTH_CHILDREN = 150
"""From so many texts on children are quicker than the time they take to start."""
_SECONDS = 60.0
A = TypeVar("A")
B = TypeVar("B")


class Children(Generic[A, B]):
    """Applies a function, which answers lists of items, in the order of the items. To be closed, which ends it."""

    def __init__(self, function: Callable[[list[A]], list[B]]) -> None:
        """`function` is found by its module and name, in each child anew."""
        self._function = function
        self._count = (
            len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        )
        self._worker = IsolatedWorker(self._count)

    def answers(self, batches: Iterable[list[A]]) -> Iterator[tuple[A, B | WorkFailed]]:
        """Yield each item with its answer, or with how it broke a child; only some batches are taken ahead."""
        waiting: deque[tuple[list[A], Future[Sequence[B | WorkFailed]]]] = deque()
        with ThreadPoolExecutor(self._count) as threads:
            try:
                for batch in batches:
                    waiting.append((batch, threads.submit(self._ask, batch)))
                    if len(waiting) > 2 * self._count:
                        yield from _paired(*waiting.popleft())
                while waiting:
                    yield from _paired(*waiting.popleft())
            finally:
                for _, answer in waiting:
                    answer.cancel()

    def close(self) -> None:
        """End the children."""
        self._worker.stop()

    def _ask(self, batch: list[A]) -> Sequence[B | WorkFailed]:
        return self._worker.call_for_each(self._function, batch, timeout=_SECONDS)


def batches(items: Iterable[A], size: Callable[[A], int], most: int) -> Iterator[list[A]]:
    """Yield the items in lists, each as soon as its size reaches `most`."""
    batch: list[A] = []
    total = 0
    for item in items:
        batch.append(item)
        total += size(item)
        if total >= most:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch


def _paired(batch: list[A], answer: "Future[Sequence[B | WorkFailed]]") -> Iterator[tuple[A, B | WorkFailed]]:
    return zip(batch, answer.result(), strict=True)
