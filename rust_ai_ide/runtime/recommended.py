"""The larger models that are often used for code, and whether each fits into this machine's memory.

The shapes are those that the models' publishers give in the `config.json` of each repository on Hugging Face
(`codellama/CodeLlama-*-hf`, `bigcode/starcoderbase*`, `meta-llama/Llama-2-*-hf`, `mistralai/Mistral-7B-v0.1`,
`microsoft/phi-2`). What they need is computed, not measured.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from rust_ai_ide.runtime.memory import SHARE_OF_MEMORY, MemoryNeed, memory_need
from rust_ai_ide.runtime.weights import Shapes

COMPUTE_TYPE = "int8"
PROMPT = 2048
ANSWER = 256
SHORTER_PROMPTS = (1024, 512)


@dataclass(frozen=True)
class Published:
    """A published model: layers, heads, heads of keys and values, width, inner width, vocabulary, window in tokens.

    `gates` tells whether the inner layer has a gate of its own, `ties` whether the vocabulary is stored once.
    """

    name: str
    layers: int
    heads: int
    key_heads: int
    width: int
    inner_width: int
    vocabulary: int
    window: int
    gates: bool = True
    ties: bool = False
    can_infill: bool = False

    @property
    def parameters(self) -> int:
        """Return the number of weights in matrices; norms, biases and positions add less than a hundredth."""
        head = self.width // self.heads
        attention = 2 * self.width * self.width + 2 * self.width * self.key_heads * head
        inner = (3 if self.gates else 2) * self.width * self.inner_width
        return self.layers * (attention + inner) + (1 if self.ties else 2) * self.vocabulary * self.width

    @property
    def shapes(self) -> Shapes:
        """Return the shapes it has as a converted model; only a single head of keys is cached as one."""
        return Shapes(
            layers=self.layers,
            heads=self.heads,
            cached_heads=1 if self.key_heads == 1 else self.heads,
            head_width=self.width // self.heads,
            width=self.width,
            inner_width=self.inner_width,
            vocabulary=self.vocabulary,
            parameters=self.parameters,
            weight_bytes=self.parameters,
            weight_type=COMPUTE_TYPE,
        )

    def need(self, prompt_length: int) -> MemoryNeed:
        """Return what it needs at int8 with prompts of so many tokens."""
        return memory_need(
            self.shapes,
            prompt_length=min(prompt_length, self.window),
            context_length=min(prompt_length + ANSWER, self.window),
            compute_type=COMPUTE_TYPE,
        )


PUBLISHED = (
    Published("CodeLlama 7B", 32, 32, 32, 4096, 11008, 32016, 16384, can_infill=True),
    Published("CodeLlama 13B", 40, 40, 40, 5120, 13824, 32016, 16384, can_infill=True),
    Published("CodeLlama 34B", 48, 64, 8, 8192, 22016, 32000, 16384),
    Published("StarCoder 1B", 24, 16, 1, 2048, 8192, 49152, 8192, gates=False, ties=True, can_infill=True),
    Published("StarCoder 3B", 36, 22, 1, 2816, 11264, 49152, 8192, gates=False, ties=True, can_infill=True),
    Published("StarCoder 7B", 42, 32, 1, 4096, 16384, 49152, 8192, gates=False, ties=True, can_infill=True),
    Published("StarCoder 15B", 40, 48, 1, 6144, 24576, 49152, 8192, gates=False, ties=True, can_infill=True),
    Published("Llama 2 7B", 32, 32, 32, 4096, 11008, 32000, 4096),
    Published("Llama 2 13B", 40, 40, 40, 5120, 13824, 32000, 4096),
    Published("Llama 2 70B", 80, 64, 8, 8192, 28672, 32000, 4096),
    Published("Mistral 7B", 32, 32, 8, 4096, 14336, 32000, 32768),
    Published("Phi-2", 32, 32, 32, 2560, 10240, 51200, 2048, gates=False),
)


@dataclass(frozen=True)
class Fit:
    """Whether a model fits. `needed` and `missing` are bytes; `prompt_length` is the longest that fits of those tried.

    `missing` is what lacks even for the shortest prompts, 0 where it fits.
    """

    model: Published
    needed: int
    prompt_length: int
    missing: int

    @property
    def verdict(self) -> str:
        """Say it in words."""
        if self.missing:
            return f"does not fit: {self.missing / 1e9:,.1f} GB are missing"
        if self.prompt_length < min(PROMPT, self.model.window):
            return f"fits with prompts of {self.prompt_length:,} tokens"
        return "fits"


def fits(memory: int) -> list[Fit]:
    """Return how the models fit into a machine with so many bytes of memory, of which a runtime takes its share."""
    return [_fit(model, int(memory * SHARE_OF_MEMORY)) for model in PUBLISHED]


def recommendation(found: Iterable[Fit]) -> str:
    """Return which of the models to try, in one sentence."""
    usable = [fit for fit in found if not fit.missing]
    infilling = [fit for fit in usable if fit.model.can_infill]
    if not usable:
        return "None of these fits; the small models that are made for completing lines are what this machine can hold."
    largest = max(usable, key=lambda fit: fit.model.parameters).model.name
    if not infilling:
        return f"The largest that fits is {largest}; none of those that fill in between two texts does."
    small = min(infilling, key=lambda fit: fit.model.parameters).model.name
    large = max(infilling, key=lambda fit: fit.model.parameters).model.name
    return (
        f"Begin with {small}, the smallest that fills in between two texts"
        f"{f'; {large} is the largest of these that fits' if large != small else ''}."
        " A processor reads all weights for each token, so measure a model before you rely on a larger one."
    )


def _fit(model: Published, available: int) -> Fit:
    needed = model.need(PROMPT).total
    for length in (min(PROMPT, model.window), *SHORTER_PROMPTS):
        if model.need(length).total <= available:
            return Fit(model, needed, length, 0)
    return Fit(model, needed, 0, model.need(SHORTER_PROMPTS[-1]).total - available)
