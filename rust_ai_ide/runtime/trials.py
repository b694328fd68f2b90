"""Measures how fast a model answers on this machine, by threads, type and packing, each in a process of its own."""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import product
from typing import Any, TypeVar

from rust_ai_ide.observability.events import Progressed, Report, Warned
from rust_ai_ide.runtime.errors import InferenceError, OutOfMemory
from rust_ai_ide.runtime.files import ModelFiles, open_model
from rust_ai_ide.runtime.generating import LoadOptions, load_generator
from rust_ai_ide.runtime.hardware import Machine, fingerprint
from rust_ai_ide.runtime.library import find_model
from rust_ai_ide.runtime.memory import memory_available, memory_need, memory_used
from rust_ai_ide.runtime.tokens import tokeniser_of
from rust_ai_ide.runtime.tuning import PACKED, Timing, Trial, Tuning, keep_tuning
from rust_ai_ide.runtime.weights import read_shapes
from rust_ai_ide.source.isolation import IsolatedWorker, WorkFailed

T = TypeVar("T")
PROMPTS = (64, 512)
NEW_TOKENS = 16
SECONDS = 100.0
"""After so long no further setting is tried."""
TRIAL_SECONDS = 60.0
REPEAT_SECONDS = 1.0
MOST_REPEATS = 15
LEAST_REPEATS = 3
ADDRESS_SPACE = 16 * 1024**3
"""What a child may map beyond the model: libraries, and a stack and an arena for each thread."""
TEXT = "pub fn item(x: u32) -> Option<String> {\n    let y = x + 1;\n    Some(y.to_string())\n}\n\n"


def tune(wanted: str, machine: Machine, report: Report, seconds: float = SECONDS) -> Tuning:
    """Try the settings of a model, the most promising first, and keep the measurements.

    Takes about `seconds` at most; what was not tried by then is counted. Raises ModelNotFound, InvalidConfig for a
    damaged folder, OutOfMemory, InferenceError where no setting worked.
    """
    folder, manifest = find_model(wanted)
    files = open_model(folder, manifest)
    files.verify()
    settings = list(_settings(machine))
    trials: list[Trial] = []
    began = time.monotonic()
    tried = 0
    for threads, compute_type, packed in settings:
        if trials and time.monotonic() - began > seconds:
            break
        report(Progressed(f"Trying {name_of(threads, compute_type, packed)}", tried, len(settings)))
        tried += 1
        try:
            trials.append(
                in_child(
                    measure, files, threads, compute_type, packed, compute_type=compute_type, packed=packed
                )
            )
        except (WorkFailed, OutOfMemory) as error:
            if tried == 1 and isinstance(error, OutOfMemory):
                raise
            report(Warned(f"{name_of(threads, compute_type, packed)}: {error}"))
    if not trials:
        raise InferenceError(f"No setting of {manifest.id} could be measured.")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    tuning = Tuning(manifest.id, now, tuple(trials), len(settings) - tried)
    keep_tuning(manifest, fingerprint(), tuning)
    report(Progressed(f"Measured {len(trials)} settings", len(settings), len(settings)))
    return tuning


def name_of(threads: int, compute_type: str, packed: bool) -> str:
    """Return how a setting is called."""
    count = "1 thread" if threads == 1 else f"{threads} threads"
    return f"{count}, {compute_type}, weights {'packed' if packed else 'not packed'}"


def _settings(machine: Machine) -> Iterator[tuple[int, str, bool]]:
    """Yield threads, type and packing; types that are names of one another are tried once."""
    types = [name for name in machine.compute_types if f"{name}_float32" not in machine.compute_types]
    most = machine.most_threads
    threads = sorted({*(2**power for power in range(most.bit_length())), *range(1, min(most, 4) + 1), most})
    for compute_type, count, packed in product(
        sorted(types, key=lambda name: (not name.startswith("int8"), name)),
        [number for number in threads if number <= most],
        (False, True),
    ):
        yield count, compute_type, packed


def in_child(
    function: Callable[..., T],
    files: ModelFiles,
    *arguments: Any,
    compute_type: str,
    packed: bool = False,
    beside: int = 0,
    seconds: float = TRIAL_SECONDS,
) -> T:
    """Return `function(files, *arguments)`, run in a process of its own that may load the model.

    It may take `beside` bytes more than the model needs, and `seconds`. Raises OutOfMemory beforehand, WorkFailed.
    """
    length = min(max(PROMPTS), files.manifest.context_length - NEW_TOKENS)
    need = memory_need(
        read_shapes(files.folder),
        prompt_length=length,
        context_length=length + NEW_TOKENS,
        compute_type=compute_type,
        decrypted=files.decrypted_size,
    )
    # Packed weights are kept beside the plain ones.
    needed, available = need.total + packed * need.weights + beside, memory_available(0)
    if needed > available:
        kind = files.manifest.quantisation if compute_type == "default" else compute_type
        raise OutOfMemory(f"{files.manifest.id} as {kind}", needed, available)
    worker = IsolatedWorker(memory=needed + ADDRESS_SPACE)
    try:
        return worker.call(function, files, *arguments, timeout=seconds)
    finally:
        worker.close()


def measure(files: ModelFiles, threads: int, compute_type: str, packed: bool) -> Trial:
    """Measure one setting in this process, which must not have loaded CTranslate2 before: packing is fixed then."""
    os.environ[PACKED] = str(int(packed))
    os.environ.setdefault("OMP_NUM_THREADS", str(threads))

    tokens = tokeniser_of(files).encode(TEXT)
    longest = max(1, files.manifest.context_length - NEW_TOKENS)
    tokens = tokens * (min(max(PROMPTS), longest) // len(tokens) + 1)
    generator = load_generator(files, LoadOptions(compute_type=compute_type, threads=threads))
    lengths = sorted({min(length, longest) for length in PROMPTS})
    timings = tuple(time_answers(generator, tokens[:length]) for length in lengths)
    return Trial(threads, compute_type, packed, timings, memory_used())


def time_answers(generator: Any, prompt: list[str]) -> Timing:
    """Return the medians of some answers after a prompt, the first of all left out."""
    firsts: list[float] = []
    totals: list[float] = []
    _answer(generator, prompt)
    deadline = time.perf_counter() + REPEAT_SECONDS
    while len(totals) < LEAST_REPEATS or (time.perf_counter() < deadline and len(totals) < MOST_REPEATS):
        first, total = _answer(generator, prompt)
        firsts.append(first)
        totals.append(total)
    first, total = statistics.median(firsts), statistics.median(totals)
    return Timing(len(prompt), first, (total - first) / (NEW_TOKENS - 1), total)


def _answer(generator: Any, prompt: list[str]) -> tuple[float, float]:
    """Return the milliseconds to the first token and to the last."""
    began = time.perf_counter()
    first: list[float] = []

    def step(_: Any) -> bool:
        if not first:
            first.append((time.perf_counter() - began) * 1000)
        return False

    generator.generate_batch(
        [prompt],
        max_length=NEW_TOKENS,
        min_length=NEW_TOKENS,
        include_prompt_in_result=False,
        sampling_topk=1,
        callback=step,
    )
    total = (time.perf_counter() - began) * 1000
    return first[0] if first else total, total
