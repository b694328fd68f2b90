"""Rules about what functions take."""

from collections.abc import Iterator

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet
from rust_ai_ide.review.rules.patterns import FUNCTION
from rust_ai_ide.review.rules.shapes import in_trait_impl, is_exported_symbol, parameters

RULES = RuleSet(Category.ARCHITECTURE)


@RULES.match(
    "too_many_arguments",
    "Function with many parameters",
    Severity.WARNING,
    0.95,
    "[(function_item) (function_signature_item)] @item",
    lint="clippy::complexity",
)
def too_many_arguments(match: Match) -> Iterator[Hit]:
    """Find functions of more than seven parameters."""
    item = match["item"]
    most = match.unit.thresholds.too_many_arguments_threshold
    given = item.child_by_field_name("parameters")
    if given is None or given.named_child_count <= most:
        return
    count = len(parameters(item))
    if count <= most or in_trait_impl(match.unit, item) or is_exported_symbol(match.unit, item):
        return
    name = item.child_by_field_name("name") or item
    message = f"This function takes {count} parameters; more than {most} are hard to call correctly"
    yield match.hit(name, message, "Group those that belong together in a struct.")


@RULES.match("too_many_lines", "Long function", Severity.INFO, 0.95, FUNCTION, lint="clippy::pedantic")
def too_many_lines(match: Match) -> Iterator[Hit]:
    """Find functions of more than a hundred lines of code."""
    node = match["function"]
    if node.end_point.row - node.start_point.row <= match.unit.thresholds.too_many_lines_threshold:
        return
    body = node.child_by_field_name("body")
    lines = [line.strip() for line in match.unit.text(body).split(b"\n")[1:-1]] if body else []
    count = sum(1 for line in lines if line and not line.startswith(b"//"))
    if count > match.unit.thresholds.too_many_lines_threshold:
        name = node.child_by_field_name("name") or node
        yield match.hit(
            name, f"This function has {count} lines of code", "Move parts with a name of their own out."
        )


@RULES.match(
    "fn_params_excessive_bools",
    "Function with many `bool` parameters",
    Severity.INFO,
    0.95,
    "[(function_item) (function_signature_item)] @item",
    lint="clippy::pedantic",
)
def fn_params_excessive_bools(match: Match) -> Iterator[Hit]:
    """Find functions of more than three `bool` parameters."""
    unit, node = match.unit, match["item"]
    most = unit.thresholds.max_fn_params_bools
    given = node.child_by_field_name("parameters")
    if given is None or given.named_child_count <= most:
        return
    count = sum(1 for one in parameters(node) if unit.field(one, "type") == b"bool")
    if count > most and not in_trait_impl(unit, node) and not is_exported_symbol(unit, node):
        name = node.child_by_field_name("name") or node
        message = f"A call of this function shows {count} bare `true` or `false`"
        yield match.hit(name, message, "Use enums with two variants, or a struct of options.")
