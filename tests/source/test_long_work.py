"""Hours of work in a child process: its events arrive, it stops when asked, and it never outlives its parent."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from rust_ai_ide.observability.events import Cancelled, ignore
from rust_ai_ide.source.isolation import WorkFailed
from rust_ai_ide.source.long_work import work_apart
from rust_ai_ide.source.paths import PathNotFound
from tests.source import long_works

CRASHED = "The work ended before it was done."


def test_its_events_and_its_result_arrive():
    told = []
    assert work_apart(long_works.count, 5, report=told.append, crashed=CRASHED) == 5
    assert [(event.activity, event.done, event.total) for event in told] == [
        ("Counting", number, 5) for number in range(1, 6)
    ]


def test_asked_to_stop_it_ends_well(tmp_path):
    def stop(event):
        if event.done == 10:
            raise Cancelled("Enough")

    with pytest.raises(Cancelled, match="Enough"):
        work_apart(long_works.count_until_asked, str(tmp_path / "kept"), report=stop, crashed=CRASHED)
    assert int((tmp_path / "kept").read_text()) >= 10


def test_our_errors_pass_through_and_others_are_told():
    with pytest.raises(PathNotFound, match="no such path"):
        work_apart(long_works.refuse, report=ignore, crashed=CRASHED)
    with pytest.raises(WorkFailed, match="ZeroDivisionError") as raised:
        work_apart(long_works.break_inside, report=ignore, crashed=CRASHED)
    assert "break_inside" in raised.value.details


def test_a_crash_is_contained_and_told_in_the_callers_words():
    with pytest.raises(WorkFailed, match=CRASHED) as raised:
        work_apart(long_works.crash, report=ignore, crashed=CRASHED)
    assert "Segmentation" in raised.value.details


def test_it_gives_way_to_others_and_sees_no_secrets_of_the_environment(monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("RUST_AI_IDE_SOMETHING", "kept")
    seen = work_apart(long_works.own_variables, report=ignore, crashed=CRASHED)
    assert "AWS_SECRET_ACCESS_KEY" not in seen
    assert seen["RUST_AI_IDE_SOMETHING"] == "kept"
    assert work_apart(long_works.priority, report=ignore, crashed=CRASHED)[0] >= 10


def test_it_dies_with_its_parent(tmp_path):
    file = tmp_path / "process"
    code = (
        "from tests.source import long_works; from rust_ai_ide.source.long_work import work_apart;"
        f"work_apart(long_works.write_process_and_wait, {str(file)!r}, report=print, crashed='')"
    )
    parent = subprocess.Popen([sys.executable, "-u", "-c", code], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    parent.stdout.readline()
    child = int(file.read_text())
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 60
    while _lives(child):
        assert time.monotonic() < deadline, "the child outlives its parent"
        time.sleep(0.05)


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
