import asyncio
from pathlib import Path, PurePosixPath

import pytest

from rust_ai_ide.source.watching import is_watched, watch_work_tree


@pytest.mark.parametrize(
    ("path", "watched"),
    [
        ("src/lib.rs", True), ("Cargo.toml", True), (".git/HEAD", True), (".git/index", True),
        (".git/refs/heads/main", True), (".git/index.lock", False), (".git/objects/ab/cd", False),
        (".git/refs/heads/main.lock", False), ("target/debug/x", False), ("web/node_modules/x", False),
        (".git", False), ("crates/a/.git/index", True),
    ],
)  # fmt: skip
def test_what_tells_of_a_change(path: str, watched: bool) -> None:
    assert is_watched(PurePosixPath(path)) is watched


def test_changes_arrive_together_and_relative(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()

    async def watch() -> frozenset[str]:
        stop = asyncio.Event()
        changes = watch_work_tree(tmp_path, stop)
        first = asyncio.ensure_future(anext(changes))
        await asyncio.sleep(0.3)
        (tmp_path / "target/out").write_text("x")
        (tmp_path / "a.rs").write_text("x")
        (tmp_path / "b.rs").write_text("x")
        found = await asyncio.wait_for(first, 10)
        stop.set()
        await changes.aclose()
        return found

    assert asyncio.run(watch()) == {"a.rs", "b.rs"}
