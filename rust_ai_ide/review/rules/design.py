"""Architecture rules about modules, traits and enums."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.patterns import IMPL, TRAIT
from rust_ai_ide.review.unit import FUNCTIONS, Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.ARCHITECTURE)

_MODULE = frozenset({"mod_item"})
# Attributes of the compiler and of macros that leave the methods to those who implement the trait.
_PLAIN = re.compile(
    rb"#\[\s*(?:rustversion|diagnostic|deprecated|doc|cfg|cfg_attr|allow|expect|warn|deny|must_use|rustfmt|clippy"
    rb"|(?:async_trait::)?async_trait|auto_impl|stable|unstable|rustc_\w+|const_trait|inline)\b"
)
_MOST_REQUIRED = 15
_MOST_METHODS = 40


@RULES.match(
    "module_inception",
    "Module named like the module around it",
    Severity.WARNING,
    0.95,
    "(mod_item name: (identifier) @module) @item",
    lint="clippy::style",
)
def module_inception(match: Match) -> Iterator[Hit]:
    """Find `mod parser` in the file of the module `parser`; the path decides, so the name goes along."""
    around = match.unit.around(match["item"], frozenset({"mod_item"}), FUNCTIONS)
    if around is None and match.unit.around(match["item"], FUNCTIONS):
        return
    name = match.text("module").decode(errors="replace")
    message = f"The module `{name}` lies in a module of the same name"
    advice = "Give one of them a name of its own, or join them."
    if around is None:
        yield match.hit(match["module"], message, advice, detail=name)
    elif match.unit.name(around.node) == match.text("module"):
        yield match.hit(match["module"], message, advice)


@RULES.match(
    "glob_reexport",
    "Re-export of everything",
    Severity.INFO,
    0.85,
    "(use_declaration (visibility_modifier) @visibility argument: (_) @path)",
    where=Where.LIBRARY,
)
def glob_reexport(match: Match) -> Iterator[Hit]:
    """Find `pub use module::*` outside of preludes; the variants of an enum are no module."""
    path = match.text("path")
    if match.text("visibility") != b"pub" or not path.endswith(b"::*") or b"prelude" in path:
        return
    if path.removesuffix(b"::*").rpartition(b"::")[2][:1].isupper():
        return  # the variants of an enum
    module = match.unit.around(match["path"], _MODULE)
    if module is not None and b"prelude" in match.unit.name(module.node):
        return
    message = "Whatever becomes public in that module later is public here too, unseen"
    yield match.hit(match["path"], message, "Name what is exported.")


@RULES.match("large_trait", "Trait with many required methods", Severity.INFO, 0.85, TRAIT)
def large_trait(match: Match) -> Iterator[Hit]:
    """Find traits that demand more than fifteen methods of others than their own crate or a macro."""
    body = match["trait"].child_by_field_name("body")
    count = sum(child.type == "function_signature_item" for child in body.named_children) if body else 0
    if count > _MOST_REQUIRED and not _is_implemented_elsewhere(match.unit, match["trait"]):
        message = f"Whoever implements this trait has to write {count} methods"
        yield match.hit(
            match["trait"].child_by_field_name("name") or match["trait"],
            message,
            "Split it by who uses what.",
        )


def _is_implemented_elsewhere(unit: Unit, trait: "Node") -> bool:
    """Tell whether a trait is sealed, extends types of others, or has an attribute of a macro that may write it."""
    if b"Seal" in unit.field(trait, "bounds") or unit.name(trait).endswith(b"Ext"):
        return True
    before = (unit.text(one) for one in unit.attributes_before(trait) if one.type == "attribute_item")
    return any(not _PLAIN.match(attribute) for attribute in before)


@RULES.match("oversized_impl", "Type with many methods in one place", Severity.INFO, 0.8, IMPL)
def oversized_impl(match: Match) -> Iterator[Hit]:
    """Find inherent impls of more than forty methods."""
    impl = match["impl"]
    body = impl.child_by_field_name("body")
    if body is None or body.named_child_count <= _MOST_METHODS:
        return
    count = sum(child.type == "function_item" for child in body.named_children)
    if count > _MOST_METHODS and impl.child_by_field_name("trait") is None:
        message = f"This impl has {count} methods: the type may do more than one thing"
        yield match.hit(
            impl.child_by_field_name("type") or impl, message, "Look for a part with a life of its own."
        )
