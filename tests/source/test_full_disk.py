import io
import os
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from rust_ai_ide.source.archives import import_archive
from rust_ai_ide.source.git import DiskFull, open_repository, snapshot_work_tree
from tests.source.repositories import TestRepository


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mount.returncode:
        pytest.skip("mounting a small file system needs more rights than this user has")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_an_import_leaves_nothing_on_a_full_disk(small_disk: Path) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        info = tarfile.TarInfo("a/x")
        info.size = 800_000
        archive.addfile(info, io.BytesIO(os.urandom(info.size)))
    with pytest.raises(DiskFull, match="disk is full"):
        import_archive(stream, "x.tar.gz", small_disk / "imported")
    assert list(small_disk.iterdir()) == []


def test_a_snapshot_leaves_no_half_written_object_on_a_full_disk(small_disk: Path, tmp_path: Path) -> None:
    made = TestRepository(tmp_path / "r")
    made.write("random", os.urandom(600_000))
    repository = open_repository(made.path, small_disk / "objects")
    with pytest.raises(DiskFull, match="disk is full"):
        snapshot_work_tree(repository)
    assert [path for path in small_disk.rglob("*") if path.is_file()] == []
