"""How many bits a model needs for a byte of files it was not trained on."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from rust_ai_ide.training.corpus import SourceFile
from rust_ai_ide.training.devices import device_of
from rust_ai_ide.training.extra import require
from rust_ai_ide.training.samples import IGNORED, PATH_HEADER
from rust_ai_ide.training.tokeniser import CodeTokeniser


def bits_per_byte(
    network: Any, tokeniser: CodeTokeniser, files: Sequence[SourceFile], length: int = 512
) -> float:
    """Return how many bits a byte of the files takes, each read in windows of `length` tokens below its path.

    Windows are no longer than what the network sees. The figure is the sum of -log2 p over all tokens, divided by the
    bytes of the files, so tokenisers can be compared by it.
    """
    torch = require("torch")
    device = device_of(network)
    length = min(length, network.config.max_position_embeddings)
    nats, size = 0.0, 0
    with torch.inference_mode():
        for file in files:
            head = [tokeniser.begin, *tokeniser.encode(PATH_HEADER.format(path=file.path))]
            tokens = tokeniser.encode(file.text)
            size += len(file.text.encode())
            for start in range(0, len(tokens), length - len(head)):
                window = torch.tensor([[*head, *tokens[start : start + length - len(head)]]], device=device)
                targets = torch.full_like(window, IGNORED)
                targets[:, len(head) - 1 : -1] = window[:, len(head) :]
                scores = network(input_ids=window).logits[0]
                loss = torch.nn.functional.cross_entropy(
                    scores, targets[0], ignore_index=IGNORED, reduction="sum"
                )
                nats += float(loss)
    return nats / math.log(2) / size


def stretches(files: Sequence[SourceFile], of_each: int, characters: int = 4000) -> list[SourceFile]:
    """Return a stretch from somewhere inside up to `of_each` files of every crate, the same each time.

    Whole files would let a few long ones of one crate decide the figure.
    """
    random = np.random.default_rng(0)
    by_crate: dict[str, list[SourceFile]] = defaultdict(list)
    for file in files:
        by_crate[file.crate].append(file)
    found = []
    for crate in sorted(by_crate):
        some = by_crate[crate]
        for place in random.permutation(len(some))[:of_each]:
            file = some[int(place)]
            last = max(0, len(file.text) - characters)
            start = file.text.rfind("\n", 0, int(random.integers(last + 1))) + 1
            found.append(replace(file, text=file.text[start : start + characters]))
    return found
