"""Which of several endpoints answers: the least busy healthy one; those that fail rest for a while, longer each time.

The breaker is the circuit breaker of M. Nygard, "Release It!" (2007): after some failures in a row nothing is sent for
a time that doubles, then one request tries again.
"""

import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from rust_ai_ide.runtime.errors import Overloaded

FAILURES_TO_REST = 2
FIRST_REST = 5.0
LONGEST_REST = 300.0
SLOW_SECONDS = 10.0
"""An endpoint whose first answer takes longer, on average, counts as degraded."""
WEIGHT_OF_NEWEST = 0.3


class Health(StrEnum):
    """How an endpoint does."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    FAILED = "failed"


@dataclass
class _Record:
    running: int = 0
    failures: int = 0
    rests_until: float = 0.0
    seconds: float = 0.0
    problem: str = ""


@dataclass
class Router:
    """Remembers how endpoints did, by name; rests are in seconds. Safe to use from several threads."""

    clock: Callable[[], float] = time.monotonic
    first_rest: float = FIRST_REST
    longest_rest: float = LONGEST_REST
    _records: dict[str, _Record] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def order(self, names: Sequence[str]) -> list[str]:
        """Return the endpoints worth trying: healthy before degraded, the least busy first, else as given."""
        with self._lock:
            now = self.clock()
            ranks = {Health.HEALTHY: 0, Health.DEGRADED: 1, Health.FAILED: 2}
            keyed = []
            for place, name in enumerate(names):
                record = self._records.get(name, _Record())
                if record.rests_until > now:
                    continue
                keyed.append((ranks[_health(record)], record.running, place, name))
            return [name for *_, name in sorted(keyed)]

    def health(self, name: str) -> tuple[Health, str]:
        """Return how an endpoint does, and its last problem."""
        with self._lock:
            record = self._records.get(name, _Record())
            return _health(record), record.problem

    @contextmanager
    def trying(
        self, name: str, *, whole: bool = False, patience: float = math.inf
    ) -> Iterator[Callable[[], None]]:
        """Count a request while it runs; the caller calls what is yielded at the first sign of an answer.

        An exception before that counts against the endpoint, none after it does, unless the `whole` answer matters.
        So does giving up before any sign, as a cancelled task does, once `patience` seconds have passed.
        """
        began = self.clock()
        first = math.nan

        def answer() -> None:
            nonlocal first
            if math.isnan(first):
                first = self.clock() - began
                if not whole:
                    self._answered(name, first)

        with self._lock:
            self._records.setdefault(name, _Record()).running += 1
        try:
            yield answer
            if whole and not math.isnan(first):
                self._answered(name, first)
        except Exception as error:
            if whole or math.isnan(first):
                self._failed(name, str(error))
            raise
        except BaseException:
            waited = self.clock() - began
            if math.isnan(first) and waited >= patience:
                self._failed(name, f"No answer came within {waited:.1f} seconds.")
            raise
        finally:
            with self._lock:
                self._records[name].running -= 1

    def _answered(self, name: str, seconds: float) -> None:
        with self._lock:
            record = self._records[name]
            record.failures, record.rests_until, record.problem = 0, 0.0, ""
            known = record.seconds or seconds
            record.seconds = known + WEIGHT_OF_NEWEST * (seconds - known)

    def _failed(self, name: str, problem: str) -> None:
        with self._lock:
            record = self._records[name]
            record.failures += 1
            record.problem = problem
            if record.failures >= FAILURES_TO_REST:
                rest = self.first_rest * 2.0 ** (record.failures - FAILURES_TO_REST)
                record.rests_until = self.clock() + min(self.longest_rest, rest)


def _health(record: _Record) -> Health:
    if record.failures >= FAILURES_TO_REST:
        return Health.FAILED
    return Health.DEGRADED if record.failures or record.seconds > SLOW_SECONDS else Health.HEALTHY


@dataclass
class RateLimit:
    """Lets each client make `burst` requests at once and `per_minute` in the long run (a token bucket)."""

    per_minute: float
    burst: int
    clock: Callable[[], float] = time.monotonic
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, client: str) -> None:
        """Count a request. Raises Overloaded, with the seconds to wait, where the client has made too many."""
        with self._lock:
            now = self.clock()
            full = [
                key for key, (level, at) in self._buckets.items() if self._level(level, at, now) >= self.burst
            ]
            for key in full:
                del self._buckets[key]
            level = self._level(*self._buckets.get(client, (float(self.burst), now)), now)
            if level < 1:
                wait = (1 - level) * 60 / self.per_minute
                raise Overloaded(
                    f"That is more than {self.per_minute:g} requests a minute; wait {wait:.0f} seconds."
                )
            self._buckets[client] = (level - 1, now)

    def _level(self, level: float, at: float, now: float) -> float:
        return min(self.burst, level + (now - at) * self.per_minute / 60)
