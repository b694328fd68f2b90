import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rust_ai_ide.source.isolation import IsolatedWorker, WorkFailed, WorkTimedOut
from rust_ai_ide.source.paths import PathNotFound
from tests.security import isolated_work as work


@pytest.fixture
def worker() -> Iterator[IsolatedWorker]:
    worker = IsolatedWorker(size=2, memory=1024**3)
    yield worker
    worker.close()


def test_results_errors_and_noise(worker: IsolatedWorker) -> None:
    assert worker.call(work.add, 1, 2) == 3
    with pytest.raises(PathNotFound, match="no such file"):
        worker.call(work.raise_ours)
    with pytest.raises(WorkFailed) as caught:
        worker.call(work.raise_theirs)
    assert "ValueError: inside" in caught.value.details
    assert worker.call(work.process) == worker.call(work.process) != os.getpid()
    big = bytes(5_000_000)
    assert worker.call(work.length, big) == (len(big), big)


@pytest.mark.parametrize("task", [work.crash, work.leave, work.eat])
def test_a_crash_is_survived(worker: IsolatedWorker, task: object) -> None:
    with pytest.raises(WorkFailed):
        worker.call(task)  # type: ignore[arg-type]
    assert worker.call(work.add, 1, 2) == 3


def test_endless_work_is_stopped(worker: IsolatedWorker) -> None:
    start = time.monotonic()
    for endless, arguments in ((work.sleep, (60,)), (work.spin, ()), (work.hold_the_interpreter, (60,))):
        with pytest.raises(WorkTimedOut, match="longer than"):
            worker.call(endless, *arguments, timeout=0.3)
    assert time.monotonic() - start < 50, "it was waited for"
    assert worker.call(work.add, 1, 2) == 3


def test_the_start_of_a_child_is_no_time_of_its_calls() -> None:
    worker = IsolatedWorker(prepare=work.start_slowly)
    try:
        assert worker.call(work.has_started, timeout=1.0)
        with pytest.raises(WorkTimedOut):
            worker.call(work.sleep, 60, timeout=0.1)
        assert worker.call(work.has_started, timeout=1.0)
    finally:
        worker.close()


def test_a_child_that_was_killed_between_calls_is_replaced(worker: IsolatedWorker) -> None:
    first = worker.call(work.process)
    os.kill(first, signal.SIGKILL)
    time.sleep(0.1)
    assert worker.call(work.process) != first


def test_threads_share_a_pool(worker: IsolatedWorker) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda n: worker.call(work.add, n, n), range(50))) == [2 * n for n in range(50)]


def test_the_child_sees_no_secrets(worker: IsolatedWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "x")
    assert "SECRET_TOKEN" not in worker.call(work.environment)


@pytest.mark.parametrize("task", ["process", "hold_the_interpreter"])
def test_children_end_with_their_parent(task: str) -> None:
    script = (
        "import sys, threading, time\n"
        "from rust_ai_ide.source.isolation import IsolatedWorker\n"
        "from tests.security import isolated_work as work\n"
        "worker = IsolatedWorker()\n"
        "print(worker.call(work.process), flush=True)\n"
        + (
            "worker.call(work.hold_the_interpreter, 60, timeout=1)\n"
            if task != "process"
            else "time.sleep(60)\n"
        )
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    parent = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    time.sleep(0.5)  # The second call has begun by now.
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and alive(child):
        time.sleep(0.05)
    assert not alive(child)


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
