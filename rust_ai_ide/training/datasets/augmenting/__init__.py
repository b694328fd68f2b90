"""Changed copies of texts: each parses, differs from its original, and is the same for the same seed."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rust_ai_ide.observability.events import Progressed, Report
from rust_ai_ide.source.syntax.parsing import NotAnalysable, parse_rust
from rust_ai_ide.training.datasets.augmenting.comments import without_comments
from rust_ai_ide.training.datasets.augmenting.extraction import one_function
from rust_ai_ide.training.datasets.augmenting.renaming import renamed
from rust_ai_ide.training.datasets.augmenting.variations import varied
from rust_ai_ide.training.datasets.reading import Row

if TYPE_CHECKING:
    from tree_sitter import Tree

    Change = Callable[[bytes, Tree, random.Random], bytes]

AUGMENTATIONS: "dict[str, Change]" = {
    "variableRenaming": renamed,
    "commentRemoval": without_comments,
    "functionExtraction": one_function,
    "patternVariations": varied,
}


def augment(text: str, name: str, seed: str) -> str | None:
    """Return a changed copy, or None where there is nothing to change or the text does not parse."""
    source = text.encode("utf-8")
    try:
        tree = parse_rust(source)
        if tree.root_node.has_error:
            return None
        chance = random.Random(f"{name} {seed}")  # noqa: S311 - it must be the same for the same seed
        changed = AUGMENTATIONS[name](source, tree, chance)
        if changed == source or not changed.strip() or parse_rust(changed).root_node.has_error:
            return None
    except NotAnalysable:
        return None
    return changed.decode("utf-8")


def augmented(rows: Sequence[Row], names: Sequence[str], seed: int, report: Report) -> list[Row]:
    """Return the changed copies of rows that the named augmentations make."""
    return list(_augmented(rows, names, seed, report)) if names else []


def _augmented(rows: Sequence[Row], names: Sequence[str], seed: int, report: Report) -> Iterator[Row]:
    for done, row in enumerate(rows):
        report(Progressed("Changing copies", done, len(rows)))
        for name in names:
            changed = augment(row.text, name, f"{seed} {row.crate} {row.path}")
            if changed is not None:
                yield replace(row, text=changed, augmentation=name)
