"""The waiting line before a model: fair between clients, bounded, and quick to drop what nobody wants any more."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from rust_ai_ide.runtime.errors import Overloaded, RuntimeFailure

MOST_WAITING = 256
MOST_WAITING_EACH = 64


class Superseded(RuntimeFailure):
    """A newer request of the same client took this one's place."""

    name = "Superseded"
    status = 409


@dataclass(eq=False)
class Job:
    """Work for the model's thread. A newer job with the same `client` and `slot` replaces this one."""

    client: str
    work: Callable[[], None]
    fail: Callable[[Exception], None]
    slot: str = ""
    cancelled: threading.Event = field(default_factory=threading.Event)


class FairQueue:
    """Gives each client one turn after the other. All calls come from the event loop's thread."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Job]] = {}
        self._arrived = asyncio.Event()
        self.running: Job | None = None

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def put(self, job: Job) -> None:
        """Let a job wait. Raises Overloaded where the line is full; drops and stops what the job replaces."""
        if job.slot:
            self._supersede(job)
        mine = self._waiting.get(job.client, ())
        if len(self) >= MOST_WAITING or len(mine) >= MOST_WAITING_EACH:
            raise Overloaded("Too many requests are waiting for this model; try again in a moment.")
        self._waiting.setdefault(job.client, deque()).append(job)
        self._arrived.set()

    async def next(self) -> Job:
        """Wait for the next job, and take it as the running one."""
        while True:
            while self._waiting:
                client = next(iter(self._waiting))
                jobs = self._waiting.pop(client)
                job = jobs.popleft()
                if jobs:
                    # Back to the end of the line, behind the other clients.
                    self._waiting[client] = jobs
                if not job.cancelled.is_set():
                    self.running = job
                    return job
            self._arrived.clear()
            await self._arrived.wait()

    def fail_all(self, error: Exception) -> None:
        """End every waiting job with `error`."""
        waiting, self._waiting = self._waiting, {}
        for jobs in waiting.values():
            for job in jobs:
                job.fail(error)

    def _supersede(self, job: Job) -> None:
        jobs = self._waiting.get(job.client, deque())
        for old in [other for other in jobs if other.slot == job.slot]:
            jobs.remove(old)
            old.fail(Superseded("A newer request took the place of this one."))
        if not jobs:
            self._waiting.pop(job.client, None)
        running = self.running
        if running is not None and (running.client, running.slot) == (job.client, job.slot):
            running.cancelled.set()
