"""The card of a fine-tuned model, and the table of what it was worth before and after."""

import textwrap
from collections import Counter
from dataclasses import dataclass

from rust_ai_ide.training.corpus import Corpus
from rust_ai_ide.training.finetuning.base import Base
from rust_ai_ide.training.finetuning.comparing import Comparison, Measured
from rust_ai_ide.training.finetuning.config import FinetuneConfig
from rust_ai_ide.training.privacy.config import Spent

HEADS = ("Figure", "Before", "After")
_WIDE = 120


@dataclass(frozen=True)
class Trained:
    """What a training came to: its steps and seconds, and the step and loss (nats a token) of the weights kept.

    `spent` is what a private training spent.
    """

    steps: int
    seconds: float
    best_step: int
    best_loss: float
    spent: Spent | None = None


def table(comparison: Comparison) -> list[tuple[str, str, str]]:
    """Return the rows of the figures before and after, heads first."""
    before, after = comparison.before, comparison.after
    rows = zip(_cells(before), _cells(after), strict=True)
    return [HEADS, *((name, first, second) for (name, first), (_, second) in rows)]


def card(base: Base, corpus: Corpus, config: FinetuneConfig, trained: Trained, comparison: Comparison) -> str:
    """Return the card as Markdown."""
    learned = {file.crate for file in corpus.training}
    licences = Counter(crate.licence or "none declared" for crate in corpus.crates if crate.name in learned)
    names = ", ".join(sorted(learned))
    how = f"LoRA of rank {config.rank}, merged in 32 bits" if config.method == "lora" else "all weights"
    rows = table(comparison)
    parts = [
        f"# {base.manifest.name}",
        f"{base.manifest.id}, trained further by `rust-ai-ide train finetune`: {how}. Its prompts are those of its "
        "base, and so is its licence; look at the licences below before you pass it on.",
        "## Training",
        f"{trained.steps:,} steps of {config.batch} windows of {config.length} tokens, {trained.seconds / 60:.1f} "
        f"minutes, a learning rate of {config.rate:g}; {config.infill:.0%} of the samples for infilling. The weights "
        f"are those of step {trained.best_step:,}, with the least loss on the files that were kept back "
        f"({trained.best_loss:.3f} nats a token).",
        *_privacy(trained.spent),
        "## Measured",
        f"On {len(corpus.validation):,} files that were kept back, in 8 bits. They chose the step, so expect a little "
        "less on others.",
        "\n".join("| " + " | ".join(row) + " |" for row in (rows[0], ("---",) * 3, *rows[1:])),
        "## Learned from",
        f"{len(corpus.training):,} files of {len(learned):,} crates: {names}.",
        "Licences: " + ", ".join(f"{name} ({count})" for name, count in sorted(licences.items())) + ".",
    ]
    return "\n\n".join(_wrapped(part) for part in parts) + "\n"


def _privacy(spent: Spent | None) -> tuple[str, ...]:
    if spent is None:
        return ()
    sentence = spent.as_text()
    return (
        "## Privacy",
        f"{sentence[0].upper()}{sentence[1:]}. A {spent.unit} counts with its changed copies; what stands in several "
        "is protected less. Not protected are the files that were kept back, which chose the step and made the figures "
        "below, and the names, licences and numbers below.",
    )


def _cells(measured: Measured) -> list[tuple[str, str]]:
    lines, infilled = measured.lines, measured.infilled
    cells = [
        ("Bits per byte", f"{measured.bits_per_byte:.3f}"),
        (f"Rest of a line exact, of {lines.count}", f"{lines.exact:.1%}"),
        ("Similarity of characters", f"{lines.similarity:.3f}"),
    ]
    if infilled:
        cells.append((f"The same with what follows, of {infilled.count}", f"{infilled.exact:.1%}"))
        cells.append(("Similarity of characters, with what follows", f"{infilled.similarity:.3f}"))
    return cells


def _wrapped(part: str) -> str:
    if part.startswith("|"):
        return part
    return textwrap.fill(part, _WIDE, break_long_words=False, break_on_hyphens=False)
