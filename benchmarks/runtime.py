"""Measure the model runtime: its start, its memory, and completions beside bare CTranslate2 and llama.cpp.

python -m benchmarks.runtime [MODEL-FOLDER]

llama.cpp is measured where `pip install llama-cpp-python gguf` put it; its model holds the same weights.
"""

import importlib.util
import os
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from rust_ai_ide.runtime.files import open_model
from rust_ai_ide.runtime.generating import LoadedModel, LoadOptions
from rust_ai_ide.runtime.library import SHIPPED, register_folder
from rust_ai_ide.runtime.manifest import read_manifest
from rust_ai_ide.runtime.memory import memory_need
from rust_ai_ide.runtime.weights import read_shapes
from tests.runtime.serving import Runtime, running

PROMPTS = (64, 512, 940)
ANSWERS = (16, 64)
ROUNDS = 9
Timing = tuple[float, float]
"""Milliseconds to the first token, and to the last."""


def text_of(tokens: int, model: LoadedModel) -> str:
    """Return Rust of exactly so many tokens: this benchmark's own kind of text, repeated with numbers."""
    lines = "".join(f"    let value_{n} = compute(value_{n - 1}, {n * 7});\n" for n in range(1, 400))
    pieces = model.tokeniser.encode(f"fn main() {{\n{lines}")
    return model.tokeniser.decode(pieces[: tokens - len(model.manifest.begin)])


def bare(model: LoadedModel, prompt: list[str], count: int) -> Timing:
    """Time CTranslate2 alone, from the call to the callbacks."""
    began = time.perf_counter()
    marks: list[float] = []

    def step(result: object) -> bool:
        marks.append(time.perf_counter() - began)
        return False

    model._generator.generate_batch(
        [prompt], max_length=count, min_length=count, include_prompt_in_result=False, callback=step
    )
    return marks[0] * 1000, marks[count - 1] * 1000


def over_http(runtime: Runtime, model: str, text: str, count: int) -> Timing:
    """Time our runtime as a client sees it: from sending the request to the first and the last event."""
    body = {"model": model, "prompt": text, "max_tokens": count, "temperature": 0, "stream": True}
    began = time.perf_counter()
    first = 0.0
    with urllib.request.urlopen(runtime.request("/v1/completions", body), timeout=60) as answer:
        for line in answer:
            if line.startswith(b"data: {"):
                first = first or time.perf_counter() - began
    return first * 1000, (time.perf_counter() - began) * 1000


def llama(folder: Path, threads: int) -> Callable[[int, int], Timing] | None:
    """Return how to time llama.cpp on the same weights, or None where it is not installed."""
    if not all(importlib.util.find_spec(name) for name in ("llama_cpp", "gguf")):
        return None
    import llama_cpp

    from benchmarks.gguf_twin import write_twin

    target = Path(tempfile.mkdtemp()) / "twin.gguf"
    write_twin(folder, target)
    twin = llama_cpp.Llama(
        str(target),
        n_ctx=1024,
        n_batch=1024,
        n_ubatch=1024,
        n_threads=threads,
        n_threads_batch=threads,
        verbose=False,
    )

    def timed(prompt: int, count: int) -> Timing:
        twin.reset()
        began = time.perf_counter()
        twin.eval([5 + n % 1000 for n in range(prompt)])
        token = twin.sample(temp=0)
        first = time.perf_counter() - began
        for _ in range(count - 1):
            twin.eval([token])
            token = twin.sample(temp=0)
        return first * 1000, (time.perf_counter() - began) * 1000

    return timed


def median(measure: Callable[[], Timing]) -> Timing:
    """Return the medians of some rounds, after one that does not count."""
    measure()
    rounds = [measure() for _ in range(ROUNDS)]
    return statistics.median(one[0] for one in rounds), statistics.median(one[1] for one in rounds)


def resident(process: int) -> float:
    """Return the resident megabytes of a process."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def start_seconds(home: Path, model: str) -> float:
    """Return the seconds from starting a runtime to its first finished completion."""
    began = time.perf_counter()
    with running(home, "--model", model) as runtime:
        runtime.ask("/v1/completions", {"prompt": "fn main", "max_tokens": 1})
        return time.perf_counter() - began


def main(folder: Path) -> None:
    """Print every figure."""
    home = Path(tempfile.mkdtemp())
    os.environ["RUST_AI_IDE_HOME"] = str(home)
    manifest = read_manifest(folder)
    if folder.parent != SHIPPED:
        register_folder(folder, manifest)
    shapes = read_shapes(folder)
    need = memory_need(shapes, prompt_length=1000, context_length=1024, compute_type="default")
    model = LoadedModel(open_model(folder, manifest), LoadOptions(), need)
    print(f"{manifest.id}: {shapes.parameters / 1e6:.1f} M parameters, {manifest.quantisation}")
    print(f"runtime start to the first completion: {start_seconds(home, manifest.id):.2f} s")
    with running(home, models=0) as empty, running(home, "--model", manifest.id) as runtime:
        empty.ask("/status")
        over_http(runtime, manifest.id, text_of(512, model), 16)
        with_model, without = resident(runtime.process.pid), resident(empty.process.pid)
        print(
            f"memory after 512 tokens: {with_model:.0f} MB, {with_model - without:.0f} MB over an empty runtime"
        )
        peers = {threads: llama(folder, threads) for threads in (1, 2)}
        print("prompt new |  bare first  all |  ours first  all |  llama.cpp 1 thread  2 threads (first all)")
        for prompt in PROMPTS:
            for count in ANSWERS:
                row(model, runtime, peers, prompt, count)
        times = [over_http(runtime, manifest.id, text_of(512, model), 16)[1] for _ in range(100)]
        print(
            f"512 + 16 tokens over HTTP: P50 {statistics.median(times):.0f} ms, P95 {sorted(times)[94]:.0f} ms"
        )


def row(
    model: LoadedModel,
    runtime: Runtime,
    peers: dict[int, Callable[[int, int], Timing] | None],
    prompt: int,
    count: int,
) -> None:
    """Print one row of the comparison, milliseconds, and the ratios of the finished completion."""
    text = text_of(prompt, model)
    tokens = [*model.manifest.begin, *model.tokeniser.encode(text)]
    alone = median(lambda: bare(model, tokens, count))
    ours = median(lambda: over_http(runtime, model.manifest.id, text, count))
    line = f"{prompt:6} {count:3} | {alone[0]:8.1f} {alone[1]:8.1f} | {ours[0]:8.1f} {ours[1]:8.1f} |"
    for timed in peers.values():
        if timed is not None:
            theirs = median(lambda timed=timed: timed(prompt, count))
            line += f" {theirs[0]:8.1f} {theirs[1]:8.1f} (×{theirs[1] / ours[1]:.2f})"
    print(line + (" llama.cpp is not installed" if not any(peers.values()) else ""), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED / "starter")
