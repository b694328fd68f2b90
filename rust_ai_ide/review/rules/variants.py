"""The rule about words that the variants of an enum repeat."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet
from rust_ai_ide.review.rules.patterns import ENUM
from rust_ai_ide.review.rules.shapes import has_attribute, is_public
from rust_ai_ide.review.unit import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.ARCHITECTURE)


@RULES.match(
    "enum_variant_names",
    "Variants that repeat a word",
    Severity.WARNING,
    0.9,
    ENUM,
    lint="clippy::style",
)
def enum_variant_names(match: Match) -> Iterator[Hit]:
    """Find private enums whose variants all begin or end alike, or repeat the name of the enum."""
    unit, enum = match.unit, match["enum"]
    body = enum.child_by_field_name("body")
    variants = [child for child in body.named_children if child.type == "enum_variant"] if body else []
    if (
        is_public(unit, enum)
        or has_attribute(unit, enum, b"non_camel_case_types")
        or len(variants) < unit.thresholds.enum_variant_name_threshold
    ):
        return
    enum_name = unit.name(enum).decode(errors="replace")
    names = [unit.name(variant).decode(errors="replace") for variant in variants]
    for variant, name in zip(variants, names, strict=True):
        place = _repeats(enum_name, name)
        if place and not _holds_its_namesake(unit, variant, name):
            message = f"The variant `{name}` {place} with the name of its enum"
            yield match.hit(variant.child_by_field_name("name") or variant, message, "Leave the word out.")
    word, place = _shared(names)
    if word:
        message = f"All variants {place} with `{word}`"
        name_node = enum.child_by_field_name("name") or enum
        yield match.hit(name_node, message, f"Leave `{word}` to the enum's own name.")


def _repeats(enum: str, variant: str) -> str:
    """Return whether a variant begins or ends with the name of its enum, empty for neither."""
    rest = variant[len(enum) :]
    if variant.startswith(enum) and len(rest) > 1 and not rest[0].islower() and not rest[1].isnumeric():
        return "begins"
    return "ends" if variant.endswith(enum) else ""


def _holds_its_namesake(unit: Unit, variant: "Node", name: str) -> bool:
    """Tell whether a variant only wraps a type of the same name, as `IoError(io::IoError)` does."""
    body = unit.field(variant, "body").decode(errors="replace").strip("() \n")
    return body.rpartition("::")[2] == name


def _shared(names: list[str]) -> tuple[str, str]:
    """Return the words that all names begin with, or else end with; nothing where a name is a single word."""
    words = [_words(name) for name in names]
    if any(len(parts) == 1 for parts in words):
        return "", ""
    first = "".join(_shared_start(words))
    if first.strip("_") and not any(name[len(first) :].lstrip("_")[:1].isdigit() for name in names):
        return first, "begin"
    return "".join(reversed(_shared_start([parts[::-1] for parts in words]))).strip("_"), "end"


def _shared_start(names: list[list[str]]) -> list[str]:
    shared: list[str] = []
    for words in zip(*names, strict=False):
        if len(set(words)) > 1:
            break
        shared.append(words[0])
    return shared


def _words(name: str) -> list[str]:
    """Split `PutIData` into its words; an underscore is a word, a run of capitals another."""
    words: list[str] = []
    start = 0
    for at in range(1, len(name) + 1):
        before, after = name[at - 1], name[at : at + 1]
        if not after or before == "_" or after == "_" or _begins_word(name, at):
            words.append(name[start:at])
            start = at
    return words


def _begins_word(name: str, at: int) -> bool:
    if not name[at].isupper():
        return False
    return not name[at - 1].isupper() or name[at + 1 : at + 2].islower()
