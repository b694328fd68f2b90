"""What dies comes back: a worker killed in mid-review, the web process, and the supervisor's clean stop."""

import os
import signal
import time
from pathlib import Path

import pytest

from tests.operation.client import Client
from tests.serving import serving
from tests.source.repositories import TestRepository


def large_repository(path: Path, files: int) -> TestRepository:
    made = TestRepository(path)
    code = "".join(f"pub fn f{n}(x: Option<u32>) -> u32 {{\n    dbg!(x).unwrap()\n}}\n" for n in range(300))
    made.commit("Begin", {"Cargo.toml": '[package]\nname = "large"\n', "src/lib.rs": ""})
    made.commit("Many", {f"src/m{n}.rs": f"// {n}\n{code}" for n in range(files)})
    return made


def test_a_review_survives_the_death_of_its_worker(tmp_path):
    repository = large_repository(tmp_path / "large", files=400)
    with serving(tmp_path / "home") as server:
        client = Client(server)
        project = client.open_project(repository.path)
        review = client.post(f"{project}reviews/start/", {"kind": "range", "head": "HEAD"})
        again = client.post(f"{project}reviews/start/", {"kind": "range", "head": "HEAD"})
        assert again == review
        client.review_state(review, "running")
        (worker,) = server.children("celery")
        os.kill(worker, signal.SIGKILL)
        done = client.review_state(review, "done", seconds=90)
        assert sum(done["findings"].values()) == 400 * 50  # the most a file may have
        assert "starting it again" in server.log.read_text()
        runs = client.get("/runs/")
        assert runs.count("Review Many") == 1


def test_the_web_process_comes_back_and_the_session_with_it(tmp_path):
    with serving(tmp_path / "home") as server:
        client = Client(server)
        (web,) = server.children("daphne")
        os.kill(web, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                assert "Projects" in client.get("/")
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise AssertionError("the web process did not come back")


def test_a_stop_leaves_no_process_behind_and_everything_is_there_at_the_next_start(tmp_path, repository):
    with serving(tmp_path / "home") as server:
        client = Client(server)
        client.open_project(repository.path)
        children = server.children("")
        assert len(children) == 3
    assert server.process.returncode == 0
    for child in children:
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)
    with serving(tmp_path / "home") as server:
        assert "small" in Client(server).get("/")


def test_a_killed_supervisor_takes_its_children_along(tmp_path):
    with serving(tmp_path / "home") as server:
        children = server.children("")
        server.process.kill()
        server.process.wait()
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and any(map(_lives, children)):
            time.sleep(0.1)
        assert not any(map(_lives, children))


def _lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_taken_port_is_a_sentence(tmp_path):
    import socket
    import subprocess
    import sys

    from tests.serving import ROOT

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "rust_ai_ide.cli.main", "serve", "--port", port],
            env={**os.environ, "RUST_AI_IDE_HOME": str(tmp_path)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert done.returncode == 2
    assert "Is the workbench running already?" in done.stderr
    assert "Traceback" not in done.stderr
