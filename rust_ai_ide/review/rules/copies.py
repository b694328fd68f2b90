"""Performance rules about copies that are made to be looked at only."""

from collections.abc import Iterator

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.bindings import function_around, may_change
from rust_ai_ide.review.rules.looping import leaves_loop, loop_around
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.patterns import METHOD_CALL
from rust_ai_ide.review.rules.shapes import arguments, receiver

RULES = RuleSet(Category.PERFORMANCE)


@RULES.match(
    "clone_in_loop",
    "Copy made in each round only to be borrowed",
    Severity.WARNING,
    0.85,
    METHOD_CALL,
    names=("clone", "to_string", "to_owned", "to_vec"),
    where=Where.PRODUCTION,
)
def clone_in_loop(match: Match) -> Iterator[Hit]:
    """Find `&x.clone()` in a loop that leaves `x` as it is."""
    unit, call = match.unit, match["call"]
    borrow, value = call.parent, receiver(call)
    if borrow is None or borrow.type != "reference_expression" or arguments(call):
        return
    if (
        value is None
        or value.type != "identifier"
        or any(child.type == "mutable_specifier" for child in borrow.children)
    ):
        return
    loop, function = loop_around(unit, call), function_around(unit, call)
    if loop is None or function is None:
        return
    name = unit.text(value)
    # Of a `for`, the scope is the body; the pattern before it belongs to the rounds as well.
    head = loop.parent if loop.type == "block" and loop.parent else loop
    outside = unit.source[function.start_byte : head.start_byte]
    within = unit.source[head.start_byte : loop.end_byte]
    if may_change(within, name) or b"mut " + name in outside or leaves_loop(call):
        return
    method, shown = match.text("name").decode(), name.decode(errors="replace")
    yield match.hit(
        call,
        f"Each round copies `{shown}` with `{method}()` and only looks at the copy",
        f"Borrow `{shown}` itself."
        if method == "clone"
        else "Make it once, before the loop, or borrow what is there.",
    )
