"""Runs functions in child processes that may crash, hang or eat memory without taking this one along."""

import atexit
import contextlib
import importlib
import json
import os
import pickle
import select
import signal
import struct
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from typing import IO, Any, ParamSpec, TypeVar

from rust_ai_ide.errors import RustAiIdeError

P = ParamSpec("P")
T = TypeVar("T")
A = TypeVar("A")

MEGABYTE = 1024 * 1024
_LENGTH = struct.Struct(">Q")
_POLL_MILLISECONDS = 100
_GRACE_SECONDS = 1
_START_SECONDS = 60.0
"""What a child may take to start and prepare itself, on however busy a machine."""
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    "from rust_ai_ide.source.isolation import serve; serve(int(sys.argv[2]))"
)


class WorkFailed(RustAiIdeError):
    """The work ended without a result; `details` holds what is known for the log."""

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__(message)
        self.details = details


class WorkTimedOut(WorkFailed):
    """The work took longer than it may take and was stopped."""


class IsolatedWorker:
    """A pool of child processes, each started when first needed and again after it was lost.

    Safe to call from several threads. The children import only what the called functions need; they run our
    own code on foreign input, so what they answer is trusted: this contains crashes, not attackers.
    """

    def __init__(
        self, size: int = 1, memory: int = 2048 * MEGABYTE, prepare: Callable[[], object] = os.getpid
    ) -> None:
        """Allow `size` calls at a time, each child at most `memory` bytes of address space.

        A new child calls `prepare` once, such as to import a library: that does not count as time of a call.
        """
        self._memory = memory
        self._prepare = prepare
        self._free = threading.Semaphore(size)
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._busy: list[_Child] = []
        self._owner = os.getpid()
        atexit.register(self.close)

    def call(self, function: Callable[..., T], *arguments: Any, timeout: float = 10.0) -> T:
        """Return `function(*arguments)`, run in a child for at most `timeout` seconds.

        The function is found by its module and name; arguments and result are pickled. Our own errors pass
        through. Raises WorkTimedOut, or WorkFailed where the child crashed or the function raised.
        """
        request = _request(function, arguments, timeout)
        with self._free:
            child = self._take()
            with self._lock:
                self._busy.append(child)
            try:
                if child.is_new:
                    _unpacked(child.ask(_request(self._prepare, (), _START_SECONDS), _START_SECONDS))
                    child.is_new = False
                answer = child.ask(request, timeout)
            except BaseException:
                child.end()
                raise
            finally:
                with self._lock:
                    self._busy.remove(child)
            with self._lock:
                self._idle.append(child)
        return _unpacked(answer)  # type: ignore[no-any-return]

    def call_for_each(
        self, function: Callable[[list[A]], list[T]], items: Sequence[A], *, timeout: float = 10.0
    ) -> Sequence["T | WorkFailed"]:
        """Return `function(items)`, which answers in the same order; items that break it are told apart.

        Where the call fails, each item is tried alone: what breaks has its failure in the place of a result.
        """
        try:
            return list(self.call(function, list(items), timeout=timeout))
        except WorkFailed as error:
            if len(items) == 1:
                return [error]
        return [self.call_for_each(function, [item], timeout=timeout)[0] for item in items]

    def close(self) -> None:
        """End the idle children; busy ones end with their calls."""
        with self._lock:
            children, self._idle = self._idle, []
        for child in children:
            child.end()

    def stop(self) -> None:
        """End the busy children, too; their calls raise WorkFailed."""
        with self._lock:
            for child in self._busy:
                child.kill()
        self.close()

    def _take(self) -> "_Child":
        with self._lock:
            if self._owner != os.getpid():
                # After a fork these children belong to the parent.
                self._owner, self._idle = os.getpid(), []
            while self._idle:
                child = self._idle.pop()
                if child.is_alive():
                    return child
                child.end()
        return _Child(self._memory)


