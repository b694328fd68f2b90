"""A real workbench for tests: `rust-ai-ide serve` on a free port, with a data directory of its own."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 40


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A running workbench."""

    url: str
    port: int
    home: Path
    process: subprocess.Popen[str]
    environment: dict[str, str]
    log: Path

    def sign_in_url(self) -> str:
        """Ask for a fresh one-time link."""
        command = [sys.executable, "-m", "rust_ai_ide.cli.main", "sign-in-url", "--port", str(self.port)]
        done = subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=True, timeout=30
        )
        return done.stdout.strip()

    def children(self, word: str) -> list[int]:
        """Return the process ids below the supervisor whose command line holds `word`."""
        listed = subprocess.run(
            # -ww: whole command lines, however narrow the terminal that COLUMNS speaks of.
            ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=True,
        )
        return [int(line.split()[0]) for line in listed.stdout.splitlines() if word in line]


@contextlib.contextmanager
def serving(home: Path, **settings: str) -> Iterator[Server]:
    """Start the workbench, wait until it answers, and stop it in the end."""
    port = free_port()
    home.mkdir(parents=True, exist_ok=True)
    log = home / "server.log"
    kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
    environment = {**kept, "RUST_AI_IDE_HOME": str(home), "PYTHONPATH": str(ROOT), **settings}
    command = [sys.executable, "-m", "rust_ai_ide.cli.main", "serve", "--port", str(port)]
    with log.open("w") as output:
        process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, text=True
        )
    server = Server(f"http://127.0.0.1:{port}", port, home, process, environment, log)
    try:
        _wait(server)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise AssertionError(f"the server ended while it started:\n{server.log.read_text()}")
        with contextlib.suppress(OSError), urlopen(f"{server.url}/sign-in/", timeout=5) as answer:
            if answer.status == 200 and re.search(r"/sign-in/\S{32}/", server.log.read_text()):
                return
        time.sleep(0.05)
    raise AssertionError(f"the server did not answer in {START_SECONDS} s:\n{server.log.read_text()}")
