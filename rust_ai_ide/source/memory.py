"""Memory: gives back to the system what the C library keeps, and has Python look for garbage later."""

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

_lock = threading.Lock()
_paused = 0


@contextmanager
def collector_paused() -> Iterator[None]:
    """Look for no garbage meanwhile: among millions of objects that stay, each look takes long and finds nothing."""
    global _paused
    with _lock:
        if not _paused:
            gc.disable()
        _paused += 1
    try:
        yield
    finally:
        with _lock:
            _paused -= 1
            if not _paused:
                gc.enable()


def give_back_memory() -> None:
    """Have the C library return what is free: after thousands of syntax trees its heap is mostly holes."""
    _trim()(0)


@cache
def _trim() -> Callable[[int], object]:
    # Imported late: short work has nothing to give back.
    import ctypes

    try:
        trim: Callable[[int], object] = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return lambda _: None  # no glibc, which alone has this
    return trim
