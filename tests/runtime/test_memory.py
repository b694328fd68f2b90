"""What a process may take: bounded by the machine, by its own limit, and by the control groups it is in."""

from pathlib import Path

import psutil
import pytest

from rust_ai_ide.runtime.control_groups import memory_left
from rust_ai_ide.runtime.memory import memory_available, memory_need
from rust_ai_ide.runtime.weights import Shapes

MEGABYTE = 1024 * 1024


def group(folder: Path, limit: object, used: int, cached: int = 0, *, version: int = 2) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    names = (
        ("memory.max", "memory.current")
        if version == 2
        else ("memory.limit_in_bytes", "memory.usage_in_bytes")
    )
    for name, value in zip(names, (limit, used), strict=True):
        (folder / name).write_text(f"{value}\n")
    line = "inactive_file" if version == 2 else "total_inactive_file"
    (folder / "memory.stat").write_text(f"anon 1\n{line} {cached}\n")


@pytest.fixture
def membership(tmp_path):
    def write(text: str) -> Path:
        (tmp_path / "cgroup").write_text(text)
        return tmp_path / "cgroup"

    return write


def test_the_tightest_group_above_the_process_counts(tmp_path, membership):
    root = tmp_path / "sys"
    group(root / "a", 500 * MEGABYTE, 200 * MEGABYTE)
    group(root / "a" / "b", 400 * MEGABYTE, 50 * MEGABYTE)
    group(root / "a" / "b" / "c", "max", 10)
    group(root / "other", 1, 1)
    assert memory_left(root, membership("0::/a/b/c\n")) == 300 * MEGABYTE


def test_cached_files_count_as_free(tmp_path, membership):
    group(tmp_path / "sys", 500 * MEGABYTE, 450 * MEGABYTE, 100 * MEGABYTE)
    assert memory_left(tmp_path / "sys", membership("0::/\n")) == 150 * MEGABYTE


def test_the_first_version_is_read_as_well(tmp_path, membership):
    root = tmp_path / "sys"
    group(root / "memory", 2**63 - 4096, 10, version=1)
    group(root / "memory" / "docker", 100 * MEGABYTE, 90 * MEGABYTE, 20 * MEGABYTE, version=1)
    lines = "12:cpu,cpuacct:/docker\n11:memory:/docker/not-mounted-here\n1:name=systemd:/docker\n0::/x\n"
    assert memory_left(root, membership(lines)) == 30 * MEGABYTE


@pytest.mark.parametrize("text", ["", "nonsense", "0::/gone\n", "0::/../../etc\n", "1:cpu:/a\n"])
def test_without_a_limit_the_machine_alone_counts(tmp_path, membership, text):
    (tmp_path / "sys").mkdir()
    assert memory_left(tmp_path / "sys", membership(text)) is None
    assert memory_left(tmp_path / "sys", tmp_path / "missing") is None
    assert memory_available(0, tmp_path / "sys", membership(text)) > 64 * MEGABYTE


def test_more_used_than_allowed_leaves_nothing(tmp_path, membership):
    group(tmp_path / "sys", 10, 20)
    assert memory_left(tmp_path / "sys", membership("0::/\n")) == 0


def test_what_is_available_is_the_least_of_all(tmp_path, membership):
    group(tmp_path / "sys", 64 * MEGABYTE, 0)
    here = membership("0::/\n")
    assert memory_available(0, tmp_path / "sys", here) == 64 * MEGABYTE
    assert memory_available(psutil.Process().memory_info().rss, tmp_path / "sys", here) < 64 * MEGABYTE


@pytest.mark.parametrize(("stored", "times"), [("int8", 1), ("float16", 2), ("bfloat16", 2), ("float32", 1)])
def test_floats_of_16_bits_are_counted_as_they_are_computed_with(stored, times):
    shapes = Shapes(2, 4, 4, 16, 64, 128, 500, 1000, 2000, stored)
    need = memory_need(shapes, prompt_length=8, context_length=16, compute_type="default", decrypted=7)
    assert (need.weights, need.decrypted) == (2000 * times, 7)
    assert need.total > need.weights + need.decrypted
