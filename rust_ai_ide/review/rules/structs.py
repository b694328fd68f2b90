"""Architecture rules about the fields of structs."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet
from rust_ai_ide.review.rules.patterns import STRUCT
from rust_ai_ide.review.rules.shapes import code_children, is_public
from rust_ai_ide.review.unit import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.ARCHITECTURE)

# Options that are given one by one, so that each combination of them is meant.
_OPTIONS = re.compile(
    rb"(?:Opts?|Options?|Config|Configuration|Cfg|Settings?|Params?|Parameters|Flags?|Args?|Arguments|Features?"
    rb"|Capabilities|Builder|Command|Attrs?|Attributes?|Preferences|Style|Format|Permissions|Modifiers|Support|Caps)"
    rb"(?:Impl|Inner|Raw|Builder|Data|Set)?$"
)


@RULES.match(
    "partial_pub_fields",
    "Struct with public and private fields",
    Severity.INFO,
    0.9,
    STRUCT,
    lint="clippy::restriction",
)
def partial_pub_fields(match: Match) -> Iterator[Hit]:
    """Find structs that can be read in part but not built by their users, at the first field that differs."""
    body = match["struct"].child_by_field_name("body")
    is_first_public: bool | None = None
    for field, is_field_public in _fields(match.unit, body) if body else ():
        if is_first_public is None:
            is_first_public = is_field_public
        elif is_field_public != is_first_public:
            message = (
                "Some fields of this struct are public and some are private, so nothing guards the whole"
            )
            yield match.hit(field, message, "Make all private and add methods.")
            return


def _fields(unit: Unit, body: "Node") -> "Iterator[tuple[Node, bool]]":
    """Yield the fields of a struct, those of a tuple by their types, and whether each is `pub`."""
    is_visible = False
    for child in code_children(body):
        if child.type == "visibility_modifier":
            is_visible = unit.text(child) == b"pub"
        elif child.type == "field_declaration":
            yield child, is_public(unit, child)
        elif child.type != "attribute_item":
            yield child, is_visible
            is_visible = False


@RULES.match(
    "struct_excessive_bools",
    "Struct with many `bool` fields",
    Severity.INFO,
    0.5,
    STRUCT,
    lint="clippy::pedantic",
)
def struct_excessive_bools(match: Match) -> Iterator[Hit]:
    """Find structs of more than three `bool` fields, often a state in disguise, except those named as options."""
    unit, struct = match.unit, match["struct"]
    body = struct.child_by_field_name("body")
    fields = [child for child in body.named_children if child.type == "field_declaration"] if body else []
    count = sum(1 for one in fields if unit.field(one, "type") == b"bool")
    if count > match.unit.thresholds.max_struct_bools and not _OPTIONS.search(unit.name(struct)):
        message = f"{count} `bool` fields make {2**count} states, and nothing says which of them are meant"
        advice = "Where they depend on one another, use an enum for the state."
        yield match.hit(struct.child_by_field_name("name") or struct, message, advice)