def _request(function: Callable[..., object], arguments: tuple[Any, ...], timeout: float) -> bytes:
    return pickle.dumps((function.__module__, function.__qualname__, arguments, timeout))


def _unpacked(answer: bytes) -> Any:
    kind, value = pickle.loads(answer)  # noqa: S301 - it comes from our own child
    if kind == "result":
        return value
    if kind == "error":
        raise value
    if kind == "memory":
        raise WorkFailed("This needed more memory than it may take, so it was stopped.")
    summary, details = value
    raise WorkFailed(f"This step failed inside: {summary}.", details)


class _Child:
    is_new = True

    def __init__(self, memory: int) -> None:
        environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": "/nonexistent"}
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", _START, json.dumps(sys.path), str(memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            raise WorkFailed(f"A helper process cannot be started: {error.strerror}.") from error

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, request: bytes, timeout: float) -> bytes:
        assert self._process.stdin is not None
        deadline = time.monotonic() + timeout
        # Writing blocks while the child is not reading, so the deadline is kept from outside.
        guard = threading.Timer(timeout, self.kill)
        guard.daemon = True
        guard.start()
        try:
            self._process.stdin.write(_LENGTH.pack(len(request)) + request)
            self._process.stdin.flush()
            (length,) = _LENGTH.unpack(self._read(_LENGTH.size, deadline))
            return self._read(length, deadline)
        except (BrokenPipeError, EOFError) as error:
            if time.monotonic() >= deadline:
                raise _timed_out(timeout) from error
            raise self._failure() from error
        except TimeoutError as error:
            raise _timed_out(timeout) from error
        finally:
            guard.cancel()

    def _read(self, count: int, deadline: float) -> bytes:
        assert self._process.stdout is not None
        number = self._process.stdout.fileno()
        poll = select.poll()
        poll.register(number, select.POLLIN | select.POLLHUP)
        data = bytearray()
        while len(data) < count:
            if time.monotonic() > deadline:
                raise TimeoutError
            if poll.poll(_POLL_MILLISECONDS):
                piece = os.read(number, min(count - len(data), MEGABYTE))
                if not piece:
                    raise EOFError
                data += piece
        return bytes(data)

    def _failure(self) -> WorkFailed:
        code = self._process.wait()
        if code == -signal.SIGXCPU:
            return WorkTimedOut("This took too much processor time, so it was stopped.")
        how = signal.strsignal(-code) if code < 0 else f"status {code}"
        return WorkFailed("This step crashed on its input and was contained.", f"the child ended with {how}")

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def end(self) -> None:
        if self._process.poll() is None:
            self.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()


def _timed_out(timeout: float) -> WorkTimedOut:
    return WorkTimedOut(f"This took longer than {timeout:g} seconds, so it was stopped.")


def serve(memory: int) -> None:
    """Answer calls until the parent is gone; the main function of a child."""
    import resource

    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What a library prints must not end up between the answers.
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Should the parent die during a call that holds the interpreter, the alarm ends this process.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    while (head := requests.read(_LENGTH.size)) and len(head) == _LENGTH.size:
        (length,) = _LENGTH.unpack(head)
        answer = _answer(requests, length)
        signal.setitimer(signal.ITIMER_REAL, 0)
        answers.write(_LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _answer(requests: IO[bytes], length: int) -> bytes:
    try:
        module, name, arguments, timeout = pickle.loads(requests.read(length))  # noqa: S301 - from our parent
        signal.setitimer(signal.ITIMER_REAL, timeout + _GRACE_SECONDS)
        function: Any = importlib.import_module(module)
        for part in name.split("."):
            function = getattr(function, part)
        return pickle.dumps(("result", function(*arguments)))
    except RustAiIdeError as error:
        return pickle.dumps(("error", error))
    except MemoryError:
        return pickle.dumps(("memory", None))
    except Exception as error:  # Whatever went wrong is told to the parent.
        return pickle.dumps(("failure", (type(error).__name__, traceback.format_exc(limit=20))))
