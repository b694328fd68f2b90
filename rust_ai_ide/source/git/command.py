"""Runs the git program so that nothing in a repository or its configuration can make it run anything else."""

import contextlib
import os
import select
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from rust_ai_ide.source.git.errors import GitError, GitMissing, GitTimedOut, OutputTooLarge, error_from

MEGABYTE = 1024 * 1024
SETTINGS = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    "core.pager=cat",
    "core.askPass=",
    "core.quotePath=false",
    "core.splitIndex=false",
    "core.untrackedCache=false",
    "core.checkStat=default",
    "index.sparse=false",
    "color.ui=false",
    "credential.helper=",
    "diff.orderFile=/dev/null",
    "gc.auto=0",
    "i18n.logOutputEncoding=UTF-8",
    "log.follow=false",
    "log.mailmap=false",
    "log.showSignature=false",
    "maintenance.auto=false",
    "pack.threads=2",
    "protocol.allow=never",
    "safe.bareRepository=explicit",
    "submodule.recurse=false",
)
# protocol.<name>.allow in a repository's own configuration beats protocol.allow; this variable beats both.
NO_PROTOCOL = "none"
_KEPT = ("SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "TMPDIR")
_CHUNK = 256 * 1024
_TICK_MILLISECONDS = 200


@dataclass(frozen=True, slots=True)
class Invocation:
    """One git command line with the environment and folder it runs in."""

    arguments: tuple[str | bytes, ...]
    environment: Mapping[str, str]
    folder: Path
    descriptors: tuple[int, ...] = ()
    """Open files handed down to git, which names them /dev/fd/<number>."""


def program() -> str:
    """Return the path of the git program. Raises GitMissing."""
    found = shutil.which("git", path=_search_path())
    if found is None:
        raise GitMissing("The git program was not found; install git 2.37 or newer and try again.")
    return found


def _search_path() -> str:
    # A relative entry would look inside whatever folder git runs in.
    entries = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(entry for entry in entries if Path(entry).is_absolute())


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return git's whole environment: nothing of the caller's but the search path and certificate places."""
    environment = {
        "PATH": _search_path(),
        "HOME": "/nonexistent",
        "XDG_CONFIG_HOME": "/nonexistent",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "GIT_ALLOW_PROTOCOL": NO_PROTOCOL,
        "GIT_ASKPASS": "",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_EDITOR": "false",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_PAGER": "cat",
        "GIT_TERMINAL_PROMPT": "0",
        "SSH_ASKPASS": "",
    }
    environment.update({name: os.environ[name] for name in _KEPT if name in os.environ})
    environment.update(extra or {})
    return environment


def settings(extra: Iterable[str] = ()) -> list[str]:
    """Return the `-c` options every command line begins with."""
    return [part for setting in (*SETTINGS, *extra) for part in ("-c", setting)]


class GitProcess:
    """A running git whose output is read in chunks; leaving the `with` block ends it and all it started."""

    def __init__(self, invocation: Invocation, activity: str, timeout: float) -> None:
        self._activity = activity
        self._deadline = time.monotonic() + timeout
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in stop()
        self._feeder: threading.Thread | None = None
        try:
            self._process = subprocess.Popen(
                [program(), *invocation.arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                env=dict(invocation.environment),
                cwd=invocation.folder,
                pass_fds=invocation.descriptors,
                start_new_session=True,
            )
        except OSError as error:
            self._errors.close()
            raise error_from(f"fatal: {error.strerror}", activity) from error

    @property
    def pid(self) -> int:
        """The process id, which is also its process group."""
        return self._process.pid

    def __enter__(self) -> "GitProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End git and whatever it started, now."""
        # The group outlives its leader where git left children (ssh, remote helpers) behind.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._feeder is not None:
            self._feeder.join()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                # What a killed process did not read any more is of no interest.
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        self._errors.close()

    def write(self, data: bytes) -> None:
        """Give git input and wait until it took it; raises git's own error where it ended early."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(data)
        except BrokenPipeError as error:
            raise self.failure() from error

    def end_input(self) -> None:
        """Tell git that there is no more input."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.close()
        except BrokenPipeError as error:
            raise self.failure() from error

    def feed(self, pieces: Iterable[bytes]) -> None:
        """Give git input from a thread of its own, so that reading its output cannot deadlock."""
        self._feeder = threading.Thread(target=self._feed, args=(pieces,), daemon=True)
        self._feeder.start()

    def _feed(self, pieces: Iterable[bytes]) -> None:
        assert self._process.stdin is not None
        # git may end before it read everything; its exit status tells why.
        with contextlib.suppress(BrokenPipeError), self._process.stdin as stream:
            for piece in pieces:
                stream.write(piece)

    def chunks(self, tick: Callable[[], None] | None = None) -> Iterator[bytes]:
        """Yield output until git closes it; `tick` is called several times a second and may raise."""
        assert self._process.stdout is not None
        number = self._process.stdout.fileno()
        poll = select.poll()
        poll.register(number, select.POLLIN | select.POLLHUP)
        while True:
            if tick is not None:
                tick()
            if time.monotonic() > self._deadline:
                raise GitTimedOut(f"git took too long to {self._activity}, so it was stopped.")
            if poll.poll(_TICK_MILLISECONDS):
                chunk = os.read(number, _CHUNK)
                if not chunk:
                    return
                yield chunk

    def errors_so_far(self, start: int = 0) -> bytes:
        """Return what git wrote to its error output from `start` on, at most a megabyte of it."""
        return os.pread(self._errors.fileno(), MEGABYTE, start)

    def code(self) -> int:
        """Wait for the end and return the exit status."""
        try:
            return self._process.wait(max(0.1, self._deadline - time.monotonic()))
        except subprocess.TimeoutExpired as error:
            raise GitTimedOut(f"git took too long to {self._activity}, so it was stopped.") from error

    def failure(self) -> GitError:
        """Wait for the end and return the error that git gave."""
        self.code()
        return error_from(self.errors_so_far(), self._activity)


def run(
    invocation: Invocation,
    activity: str,
    *,
    stdin: Iterable[bytes] = (),
    timeout: float = 60.0,
    limit: int = 256 * MEGABYTE,
    accept: Sequence[int] = (0,),
    tick: Callable[[], None] | None = None,
) -> tuple[int, bytes]:
    """Run git to its end and return its exit status and output.

    Takes at most `timeout` seconds and `limit` bytes. Raises the GitError that git's words stand for.
    """
    with GitProcess(invocation, activity, timeout) as process:
        process.feed(stdin)
        output = bytearray()
        for chunk in process.chunks(tick):
            output += chunk
            if len(output) > limit:
                raise OutputTooLarge(
                    f"git gave more than {limit // MEGABYTE} MB to {activity}; it was stopped."
                )
        code = process.code()
        if code not in accept:
            raise process.failure()
        return code, bytes(output)
