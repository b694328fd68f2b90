"""The card of a dataset for people."""

from rust_ai_ide.training.datasets.card import Card

_OWN = "The code was taken on the word of whoever prepared it that it is theirs; licences were not judged."
_JUDGED = "Only code of crates with a permissive licence was taken."
_SPLIT = {
    "crate": "No crate is on both sides.",
    "file": "Files of one crate are on both sides, so validation flatters: the code is much alike.",
}


def readme(card: Card) -> str:
    """Return the text of `README.md`."""
    parts = [
        f"# {card.name}",
        f"A dataset for {card.task_type}, {card.kind} on {card.created[:10]} by Rust AI IDE.",
        f"{card.training:,} texts ({card.training_bytes:,} bytes) to train on, {card.validation:,} "
        f"({card.validation_bytes:,} bytes) to validate on, split by {card.split_by}. {_SPLIT[card.split_by]}",
        f"{card.counted}." if card.counted else "",
        _OWN if card.own_code else _JUDGED,
        *card.notes,
        _table("Licence", "Texts", card.licences),
        _table("Left out because", "Files", card.dropped),
        _table("Made by", "Texts", card.augmentations),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(head: str, count: str, rows: object) -> str:
    if not isinstance(rows, dict) or not rows:
        return ""
    lines = [f"| {head} | {count} |", "|---|---|"]
    lines += [f"| {str(name).replace('|', '/')} | {number:,} |" for name, number in sorted(rows.items())]
    return "\n".join(lines)
