"""Where a model's heads look while it writes a line: a diagnostic view, worked out with the model's PyTorch twin.

Attention is averaged over the heads of the last half of the layers, as in J. Vig, "A Multiscale Visualization of
Attention in the Transformer Model" (2019). It shows where information may flow, not why a line was written: S. Jain and
B. Wallace, "Attention is not Explanation" (2019). Much of it rests on the first token whatever that is (G. Xiao et al.,
"Efficient Streaming Language Models with Attention Sinks", 2023); that part is told apart and left out of the map.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rust_ai_ide.runtime.errors import InvalidConfig
from rust_ai_ide.runtime.library import find_model
from rust_ai_ide.runtime.manifest import Manifest, read_manifest
from rust_ai_ide.runtime.prompting import infill_prompt
from rust_ai_ide.runtime.tokens import Tokeniser, load_tokeniser
from rust_ai_ide.training.attention_places import Place, placed, summed_by_line, summed_by_word
from rust_ai_ide.training.extra import TrainingNotInstalled, require
from rust_ai_ide.training.twin import FAMILY, twin

MOST_BYTES = 3 * 1024**3
"""Of the twin's weights, which take four bytes each."""
MOST_TOKENS = 1536
"""Of prompt and line: the map of each head is as large as their square."""
Rows = NDArray[np.float32]


@dataclass(frozen=True)
class AttentionMap:
    """Where the heads looked while a line's tokens were chosen.

    `sink` (the first token), `marks` (what frames the prompt), `line` (the line's own earlier tokens) and `text` are
    shares of all attention and sum to 1. `lines` and `words` are places of the text around the cursor with their shares
    of `text`, the most looked at first. `layers` are the numbers of the first and the last layer, of `all_layers`.
    """

    sink: float
    marks: float
    line: float
    text: float
    lines: tuple[Place, ...]
    words: tuple[Place, ...]
    tokens: int
    layers: tuple[int, int]
    all_layers: int
    heads: int


@dataclass(frozen=True)
class Prompt:
    """What the twin reads: the ids of prompt and line, the line's length, and the place of each token of the text.

    A place is a pair of characters counted from the cursor, None for what is no text; the line's tokens have none.
    """

    ids: list[int]
    line: int
    places: list[tuple[int, int] | None]


def check_possible(model: str) -> Path:
    """Return the folder of a model whose attention can be looked at.

    Raises ModelNotFound, InvalidConfig where there is no twin, TrainingNotInstalled. PyTorch is not imported.
    """
    folder, manifest = find_model(model)
    if manifest.family != FAMILY:
        raise InvalidConfig(
            f"{manifest.id} is of the family {manifest.family}; attention is only shown of plain Llamas.",
            "family",
        )
    if manifest.encryption is not None:
        raise InvalidConfig(f"{manifest.id} is encrypted; decrypt it to look at its attention.", "encryption")
    if manifest.parameters * 4 > MOST_BYTES:
        raise InvalidConfig(f"{manifest.id} is too large to look at its attention here.", "parameters")
    if not all(find_spec(name) for name in ("torch", "transformers")):
        raise TrainingNotInstalled(
            "Attention maps need PyTorch, which is not installed: run make install-train, or pip install "
            '"rust-ai-ide[train]".'
        )
    return folder


def attention_map(folder: Path, path: str, before: str, after: str, line: str) -> AttentionMap:
    """Return where the model of a folder looks while it writes a line between two texts of a file.

    Raises InvalidConfig, also where prompt and line are too long, and TrainingNotInstalled.
    """
    manifest = read_manifest(folder)
    prompt = read_prompt(folder, manifest, path, before, after, line)
    network = twin(folder)
    # The rows that chose the line's tokens begin at the prompt's last one, which chose the first.
    rows = attention_rows(network, prompt.ids)[-prompt.line - 1 : -1]
    looked = rows.mean(axis=0)
    here = np.array([place is not None for place in prompt.places])
    known = [place for place in prompt.places if place is not None]
    own = len(prompt.ids) - prompt.line
    sink, text = float(looked[0]), float(looked[here].sum())
    own_share = float(looked[own:].sum())
    weights = looked[here] / max(text, 1e-9)
    config = network.config
    layers = config.num_hidden_layers
    return AttentionMap(
        sink=sink,
        marks=max(0.0, 1.0 - sink - text - own_share),
        line=own_share,
        text=text,
        lines=summed_by_line(before, after, known, weights),
        words=summed_by_word(before, after, known, weights),
        tokens=prompt.line,
        layers=(layers // 2 + 1, layers),
        all_layers=layers,
        heads=config.num_attention_heads,
    )


def attention_rows(network: Any, ids: Sequence[int]) -> Rows:
    """Return where each token looks, shape [tokens, tokens], averaged over the heads of the last half of the layers.

    Each row sums to 1 and is nought after its own token.
    """
    torch = require("torch")
    network.set_attn_implementation("eager")
    with torch.inference_mode():
        layers = network(input_ids=torch.tensor([list(ids)]), output_attentions=True).attentions
    last = layers[len(layers) // 2 :]
    mean = torch.stack([layer[0].mean(dim=0) for layer in last]).mean(dim=0)
    rows: Rows = mean.numpy()
    return rows


def read_prompt(folder: Path, manifest: Manifest, path: str, before: str, after: str, line: str) -> Prompt:
    """Return what the runtime would read for a line, with the places of its tokens. Raises InvalidConfig."""
    tokeniser = load_tokeniser(folder)
    header = manifest.path_header.format(path=path) if path else ""
    written = tokeniser.encode(line)
    room = min(manifest.context_length, MOST_TOKENS) - len(written)
    tokens, _ = infill_prompt(manifest, tokeniser, header + before, after, room=room)
    if not written or room < len(tokens):
        raise InvalidConfig("The line is too long to look at its attention.", "text")
    known = {token: number for number, token in enumerate(_vocabulary(folder))}
    ids = [known.get(token, 0) for token in [*tokens, *written]]
    places = [*_places(manifest, tokeniser, tokens), *[None] * len(written)]
    return Prompt(ids, len(written), places)


def _places(manifest: Manifest, tokeniser: Tokeniser, tokens: Sequence[str]) -> list[tuple[int, int] | None]:
    """Return the place of each token of a prompt; those marks frame the two texts, in either order."""
    infill = manifest.infill
    assert infill is not None
    marks = {infill.prefix: True, infill.suffix: False}
    if infill.order == "spm":
        marks = {infill.suffix: False, infill.middle: True}
    places: list[tuple[int, int] | None] = [None] * len(tokens)
    ends = [number for number, token in enumerate(tokens) if token in {*marks, infill.middle}]
    for mark, is_before in marks.items():
        start = tokens.index(mark) + 1
        end = min((place for place in ends if place >= start), default=len(tokens))
        places[start:end] = placed(tokeniser, tokens[start:end], is_before=is_before)
    return places


def _vocabulary(folder: Path) -> list[str]:
    found: list[str] = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
    return found
