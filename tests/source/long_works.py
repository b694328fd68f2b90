"""Work for test_long_work.py: a child imports it by name."""

import ctypes
import os
import time
from pathlib import Path

from rust_ai_ide.observability.events import Cancelled, Progressed, Report
from rust_ai_ide.source.paths import PathNotFound


def count(most: int, report: Report) -> int:
    for number in range(most):
        report(Progressed("Counting", number + 1, most))
    return most


def count_until_asked(kept: str, report: Report) -> None:
    number = 0
    try:
        while True:
            report(Progressed("Counting", number := number + 1))
            time.sleep(0.01)
    except Cancelled:
        Path(kept).write_text(str(number))
        raise


def write_process_and_wait(file: str, report: Report) -> None:
    Path(file).write_text(str(os.getpid()))
    report(Progressed("Waiting"))
    time.sleep(600)


def refuse(report: Report) -> None:
    raise PathNotFound("There is no such path.")


def break_inside(report: Report) -> None:
    raise ZeroDivisionError


def crash(report: Report) -> None:
    ctypes.string_at(0)


def own_variables(report: Report) -> dict[str, str]:
    return dict(os.environ)


def priority(report: Report) -> tuple[int, int]:
    return os.getpriority(os.PRIO_PROCESS, 0), int(Path("/proc/self/oom_score_adj").read_text())
