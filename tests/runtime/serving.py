"""A real runtime process on a free port, with a library of tiny models."""

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.serving import ROOT, free_port


@dataclass
class Runtime:
    url: str
    home: Path
    process: subprocess.Popen[bytes]

    @property
    def key(self) -> str:
        return (self.home / "runtime.key").read_text().strip()

    def request(self, path: str, body: Any = None, **headers: str) -> urllib.request.Request:
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        return urllib.request.Request(
            self.url + path, data, {"Authorization": f"Bearer {self.key}", **headers}
        )

    def ask(self, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, Any]]:
        """Return status and body of an answer, errors as well."""
        try:
            with urllib.request.urlopen(self.request(path, body, **headers), timeout=30) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def stream(self, path: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        with urllib.request.urlopen(self.request(path, body | {"stream": True}), timeout=30) as answer:
            for line in answer:
                if line.startswith(b"data: {"):
                    yield json.loads(line[6:])

    def wait(self, condition: Any, seconds: float = 20) -> dict[str, Any]:
        """Return the status once `condition` holds of it."""
        deadline = time.monotonic() + seconds
        status: Any = "no answer"
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError):
                status = self.ask("/status")[1]
                if condition(status):
                    return status
            time.sleep(0.03)
        raise AssertionError(
            f"the runtime did not get there; exit code {self.process.poll()}, last: {status}"
        )


@contextlib.contextmanager
def running(home: Path, *options: str, models: int = 1) -> Iterator[Runtime]:
    """Start a runtime over the data directory `home`; wait until so many models are loaded."""
    port = free_port()
    command = [sys.executable, "-m", "rust_ai_ide.cli.main", "runtime", "--port", str(port), *options]
    environment = {**os.environ, "RUST_AI_IDE_HOME": str(home), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, env=environment, cwd=ROOT)
    runtime = Runtime(f"http://127.0.0.1:{port}", home, process)
    try:
        runtime.wait(lambda status: len(status["models"]) + len(status["failures"]) >= models)
        yield runtime
    finally:
        process.terminate()
        process.wait(20)
