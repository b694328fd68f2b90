"""A server that completes as OpenAI's interface and llama.cpp's do, well or badly as its model's name says."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from apps.models import running
from apps.models.completion_sources import line_router

LINE = ["0, ", "1);"]
ENDS = {"finish_reason": "stop", "text": ""}


def forget_how_they_did() -> None:
    """Let every runtime and endpoint count as well."""
    line_router._records.clear()
    running.runtime_router._records.clear()
    running._kept = (0.0, (), [])
    running.forget_active_model()


class LineServer(ThreadingHTTPServer):
    """`seen` holds path and body of each request, `left` is set once a client closed on one that hangs."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[tuple[str, dict[str, object]]] = []
        self.left = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: LineServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append((self.path, body))
        how = str(body["model"])
        if how == "hangs":
            self._hang()
            return
        if how == "refuses":
            self._begin(500, "application/json")
            self.wfile.write(b'{"error": {"message": "out of order"}}')
            return
        self._begin(200, "text/event-stream")
        if how == "html":
            self.wfile.write(b"<html>Welcome</html>")
        elif how == "nonsense":
            self._send(["what", 3])
        elif how == "endless":
            with contextlib.suppress(OSError):
                while True:
                    self.wfile.write(b"x" * 65536)
        elif self.path.endswith("/infill"):
            for piece in LINE:
                self._send({"content": piece, "stop": False})
            self._send({"content": "", "stop": True})
        else:
            # A line break ends the line of a server that does not heed `stop`.
            for piece in [*LINE, "\nmore"] if how == "heedless" else LINE:
                self._send({"choices": [{"text": piece, "finish_reason": None}]})
            if how != "dies":
                self._send({"choices": [ENDS]})
                self.wfile.write(b"data: [DONE]\n\n")

    def _hang(self) -> None:
        self.connection.settimeout(0.05)
        for _ in range(200):
            try:
                if self.connection.recv(1) == b"":
                    self.server.left.set()
                    return
            except TimeoutError:
                time.sleep(0.01)

    def _begin(self, status: int, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()

    def _send(self, event: object) -> None:
        self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, *arguments: object) -> None:
        pass


@contextlib.contextmanager
def silent_server() -> Iterator[str]:
    """Accept connections and never say anything; return the address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextlib.contextmanager
def line_server() -> Iterator[LineServer]:
    """Serve until the end of the block."""
    server = LineServer()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
