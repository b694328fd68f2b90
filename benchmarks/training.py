"""Measure training: how much of what the machine can multiply the real loop uses, and what drawing windows costs.

python -m benchmarks.training [--seconds N] [--threads N] [FOLDER]

FOLDER holds Rust to draw from; without it the tokio crate is brought. Operations are counted as in Chowdhery et al.,
"PaLM" (2022), appendix B, after Kaplan et al., "Scaling laws for neural language models" (2020): 6 for each weight and
token, forth and back, and 12 · layers · width · window for attention, causal or not. Norms and the optimiser count
nothing, so they only cost. The peak is that of plain products of matrices as large as those of the training, in
bfloat16 and in 32 bits.

Other work on the machine slows both, so they are measured by turns and the best of each is taken; what can be relied on
is their ratio. It is taken twice: by the clock, and by the processor time of this process, which other work disturbs
less but which does not count a thread that waits for another.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch

from benchmarks import crates
from rust_ai_ide.runtime.library import SHIPPED
from rust_ai_ide.training.corpus import SourceFile
from rust_ai_ide.training.families.known import family_of
from rust_ai_ide.training.network import NetworkConfig
from rust_ai_ide.training.pretraining import Pretraining, PretrainingConfig
from rust_ai_ide.training.samples import SampleConfig, Sampler, Window
from rust_ai_ide.training.sizes import SIZES
from rust_ai_ide.training.tokeniser import CodeTokeniser

MEASURED = ("small", "medium")
GOAL = 0.35
_TRIES = 4
_LEAST_STEPS = 2


class TimedSampler(Sampler):
    """Counts the seconds that drawing takes."""

    seconds = 0.0

    def windows(self, step: int, count: int, length: int) -> Window:
        """Draw windows as the sampler does."""
        began = time.perf_counter()
        found = super().windows(step, count, length)
        self.seconds += time.perf_counter() - began
        return found


def products(shape: NetworkConfig, rows: int) -> list[tuple[int, int, int]]:
    """Return the sizes (rows, inside, columns) of the products of a pass, and of two square ones."""
    sizes = {(rows, columns, out) for out, columns in family_of(shape).matrices(shape)}
    return sorted({*sizes, (rows, shape.width, shape.vocabulary), (1024,) * 3, (2048,) * 3})


@dataclass(frozen=True)
class Rates:
    """The most operations a second, by the clock and by the time of the processors."""

    clock: float = 0.0
    processor: float = 0.0

    def or_more(self, work: Callable[[], object], operations: int) -> "Rates":
        """Return the better of these rates and those of doing some work once."""
        clock, processor = time.perf_counter(), time.process_time()
        work()
        taken = operations / (time.perf_counter() - clock), operations / (time.process_time() - processor)
        return Rates(max(self.clock, taken[0]), max(self.processor, taken[1]))


def peak(sizes: list[tuple[int, int, int]], kind: torch.dtype, best: Rates) -> Rates:
    """Return the best of `best` and of these products."""
    for rows, inside, columns in sizes:
        left, right = torch.randn(rows, inside).to(kind), torch.randn(inside, columns).to(kind)
        for _ in range(_TRIES):
            best = best.or_more(partial(torch.mm, left, right), 2 * rows * inside * columns)
    return best


def operations(shape: NetworkConfig, length: int) -> int:
    """Return the operations of training for one token in a window of `length`."""
    return 6 * family_of(shape).count_weights(shape) + 12 * shape.layers * shape.width * length


def measure(name: str, files: list[SourceFile], seconds: float, threads: int) -> None:
    """Print the figures of one shape."""
    shape = SIZES[name]
    sampler = TimedSampler(files, CodeTokeniser(SHIPPED / "starter" / "tokenizer.model"), SampleConfig())
    config = PretrainingConfig(network=shape, steps=10**6, long_every=0, threads=threads, device="cpu")
    with tempfile.TemporaryDirectory() as folder:
        training = Pretraining(Path(folder), sampler, config)
        sizes = products(shape, config.micro)
        training.do_step()
        sampler.seconds = 0.0
        halves = wholes = done = Rates()
        each = operations(shape, config.length)
        steps, took, end = 0, 0.0, time.monotonic() + seconds
        while time.monotonic() < end or steps < _LEAST_STEPS:
            halves, wholes = peak(sizes, torch.bfloat16, halves), peak(sizes, torch.float32, wholes)
            began = time.perf_counter()
            done = done.or_more(training.do_step, each * config.tokens)
            steps, took = steps + 1, took + time.perf_counter() - began
    print(
        f"{name}: {family_of(shape).count_weights(shape) / 1e6:.1f} M weights, {done.clock / each:,.0f} tokens/s, "
        f"{done.clock / 1e9:.0f} GFLOP/s, the best of {steps} steps\n"
        f"  peak: bfloat16 {halves.clock / 1e9:.0f} GFLOP/s, 32 bits {wholes.clock / 1e9:.0f} GFLOP/s\n"
        f"  share of the bfloat16 peak (goal {GOAL:.0%}): {done.clock / halves.clock:.0%} by the clock, "
        f"{done.processor / halves.processor:.0%} by processor time\n"
        f"  drawing windows: {sampler.seconds / took:.1%} of the time",
        flush=True,
    )


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description="Measure training.")
    parser.add_argument("folder", nargs="?", type=Path, help="Rust to draw from (default: the tokio crate)")
    parser.add_argument("--seconds", type=float, default=60.0, help="for each shape (default: 60)")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="default: all processors")
    options = parser.parse_args()
    folder = options.folder or crates.bring("tokio")
    files = [
        SourceFile(folder.name, path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.rs"))
    ]
    capability = torch.backends.cpu.get_cpu_capability()
    print(f"PyTorch {torch.__version__}, {capability}, {options.threads} threads")
    for name in MEASURED:
        measure(name, files, options.seconds, options.threads)


if __name__ == "__main__":
    main()
