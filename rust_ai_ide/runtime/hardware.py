"""What this machine can compute a model with: processor, memory, graphics processors, and the types they support."""

import ctypes
import hashlib
import os
import platform
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

FEATURES = {
    "avx2": "avx2",
    "avx512f": "avx512f",
    "avx512_vnni": "avx512_vnni",
    "avx512_bf16": "avx512_bf16",
    "amx_tile": "amx_tile",
    "amx_int8": "amx_int8",
    "amx_bf16": "amx_bf16",
    "asimd": "neon",
    "asimddp": "neon_dotprod",
    "i8mm": "neon_i8mm",
}
"""The instructions that decide how fast matrices are multiplied: Linux's name of each, and the one shown."""
NO_METAL = "CTranslate2 computes on Apple's processor cores; it has no support for Metal."
_NAME_LENGTH = 100


@dataclass(frozen=True)
class Gpu:
    """A graphics processor; `memory` is in bytes, 0 where its driver does not tell."""

    name: str
    memory: int


@dataclass(frozen=True)
class Machine:
    """This machine as models see it. Memory is in bytes; `note` says what is missing and why, "" for nothing."""

    processor: str
    physical_cores: int
    logical_cores: int
    usable_cores: int
    features: tuple[str, ...]
    memory: int
    memory_available: int
    gpus: tuple[Gpu, ...]
    compute_types: tuple[str, ...]
    gpu_compute_types: tuple[str, ...]
    engine: str
    note: str = ""

    @property
    def most_threads(self) -> int:
        """Return how many threads can compute without sharing a core."""
        return max(1, min(self.physical_cores, self.usable_cores))


@cache
def fingerprint() -> str:
    """Return what tells machines apart on which other settings may be fastest; needs no CTranslate2."""
    processor, features = _processor()
    parts = (processor, *_cores(), *features, _engine_version())
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:16]


def this_machine() -> Machine:
    """Look at this machine. Loads CTranslate2, which takes some tens of megabytes."""
    import ctranslate2

    processor, features = _processor()
    physical, logical, usable = _cores()
    memory = psutil.virtual_memory()
    count = int(ctranslate2.get_cuda_device_count())
    is_mac = platform.system() == "Darwin"
    return Machine(
        processor=processor,
        physical_cores=physical,
        logical_cores=logical,
        usable_cores=usable,
        features=features,
        memory=int(memory.total),
        memory_available=int(memory.available),
        gpus=tuple(_gpu(number) for number in range(count)),
        compute_types=tuple(sorted(ctranslate2.get_supported_compute_types("cpu"))),
        gpu_compute_types=tuple(sorted(ctranslate2.get_supported_compute_types("cuda"))) if count else (),
        engine=f"CTranslate2 {_engine_version()}",
        note=NO_METAL if is_mac else "",
    )


def _cores() -> tuple[int, int, int]:
    """Return the physical and the logical cores, and how many of them this process may use."""
    logical = psutil.cpu_count() or 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else logical
    return psutil.cpu_count(logical=False) or logical, logical, usable


def _processor() -> tuple[str, tuple[str, ...]]:
    """Return the processor's name and those of its instructions that matter."""
    name, flags = "", set[str]()
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    for line in lines:
        key, _, value = line.partition(":")
        if key.strip() == "model name" and not name:
            name = value.strip()
        elif key.strip() in {"flags", "Features"}:
            flags.update(value.split())
    if platform.machine() in {"arm64", "aarch64"}:
        flags.add("asimd")
    features = tuple(shown for flag, shown in FEATURES.items() if flag in flags)
    return name or platform.processor() or platform.machine() or "unknown", features


def _gpu(number: int) -> Gpu:
    """Ask NVIDIA's driver library, which is there wherever CTranslate2 counts a device."""
    name, memory, device = ctypes.create_string_buffer(_NAME_LENGTH), ctypes.c_size_t(), ctypes.c_int()
    try:
        driver = ctypes.CDLL("nvcuda.dll" if platform.system() == "Windows" else "libcuda.so.1")
        failed = (
            driver.cuInit(0)
            or driver.cuDeviceGet(ctypes.byref(device), number)
            or driver.cuDeviceGetName(name, _NAME_LENGTH, device)
            or driver.cuDeviceTotalMem_v2(ctypes.byref(memory), device)
        )
    except (OSError, AttributeError):
        failed = 1
    if failed:
        return Gpu(f"NVIDIA device {number}", 0)
    return Gpu(name.value.decode("utf-8", "replace"), memory.value)


def _engine_version() -> str:
    try:
        return version("ctranslate2")
    except PackageNotFoundError:
        return "of unknown version"
