"""Has many files judged on all processors: child processes and this one take them from one queue."""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping

from rust_ai_ide.review.standard import Standard
from rust_ai_ide.source.isolation import IsolatedWorker, WorkFailed
from rust_ai_ide.source.memory import give_back_memory

WORTH_BYTES = 600_000
"""With less to judge a child would not be ready before the work is done."""
_PIECE_BYTES = 150_000
_SECONDS = 60.0

Sources = Mapping[bytes, bytes]
Piece = list[tuple[bytes, bytes]]


class Crew:
    """Child processes for one review, started when there is enough to do; `close` ends them."""

    def __init__(self, standard: Standard) -> None:
        """Rules of a project's own are run in children alone."""
        self._standard = standard
        self._helpers = max(1 if standard.custom else 0, len(os.sched_getaffinity(0)) - 1)
        self._worker = IsolatedWorker(size=max(1, self._helpers)) if self._helpers else None

    def is_worth(self, sources: Sources) -> bool:
        """Tell whether it pays to share this work."""
        return self._worker is not None and sum(map(len, sources.values())) >= WORTH_BYTES

    def examined(self, sources: Sources) -> dict[bytes, bytes]:
        """Return the stored form of the facts of each source, by the same keys; what a child breaks on is missing."""
        pieces = deque(_pieces(sources))
        done: dict[bytes, bytes] = {}
        errors: list[Exception] = []
        threads = [
            threading.Thread(target=self._follow, args=(pieces, done, errors)) for _ in range(self._helpers)
        ]
        for thread in threads:
            thread.start()
        try:
            if not self._standard.custom:
                _work(pieces, done, self._standard)
        finally:
            pieces.clear()
            for thread in threads:
                thread.join()
        if errors:
            raise errors[0]
        give_back_memory()
        return done

    def close(self) -> None:
        """End the children."""
        if self._worker:
            self._worker.close()

    def _follow(self, pieces: deque[Piece], done: dict[bytes, bytes], errors: list[Exception]) -> None:
        """Have pieces judged by a child until there are none."""
        # Imported here: its import is what the child shares with this process, not what this one needs at start.
        from rust_ai_ide.review.contained import examine_all

        assert self._worker
        while piece := _next(pieces.popleft):
            items = [(source, self._standard) for _, source in piece]
            try:
                results = self._worker.call_for_each(examine_all, items, timeout=_SECONDS)
            except Exception as error:  # It is raised again where the review waits.
                errors.append(error)
                pieces.clear()
                return
            for (key, _), result in zip(piece, results, strict=True):
                if not isinstance(result, WorkFailed):
                    done[key] = result


def _work(pieces: deque[Piece], done: dict[bytes, bytes], standard: Standard) -> None:
    from rust_ai_ide.review.engine import examine

    # From the other end than the children do: two of the largest trees at a time would take much memory.
    while piece := _next(pieces.pop):
        for key, source in piece:
            done[key] = examine(source, standard).to_bytes()


def _next(take: Callable[[], Piece]) -> Piece:
    """Take a piece; an empty one where there is none."""
    try:
        return take()
    except IndexError:
        return []


def _pieces(sources: Sources) -> Iterator[Piece]:
    """Cut the work into pieces of some files; the largest go first, so that nobody ends long after the others."""
    piece: Piece = []
    size = 0
    for key, source in sorted(sources.items(), key=lambda item: -len(item[1])):
        piece.append((key, source))
        size += len(source)
        if size >= _PIECE_BYTES:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece
