"""The shape of a network: what its weights are for, before there are any."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NetworkConfig:
    """The widths of a network of `family`, which sees `context` tokens.

    A feed-forward part has `inner` units. `key_heads` are the heads of keys and values that the query heads share, 0
    for as many as those; a GPTBigCode always has one. `rope_base` is that of the rotations of a Llama, `epsilon` what
    norms add. With `tied` the head has the embeddings' weights.
    """

    vocabulary: int = 8192
    width: int = 256
    layers: int = 6
    heads: int = 4
    inner: int = 704
    context: int = 1024
    rope_base: float = 10_000.0
    key_heads: int = 0
    epsilon: float = 1e-6
    tied: bool = True
    family: str = "llama"
