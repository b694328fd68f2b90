"""How much memory this process's control groups leave it: a container's limit, for instance, of either version."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
MEMBERSHIP = Path("/proc/self/cgroup")
_NAMES = {
    # Limit, use, and the line of memory.stat for cached files, which the kernel gives up first.
    2: ("memory.max", "memory.current", "inactive_file"),
    1: ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
}


def memory_left(root: Path = ROOT, membership: Path = MEMBERSHIP) -> int | None:
    """Return the bytes that the tightest group above this process still allows, or None where none has a limit."""
    left = [
        found
        for version, group in _groups(root, membership)
        if (found := _left(group, *_NAMES[version])) is not None
    ]
    return min(left, default=None)


def _groups(root: Path, membership: Path) -> Iterator[tuple[int, Path]]:
    """Yield the version and the folder of the process's group and of every one above it."""
    lines: list[str] = []
    with suppress(OSError):
        lines = membership.read_text().splitlines()
    for line in lines:
        _, controllers, path = [*line.split(":", 2), "", ""][:3]
        if controllers and "memory" not in controllers.split(","):
            continue
        version, base = (1, root / "memory") if controllers else (2, root)
        # In a container the path may be the host's; then only the root is there, and it is the container's group.
        group = base / path.lstrip("/")
        while group.is_relative_to(base):
            yield version, group
            group = group.parent


def _left(group: Path, limit: str, used: str, cached: str) -> int | None:
    # Where a limit is not a number, as "max", or not there, there is none.
    with suppress(OSError, ValueError):
        most, now, free = int((group / limit).read_text()), int((group / used).read_text()), 0
        with suppress(OSError, ValueError):
            stat = dict(line.split(" ", 1) for line in (group / "memory.stat").read_text().splitlines())
            free = int(stat.get(cached, "0"))
        return max(0, most - max(0, now - free))
    return None
