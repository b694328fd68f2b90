"""Celery's messages in a folder, for a workbench without Redis.

kombu's own transport writes a message under its final name, so a worker may take it while it is still empty, and
rewrites its table of queues in place, so another process may read half of it; either ends the worker.
"""

import contextlib
import fcntl
import uuid
from collections.abc import Iterator
from pathlib import Path
from time import monotonic_ns
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """A channel whose messages and tables of queues are seen whole or not at all."""

    def _put(self, queue: str, payload: Any, **options: Any) -> None:
        folder = Path(self.data_folder_out)
        name = f"{monotonic_ns():020}_{uuid.uuid4()}"
        written = folder / f"{name}.part"
        written.write_text(dumps(payload))
        written.replace(folder / f"{name}.{queue}.msg")

    def get_table(self, exchange: str) -> Any:
        """Return where the exchange sends what it gets."""
        with self._table_lock():
            return super().get_table(exchange)

    def _queue_bind(self, *arguments: Any) -> None:
        with self._table_lock():
            super()._queue_bind(*arguments)

    @contextlib.contextmanager
    def _table_lock(self) -> Iterator[None]:
        with (Path(self.control_folder) / "lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    """kombu's transport over such channels."""

    Channel = Channel
