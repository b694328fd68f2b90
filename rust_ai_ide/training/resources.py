"""What a training leaves to others: memory, disk and graphics memory are watched while it runs."""

import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rust_ai_ide.observability.events import Event, Paused, Progressed, Report, Warned
from rust_ai_ide.runtime.memory import memory_available, memory_used

MEGABYTE = 1024 * 1024
_NEARLY = 1.5
"""A warning is given below so many times the limit."""


@dataclass(frozen=True)
class Limits:
    """Bytes that must stay free; below them a training pauses."""

    memory: int = 512 * MEGABYTE
    disk: int = 1024 * MEGABYTE
    gpu: int = 256 * MEGABYTE


@dataclass(frozen=True)
class Resources:
    """Bytes now; `memory_used` is what this process holds, `gpu_free` is None where it computes on no such device."""

    memory_free: int
    memory_used: int
    disk_free: int
    gpu_free: int | None = None


def resources(folder: Path) -> Resources:
    """Return what this process has, and what is free on the disk of a folder."""
    return Resources(memory_available(0), memory_used(), shutil.disk_usage(folder).free, _gpu_free())


def watched(report: Report, folder: Path, limits: Limits, every: float = 1.0) -> Report:
    """Return `report` with a look at the resources before it, at most once in `every` seconds.

    It warns once of each that gets short, and raises Paused where one is below its limit.
    """
    last = -every
    warned: set[str] = set()

    def look(event: Event) -> None:
        nonlocal last
        now = time.monotonic()
        if isinstance(event, Progressed) and now - last >= every:
            last = now
            for name, free, limit in _rows(resources(folder), limits):
                if free < limit:
                    raise Paused(_shortage(name, free, limit))
                if free < _NEARLY * limit and name not in warned:
                    warned.add(name)
                    report(Warned(_nearly(name, free, limit)))
        report(event)

    return look


def _rows(now: Resources, limits: Limits) -> list[tuple[str, int, int]]:
    rows = [("memory", now.memory_free, limits.memory), ("disk", now.disk_free, limits.disk)]
    return rows if now.gpu_free is None else [*rows, ("graphics memory", now.gpu_free, limits.gpu)]


def _shortage(name: str, free: int, limit: int) -> str:
    return (
        f"Paused: {free / MEGABYTE:,.0f} MB of {name} are free, and {limit / MEGABYTE:,.0f} MB are to stay free. "
        "Free some and let it go on; nothing that was learned is lost."
    )


def _nearly(name: str, free: int, limit: int) -> str:
    return f"Only {free / MEGABYTE:,.0f} MB of {name} are free; the training pauses below {limit / MEGABYTE:,.0f} MB."


def _gpu_free() -> int | None:
    """Return the free bytes of the graphics device, if PyTorch was loaded and has one."""
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_available():
        return None
    return int(torch.cuda.mem_get_info()[0])
