"""Gives memory back to the system that the C library keeps."""

from collections.abc import Callable
from functools import cache


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
