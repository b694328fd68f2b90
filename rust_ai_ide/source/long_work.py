"""Runs hours of work in a child process that tells how far it is, can be asked to stop, and may die alone."""

import contextlib
import importlib
import json
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, ParamSpec, TypeVar

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.observability.events import Cancelled, Event, Report
from rust_ai_ide.source.isolation import WorkFailed

P = ParamSpec("P")
T = TypeVar("T")

_LENGTH = struct.Struct(">Q")
_STOP = b"stop"
_GRACE_SECONDS = 60.0
"""What the work may take to leave itself in good order once it was asked to stop."""
_NICENESS = 10
_FIRST_TO_DIE = b"600"
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES")
_OWN = "RUST_AI_IDE_"
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    "from rust_ai_ide.source.long_work import serve; serve()"
)


def work_apart(function: Callable[..., T], *arguments: Any, report: Report, crashed: str) -> T:
    """Return `function(*arguments, report)`, run in a child process of low priority whose events come to `report`.

    Where `report` raises Cancelled, it is raised in the child, which has a minute to end well. The child dies with this
    process. The function is found by its module and name; arguments, events and the result are pickled. Our own errors
    pass through; raises WorkFailed, with the sentence `crashed` where the child died.
    """
    child = subprocess.Popen(
        [sys.executable, "-I", "-c", _START, json.dumps(sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items() if name in _KEPT or name.startswith(_OWN)},
        start_new_session=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        _send(child.stdin, pickle.dumps((function.__module__, function.__qualname__, arguments)))
        return _followed(child.stdin, child.stdout, report)  # type: ignore[no-any-return]
    except (EOFError, BrokenPipeError) as error:
        code = child.wait()
        how = signal.strsignal(-code) if code < 0 else f"status {code}"
        raise WorkFailed(crashed, f"the child ended with {how}") from error
    finally:
        _end(child)


def _followed(requests: IO[bytes], answers: IO[bytes], report: Report) -> Any:
    """Pass events on until there is a result. A report that raises stops the child first."""
    stopping: Cancelled | None = None
    guard: threading.Timer | None = None
    try:
        while True:
            kind, value = pickle.loads(_received(answers))  # noqa: S301 - it comes from our own child
            if kind == "result":
                return value
            if kind == "error":
                raise stopping if stopping and isinstance(value, Cancelled) else value
            if kind == "failure":
                summary, details = value
                raise WorkFailed(f"This step failed inside: {summary}.", details)
            if stopping is None:
                try:
                    report(value)
                except Cancelled as asked:
                    stopping = asked
                    _send(requests, _STOP)
                    # Closing the pipe ends a child that does not end by itself.
                    guard = threading.Timer(_GRACE_SECONDS, requests.close)
                    guard.daemon = True
                    guard.start()
    except EOFError:
        if stopping:
            raise stopping from None
        raise
    finally:
        if guard:
            guard.cancel()


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            with contextlib.suppress(BrokenPipeError):
                stream.close()


def serve() -> None:
    """Do one piece of work; the main function of a child."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What a library prints must not end up between the answers.
    os.dup2(2, 1)
    os.nice(_NICENESS)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_bytes(_FIRST_TO_DIE)
    module, name, arguments = pickle.loads(_received(requests))  # noqa: S301 - it comes from our parent
    is_stopped = threading.Event()
    threading.Thread(target=_listen, args=(requests, is_stopped), daemon=True).start()

    def report(event: Event) -> None:
        if is_stopped.is_set():
            raise Cancelled("Cancelled")
        _send(answers, pickle.dumps(("event", event)))

    _send(answers, _answer(module, name, arguments, report))


def _listen(requests: IO[bytes], is_stopped: threading.Event) -> None:
    """Wait to be asked to stop. A parent that is gone cannot ask: then the child ends at once."""
    with contextlib.suppress(EOFError):
        while _received(requests) == _STOP:
            is_stopped.set()
    os._exit(1)


def _answer(module: str, name: str, arguments: tuple[Any, ...], report: Report) -> bytes:
    try:
        function: Any = importlib.import_module(module)
        for part in name.split("."):
            function = getattr(function, part)
        return pickle.dumps(("result", function(*arguments, report)))
    except RustAiIdeError as error:
        return pickle.dumps(("error", error))
    except Exception as error:  # Whatever went wrong is told to the parent.
        return pickle.dumps(("failure", (type(error).__name__, traceback.format_exc(limit=20))))


def _send(stream: IO[bytes], message: bytes) -> None:
    stream.write(_LENGTH.pack(len(message)) + message)
    stream.flush()


def _received(stream: IO[bytes]) -> bytes:
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    return stream.read(length)
