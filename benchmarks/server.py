"""Measure the server as a user meets it: its start, its pages on a project of 1,000 files, its memory.

python -m benchmarks.server
"""

import shutil
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks import crates
from tests.operation.client import Client
from tests.serving import Server, serving
from tests.source.repositories import TestRepository

FILES = 1000
ROUNDS = 30


def project_of(crate: Path, folder: Path) -> TestRepository:
    """Make a repository of 1,000 Rust files out of copies of a crate's, with a change of 50 of them on top."""
    repository = TestRepository(folder)
    sources = [path for path in sorted(crate.rglob("*.rs")) if path.is_file()]
    for number in range(FILES):
        source = sources[number % len(sources)]
        target = folder / f"copy{number // len(sources)}" / source.relative_to(crate)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    repository.commit("Begin")
    for path in sorted(folder.rglob("*.rs"))[:50]:
        path.write_text(path.read_text().replace("self", "this", 20))
    repository.commit("Change")
    return repository


def resident(process: int) -> float:
    """Return the memory that a process holds, in megabytes."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise AssertionError("no VmRSS")


def page_times(client: Client, path: str) -> list[float]:
    """Fetch a page many times; return the seconds of each."""
    client.get(path)
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        client.get(path)
        times.append(time.perf_counter() - begun)
    return times


def measure_pages(server: Server, repository: TestRepository) -> None:
    """Print the median of each kind of page."""
    client = Client(server)
    project = client.open_project(repository.path)
    review = client.post(f"{project}reviews/start/", {"kind": "range", "head": "HEAD"})
    client.review_state(review, "done", seconds=120)
    file = next(iter(sorted(repository.path.rglob("sync/mpsc/chan.rs")))).relative_to(repository.path)
    pages = {
        "projects": "/",
        "project": project,
        "folder": f"{project}file/copy0/src",
        "file": f"{project}file/{file}",
        "search": f"{project}search/?q=poll_next",
        "commits": f"{project}commits/",
        "reviews": f"{project}reviews/",
        "diff (50 files)": review,
        "diff of one file": f"{review}files/3/",
        "rules": "/rules/",
    }
    medians = []
    for name, path in pages.items():
        times = page_times(client, path)
        medians.append(statistics.median(times))
        print(
            f"  page: {name:18} {medians[-1] * 1000:7.1f} ms median, {max(times) * 1000:7.1f} ms worst of {ROUNDS}"
        )
    print(f"  median of all pages       {statistics.median(medians) * 1000:7.1f} ms")
    (web,) = server.children("daphne")
    print(f"  web process holds         {resident(web):7.1f} MB")


def main(crate: Path) -> None:
    """Measure and print."""
    print(f"server, a project of {FILES} files of {crate.name}")
    with tempfile.TemporaryDirectory() as folder:
        repository = project_of(crate, Path(folder) / "project")
        home = Path(folder) / "home"
        with serving(home):
            pass
        starts = []
        for _ in range(5):
            begun = time.perf_counter()
            with serving(home):
                starts.append(time.perf_counter() - begun)
        print(f"  start to first page       {statistics.median(starts):7.2f} s median of 5 second starts")
        with serving(home) as server:
            measure_pages(server, repository)


if __name__ == "__main__":
    main(crates.bring("tokio"))
