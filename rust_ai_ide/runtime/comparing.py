"""Measures a model as it is loaded here: memory, speed, and how well it knows a fixed Rust text."""

import math
from collections.abc import Sequence
from typing import Any

from rust_ai_ide.runtime.figures import Figures
from rust_ai_ide.runtime.files import ModelFiles
from rust_ai_ide.runtime.generating import LoadOptions, load_generator
from rust_ai_ide.runtime.memory import FLOAT, memory_used
from rust_ai_ide.runtime.sample import SAMPLE
from rust_ai_ide.runtime.tokens import tokeniser_of
from rust_ai_ide.runtime.trials import NEW_TOKENS, PROMPTS, in_child, time_answers
from rust_ai_ide.runtime.weights import read_shapes

SECONDS = 900.0
WINDOW = 256
"""Tokens that are scored at once, and that a token can see."""


def measure_figures(files: ModelFiles) -> Figures:
    """Measure a model in a process of its own, on one thread. Raises OutOfMemory, WorkFailed."""
    scores = 2 * WINDOW * read_shapes(files.folder).vocabulary * FLOAT
    return in_child(figures_of, files, compute_type="default", beside=scores, seconds=SECONDS)


def figures_of(files: ModelFiles) -> Figures:
    """Measure a model in this process, which should hold nothing else."""
    generator = load_generator(files, LoadOptions(threads=1))
    memory = memory_used()
    tokens = tokeniser_of(files).encode(SAMPLE)
    longest = min(max(PROMPTS), max(1, files.manifest.context_length - NEW_TOKENS))
    prompt = (tokens * (longest // len(tokens) + 1))[:longest]
    timing = time_answers(generator, prompt)
    return Figures(
        quantisation=files.manifest.quantisation,
        size=sum(record.size for record in files.manifest.files.values()),
        memory=memory,
        prompt_tokens=timing.prompt_tokens,
        first_token=round(timing.first_token, 2),
        tokens_per_second=round(1000 / timing.each_token, 1),
        bits_per_byte=round(_bits_per_byte(generator, files, tokens), 4),
    )


def _bits_per_byte(generator: Any, files: ModelFiles, tokens: Sequence[str]) -> float:
    """Return -log2 of the text's probability by its bytes; each window goes on after the last token before it."""
    head = list(files.manifest.begin) or [tokens[0]]
    step = max(1, min(WINDOW, files.manifest.context_length) - 1 - len(head))
    nats = 0.0
    for start in range(0, len(tokens), step):
        before = [*head, tokens[start - 1]] if start else head
        scored = [*before, *tokens[start : start + step]]
        (result,) = generator.score_batch([scored], max_input_length=0)
        nats -= sum(result.log_probs[len(before) - 1 :])
    return nats / math.log(2) / len(SAMPLE.encode())
