"""A training so small that a test can wait for it. As a program: trains in a folder until it is killed."""

import sys
from pathlib import Path
from typing import Any

from rust_ai_ide.training.corpus import Corpus, SourceFile
from rust_ai_ide.training.network import NetworkConfig
from rust_ai_ide.training.optimisers import OptimiserConfig
from rust_ai_ide.training.pretraining import Pretraining, PretrainingConfig
from rust_ai_ide.training.samples import SampleConfig, Sampler
from rust_ai_ide.training.tokeniser import CodeTokeniser
from tests.training.rust import rust


def tiny_config(vocabulary: int, family: str = "llama") -> NetworkConfig:
    """Two layers of width 32."""
    return NetworkConfig(
        vocabulary=vocabulary, width=32, layers=2, heads=2, inner=64, context=128, family=family
    )


def tiny_training(
    folder: Path, corpus: Corpus, tokeniser: CodeTokeniser, family: str = "llama", **settings: Any
) -> Pretraining:
    """Return a training of windows of 128 tokens."""
    chosen = {"tokens": 1024, "micro": 512, "length": 128, "use_bfloat16": False, "threads": 1, **settings}
    config = PretrainingConfig(
        network=tiny_config(tokeniser.size, family), optimiser=OptimiserConfig(rate=1e-2, warm_up=5), **chosen
    )
    return Pretraining(folder, Sampler(corpus.training, tokeniser, SampleConfig()), config)


if __name__ == "__main__":
    files = tuple(SourceFile("made", f"{seed}.rs", rust(seed)) for seed in range(10))
    read = CodeTokeniser(Path(sys.argv[2]))
    tiny_training(Path(sys.argv[1]), Corpus((), files, files, {}), read, steps=10_000, save_every=0.0).run()
