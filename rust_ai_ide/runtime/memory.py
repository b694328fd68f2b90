"""How much memory a model needs, computed from its shapes before it is loaded, and how much there is.

CTranslate2 keeps keys and values of every query head (grouped heads are repeated before they are cached) in float32 on
a processor, grows them by copying, and materialises the attention scores of a whole prompt, [heads, T, T], twice for
one layer at a time.
"""

from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from rust_ai_ide.runtime.control_groups import MEMBERSHIP, ROOT, memory_left
from rust_ai_ide.runtime.weights import Shapes

FLOAT = 4
_BYTES = {"float32": 4.0, "float16": 2.0, "bfloat16": 2.0, "int16": 2.0, "int8": 1.0, "int32": 4.0}
# What CTranslate2 computes with where nothing is asked for, unless the processor has arithmetic for the type itself.
_WIDENED = {"float16": 4.0, "bfloat16": 4.0, "int16": 4.0}
_COMPUTED = {
    "int8": 1.0,
    "int8_float32": 1.0,
    "int8_float16": 1.0,
    "int8_bfloat16": 1.0,
    "int16": 2.0,
    "float16": 2.0,
    "bfloat16": 2.0,
    "float32": 4.0,
}
ARENA = 48 * 1024 * 1024
"""What the libraries themselves take, whatever the model: their code, thread stacks, the allocator's slack."""

SHARE_OF_MEMORY = 0.8
"""What of the machine's memory a runtime takes at most, unless it is told otherwise."""


@dataclass(frozen=True)
class MemoryNeed:
    """Bytes by purpose, at one answer at a time and the longest prompt allowed.

    `decrypted` is the copy of encrypted files that CTranslate2 loads from, and keeps.
    """

    weights: int
    cache: int
    scores: int
    activations: int
    arena: int = ARENA
    decrypted: int = 0

    @property
    def total(self) -> int:
        """Return the sum."""
        return sum(asdict(self).values())


def memory_need(
    shapes: Shapes, *, prompt_length: int, context_length: int, compute_type: str, decrypted: int = 0
) -> MemoryNeed:
    """Return what a model needs with prompts up to `prompt_length` and texts up to `context_length` tokens.

    `decrypted` are the bytes of files that are encrypted on the disk.
    """
    stored = _BYTES[shapes.weight_type]
    computed = _COMPUTED.get(compute_type) or _WIDENED.get(shapes.weight_type, stored)
    weights = int(shapes.weight_bytes * max(1.0, computed / stored))
    per_token = 2 * shapes.layers * shapes.cached_heads * shapes.head_width * FLOAT
    one_layer = 2 * shapes.cached_heads * shapes.head_width * FLOAT * context_length
    return MemoryNeed(
        weights=weights,
        cache=per_token * context_length + one_layer,
        scores=2 * shapes.heads * prompt_length * prompt_length * FLOAT,
        activations=FLOAT
        * (prompt_length * (2 * shapes.inner_width + 6 * shapes.width) + 2 * shapes.vocabulary),
        decrypted=decrypted,
    )


def memory_available(limit: int, groups: Path = ROOT, membership: Path = MEMBERSHIP) -> int:
    """Return how many more bytes this process may take.

    It is the least of what the machine has free, what is left of `limit` (0: none), and what the control groups of
    this process leave, under `groups`, of which `membership` says which they are.
    """
    free = int(psutil.virtual_memory().available)
    left = memory_left(groups, membership)
    if left is not None:
        free = min(free, left)
    return min(free, limit - memory_used()) if limit else free


def memory_used() -> int:
    """Return the resident bytes of this process."""
    return int(psutil.Process().memory_info().rss)
