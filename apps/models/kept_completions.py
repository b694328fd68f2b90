"""The completions that this web process made already. One process, one cache: nothing of it is stored."""

from dataclasses import dataclass
from typing import Any

from apps.models.services import record
from rust_ai_ide.runtime.completion.cache import CompletionCache

cache = CompletionCache()
NO_MODEL = "this file"
"""Whose entries those are that needed no model."""


@dataclass(frozen=True)
class CacheReport:
    """How requests were answered since the process began, and what is kept now; shares are of those asked, 0 to 1."""

    asked: int
    exact: int
    typed_through: int
    missed: int
    recalled: int
    exact_share: float
    typed_through_share: float
    missed_share: float
    entries: int
    bytes: int
    most_bytes: int
    most_age_seconds: float
    most_idle_seconds: float

    @property
    def most_age_minutes(self) -> int:
        """Return the longest time that one is kept."""
        return round(self.most_age_seconds / 60)

    @property
    def most_idle_minutes(self) -> int:
        """Return the longest time that one is kept unused."""
        return round(self.most_idle_seconds / 60)


def cache_report() -> CacheReport:
    """Return the counts as they are now."""
    counts = cache.counts
    asked = counts.asked

    def share(count: int) -> float:
        return count / asked if asked else 0.0

    return CacheReport(
        asked=asked,
        exact=counts.exact,
        typed_through=counts.typed_through,
        missed=counts.missed,
        recalled=counts.recalled,
        exact_share=share(counts.exact),
        typed_through_share=share(counts.typed_through),
        missed_share=share(counts.missed),
        entries=len(cache),
        bytes=cache.size,
        most_bytes=cache.most_bytes,
        most_age_seconds=cache.most_age,
        most_idle_seconds=cache.most_idle,
    )


def empty_cache(user: Any) -> None:
    """Throw away what is kept; the counts go on."""
    record(user, "empty kept completions", "", f"{len(cache)} entries")
    cache.clear()
