"""Work for test_row_14_isolation.py: a child imports it by name."""

import ctypes
import os
import sys
import time

from rust_ai_ide.source.paths import PathNotFound

_started: list[bool] = []


def add(one: int, other: int) -> int:
    sys.stdout.write("noise between the answers")
    sys.stdout.flush()
    return one + other


def crash() -> None:
    ctypes.string_at(0)


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def spin() -> None:
    while True:
        pass


def hold_the_interpreter(seconds: int) -> None:
    ctypes.PyDLL(None).sleep(seconds)


def eat() -> int:
    return len(bytearray(2 * 1024**3))


def leave() -> None:
    os._exit(3)


def raise_ours() -> None:
    raise PathNotFound("There is no such file.")


def raise_theirs() -> None:
    raise ValueError("inside")


def process() -> int:
    return os.getpid()


def length(content: bytes) -> tuple[int, bytes]:
    return len(content), content


def environment() -> dict[str, str]:
    return dict(os.environ)


def start_slowly() -> None:
    time.sleep(1.5)
    _started.append(True)


def has_started() -> bool:
    return _started == [True]
