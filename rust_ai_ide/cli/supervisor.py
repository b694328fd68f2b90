"""The supervisor: starts the processes of the workbench, restarts what dies, stops all of them cleanly."""

import ctypes
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from rust_ai_ide.cli.sign_in_url import sign_in_url
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.home import data_directory

ROOT = Path(__file__).resolve().parents[2]
GRACE_SECONDS = 10
QUICK_DEATHS = 5
QUICK_SECONDS = 5.0
PR_SET_PDEATHSIG = 1


class CannotServe(RustAiIdeError):
    """The workbench cannot start, or one of its processes cannot stay up."""


@dataclass
class _Process:
    name: str
    command: list[str]
    running: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    quick_deaths: int = 0
    may_stay_down: bool = False
    next_try: float = 0.0
    environment: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        self.started = time.monotonic()
        self.running = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env={**os.environ, **self.environment},
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )

    def revive(self) -> None:
        """Start it again if it died; give up where it dies at once again and again."""
        if self.running is None or self.running.poll() is None or time.monotonic() < self.next_try:
            return
        quick = time.monotonic() - self.started < QUICK_SECONDS
        self.quick_deaths = self.quick_deaths + 1 if quick else 0
        if self.quick_deaths >= QUICK_DEATHS and self.may_stay_down:
            # Without it the workbench still works; it is tried again now and then.
            _say(f"The {self.name} process keeps ending as soon as it starts; trying again in a minute.")
            self.next_try = time.monotonic() + 60
            self.quick_deaths = 0
            return
        if self.quick_deaths >= QUICK_DEATHS:
            raise CannotServe(
                f"The {self.name} process keeps ending as soon as it starts; its last lines are above."
            )
        _say(f"The {self.name} process ended ({_reason(self.running.returncode)}); starting it again.")
        time.sleep(min(2.0, 0.2 * 2**self.quick_deaths))
        self.start()

    def signal(self, number: signal.Signals) -> None:
        if self.running is not None and self.running.poll() is None:
            os.killpg(self.running.pid, number)


class Supervisor:
    """Runs the web process on `host:port`, and beside it a worker and a model runtime unless they are off."""

    def __init__(self, host: str, port: int, *, with_worker: bool, with_runtime: bool) -> None:
        self.host = host
        self.port = port
        settings = {"DJANGO_SETTINGS_MODULE": "config.settings"}
        # Runtimes named by the environment run elsewhere, and take the place of one here.
        with_runtime = with_runtime and not os.environ.get("RUNTIME_URLS")
        runtime_port = str(_free_port())
        if with_runtime:
            settings["RUNTIME_URLS"] = f"http://127.0.0.1:{runtime_port}"
        python = [sys.executable, "-m"]
        web = [*python, "daphne", "-b", host, "-p", str(port), "--no-server-name"]
        web += ["-v", "0", "config.asgi:application"]
        worker = [
            sys.executable,
            "-W",
            "ignore:You're running the worker",
            "-m",
            "celery",
            "--quiet",
            "-A",
            "config",
        ]
        worker += ["worker", "--pool", "threads", "--loglevel", "WARNING"]
        worker += ["--without-mingle", "--without-gossip"]
        self.processes = [_Process("web", web, environment=settings)]
        if with_worker:
            self.processes.append(_Process("worker", worker, environment=settings))
        if with_runtime:
            runtime = [*python, "rust_ai_ide.cli.main", "runtime", "--port", runtime_port]
            self.processes.append(_Process("runtime", runtime, may_stay_down=True))
        self.stopping = False

    def run(self) -> int:
        """Serve until SIGINT or SIGTERM; return 0 after a clean stop."""
        self._check_port()
        _migrate_if_needed()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        try:
            for process in self.processes:
                process.start()
            self._wait_for_web()
            if not self.stopping:
                _say("The workbench is running. Sign in once with this link:")
                _say(f"  {sign_in_url(self.host, self.port)}")
            while not self.stopping:
                time.sleep(0.2)
                for process in self.processes:
                    if not self.stopping:
                        process.revive()
        finally:
            self._stop_all()
        return 0

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _check_port(self) -> None:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as error:
                raise CannotServe(
                    f"{self.host}:{self.port} cannot be served on: {error.strerror}. "
                    "Is the workbench running already? Otherwise choose another --port."
                ) from error

    def _wait_for_web(self) -> None:
        while not self.stopping:
            try:
                socket.create_connection((self.host, self.port), timeout=1).close()
            except OSError:
                self.processes[0].revive()
                time.sleep(0.05)
            else:
                return

    def _stop_all(self) -> None:
        for process in self.processes:
            process.signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for process in self.processes:
            if process.running is None:
                continue
            try:
                process.running.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.signal(signal.SIGKILL)
                process.running.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _die_with_parent() -> None:
    """Ask Linux to end this process when the supervisor is killed without a chance to do it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _migrate_if_needed() -> None:
    """Bring the database up to date, unless these very migrations were applied to it at an earlier start."""
    migrations = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("apps/*/migrations/*.py"))
    digest = hashlib.sha256("\n".join(migrations).encode()).hexdigest()
    home = data_directory()
    stamp = home / "migrated"
    # Only of the database in the data directory does the stamp beside it know anything.
    is_ours = not os.environ.get("DATABASE_URL")
    if is_ours and (home / "workbench.sqlite3").exists() and stamp.exists() and stamp.read_text() == digest:
        return
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"], check=False
    )
    if done.returncode != 0:
        raise CannotServe("The database could not be brought up to date; the reason is above.")
    if is_ours:
        stamp.write_text(digest)


def _reason(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201
