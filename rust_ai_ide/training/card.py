"""The card of a model: what it learned from, how it was made, and what was measured."""

import textwrap
from collections import defaultdict
from dataclasses import dataclass

from rust_ai_ide.training.corpus import Corpus
from rust_ai_ide.training.fertility import Fertility
from rust_ai_ide.training.measuring import FolderFigures
from rust_ai_ide.training.probes import PROBES
from rust_ai_ide.training.samples import SampleConfig


@dataclass(frozen=True)
class Making:
    """How a model came about; `began` says from what, `family` what it is, `seconds` is the time its training took."""

    began: str
    family: str
    parameters: int
    layers: int
    width: int
    vocabulary: int
    context: int
    steps: int
    tokens: int
    seconds: float
    size: int
    bits_per_byte: float
    fertility: Fertility


def card(title: str, corpus: Corpus, making: Making, figures: FolderFigures) -> str:
    """Return the card as Markdown."""
    files = len(corpus.training)
    size = sum(len(file.text) for file in corpus.training) / 1e6
    held_out = sorted({file.crate for file in corpus.validation})
    parts = [
        f"# {title}",
        f"A small model that completes and infills Rust, trained {making.began} on one machine's processor by "
        "`rust-ai-ide train starter`, so that completion works before any model is downloaded. It knows common "
        "shapes of Rust, not facts: expect the rest of a line, not a function. The weights are under the MIT licence.",
        "## Shape",
        f"A {making.family}: {making.layers} layers of width {making.width}, a tied vocabulary of "
        f"{making.vocabulary:,}, a context of {making.context:,} tokens; {making.parameters:,} parameters, "
        f"{making.size / 1e6:.1f} MB in 8 "
        "bits. Prompts begin with `<s>`; a path goes before the text, as `// path` on a line of its own. Infilling: "
        "`<|prefix|>` `<|suffix|>`, what follows, `<|middle|>`, the path and what stands before. An answer ends with "
        "`</s>`.",
        "## Training",
        f"{making.steps:,} steps, {making.tokens / 1e6:.1f} million tokens, {making.seconds / 60:.0f} minutes; "
        f"{SampleConfig().infill:.0%} of the samples for infilling. The samples were drawn from {files:,} files "
        f"({size:.0f} MB) of the crates below, as Debian packages them. Left out: crates without a permissive "
        "licence, generated code, tables, bindings, and files that are the same or nearly the same (MinHash over "
        "5-grams of words, from 0.7).",
        "## Measured",
        f"On crates that were kept back: {', '.join(held_out)}. The split is by crate: siblings of some lie "
        "among those that were learned from, so expect less on code that is unlike all of these. Bits per byte are "
        "those of stretches of equal length, of equally many files of each crate where it has so many.",
        "\n".join(("| Figure | Value |", "|---|---|", *_figures(making, figures))),
        "## Crates and licences",
        *_crates(corpus),
    ]
    return "\n\n".join(_wrapped(part) for part in parts) + "\n"


def _figures(making: Making, figures: FolderFigures) -> list[str]:
    infilled, gone_on = figures.infilled, figures.gone_on
    rows = {
        "Validation, bits per byte": f"{making.bits_per_byte:.3f}",
        "Validation, tokens": str(making.fertility),
        "Rest of a line exact, with what follows": f"{infilled.exact:.1%} of {infilled.count}",
        "Rest of a line exact, without": f"{gone_on.exact:.1%} of {gone_on.count}",
        "Similarity of characters, with and without": f"{infilled.similarity:.2f} and {gone_on.similarity:.2f}",
        "Hand-made cases passed": f"{figures.probes} of {len(PROBES)}",
        "Median time of a line, one thread": f"{figures.line_seconds * 1000:.0f} ms",
    }
    return [f"| {name} | {value} |" for name, value in rows.items()]


def _wrapped(part: str) -> str:
    return (
        part
        if part.startswith("|")
        else textwrap.fill(part, 120, break_long_words=False, break_on_hyphens=False)
    )


def _crates(corpus: Corpus) -> list[str]:
    kept = {file.crate for file in (*corpus.training, *corpus.validation)}
    by_licence: dict[str, set[str]] = defaultdict(set)
    for crate in corpus.crates:
        if crate.name in kept:
            by_licence[crate.licence].add(f"{crate.name} {crate.version}")
    ordered = sorted(by_licence.items(), key=lambda item: (-len(item[1]), item[0]))
    return [f"**{licence}**: {', '.join(sorted(crates))}." for licence, crates in ordered]
