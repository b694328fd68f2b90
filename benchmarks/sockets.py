"""A websocket as a browser has it, over the standard library: enough to time the workbench's own."""

import base64
import json
import os
import socket
import struct
from types import TracebackType
from typing import Any

TEXT, CLOSE, PING = 1, 8, 9


class Socket:
    """Speaks JSON with a socket of a workbench, signed in by the cookies of a client."""

    def __init__(self, host: str, port: int, path: str, cookies: str) -> None:
        self._connection = socket.create_connection((host, port), timeout=30)
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        head = (
            f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: http://{host}:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nCookie: {cookies}\r\n\r\n"
        )
        self._connection.sendall(head.encode())
        self._stream = self._connection.makefile("rb")
        status = self._stream.readline()
        if b" 101 " not in status:
            raise ConnectionError(f"no websocket: {status.decode().strip()}")
        while self._stream.readline().strip():
            pass

    def __enter__(self) -> "Socket":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def send(self, message: Any) -> None:
        """Send a message as one masked frame."""
        self._send(TEXT, json.dumps(message).encode())

    def receive(self) -> Any:
        """Return the next message; pings are answered."""
        while True:
            kind, size = self._stream.read(1)[0] & 15, self._stream.read(1)[0] & 127
            if size == 126:
                (size,) = struct.unpack(">H", self._stream.read(2))
            elif size == 127:
                (size,) = struct.unpack(">Q", self._stream.read(8))
            data = self._stream.read(size)
            if kind == TEXT:
                return json.loads(data)
            if kind == CLOSE:
                raise ConnectionError("the workbench closed the socket")
            if kind == PING:
                self._send(10, data)

    def _send(self, kind: int, data: bytes) -> None:
        if len(data) < 126:
            head = struct.pack(">BB", 128 | kind, 128 | len(data))
        elif len(data) < 65536:
            head = struct.pack(">BBH", 128 | kind, 128 | 126, len(data))
        else:
            head = struct.pack(">BBQ", 128 | kind, 128 | 127, len(data))
        mask = os.urandom(4)
        whole = (mask * (len(data) // 4 + 1))[: len(data)]
        masked = (int.from_bytes(data, "big") ^ int.from_bytes(whole, "big")).to_bytes(len(data), "big")
        self._connection.sendall(head + mask + masked)
