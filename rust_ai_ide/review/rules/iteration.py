"""Performance rules about loops and iterators."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.bindings import LONGEST, may_be_bound
from rust_ai_ide.review.rules.looping import is_new_each_round, leaves_loop
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.patterns import METHOD_CALL, PATH_CALL
from rust_ai_ide.review.rules.shapes import arguments, method_name, receiver
from rust_ai_ide.review.unit import LOOPS, Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.PERFORMANCE)

_ITEMS = frozenset({"function_item", "closure_expression"})
_VEC = re.compile(rb"collect\s*::\s*<\s*Vec\s*<")
_NEAR = 200  # bytes
_FIXED_LENGTH = re.compile(rb"\.len\(\)\s*<=?\s*\d")
_REGEX = re.compile(rb"(?:^|::)(?:Regex|RegexSet|RegexBuilder)::new$")


@RULES.match(
    "iter_nth_zero",
    "First element taken with `nth(0)`",
    Severity.WARNING,
    0.9,
    METHOD_CALL,
    names=("nth",),
    lint="clippy::style",
)
def iter_nth_zero(match: Match) -> Iterator[Hit]:
    """Find `.nth(0)`."""
    given = arguments(match["call"])
    if len(given) == 1 and match.unit.text(given[0]) == b"0":
        yield match.hit(match["name"], "`nth(0)` is the next element", "Use `next()`.")


@RULES.match(
    "filter_next",
    "`filter` for a single element",
    Severity.WARNING,
    0.93,
    METHOD_CALL,
    names=("next",),
    lint="clippy::complexity",
)
def filter_next(match: Match) -> Iterator[Hit]:
    """Find `.filter(…).next()`."""
    value = receiver(match["call"])
    if value is not None and method_name(match.unit, value) == b"filter":
        yield match.hit(match["name"], "`filter(…).next()` looks for one element", "Use `find(…)`.")


@RULES.match(
    "search_is_some",
    "Search for a yes or no",
    Severity.WARNING,
    0.85,
    METHOD_CALL,
    names=("is_some", "is_none"),
    lint="clippy::complexity",
)
def search_is_some(match: Match) -> Iterator[Hit]:
    """Find `.find(|…| …).is_some()` on iterators."""
    value = receiver(match["call"])
    if method_name(match.unit, value) not in (b"find", b"position", b"rposition") or value is None:
        return
    given = arguments(value)
    if len(given) == 1 and given[0].type == "closure_expression":
        better = "any" if match.text("name") == b"is_some" else "!….any"
        message = "The element is looked for only to learn whether there is one"
        yield match.hit(match["name"], message, f"Use `{better}(…)`.")


@RULES.match(
    "needless_collect",
    "Collection built only to be counted",
    Severity.WARNING,
    0.85,
    METHOD_CALL,
    names=("len", "is_empty"),
    lint="clippy::nursery",
)
def needless_collect(match: Match) -> Iterator[Hit]:
    """Find `.collect::<Vec<_>>().len()`."""
    value = receiver(match["call"])
    if value is None or method_name(match.unit, value) != b"collect":
        return
    if _VEC.search(match.unit.field(value, "function")):
        better = "count()" if match.text("name") == b"len" else "next().is_none()"
        message = "A vector is built only to ask how much it holds"
        yield match.hit(match["name"], message, f"Use `{better}` on the iterator.")


@RULES.match(
    "regex_creation_in_loops",
    "Regular expression compiled in a loop",
    Severity.WARNING,
    0.9,
    PATH_CALL,
    names=("new",),
    where=Where.PRODUCTION,
    lint="clippy::perf",
)
def regex_creation_in_loops(match: Match) -> Iterator[Hit]:
    """Find `Regex::new("fixed")` inside a loop."""
    if not _REGEX.search(match.unit.field(match["call"], "function")):
        return
    given = arguments(match["call"])
    fixed = given and given[0].type in ("string_literal", "raw_string_literal")
    if fixed and match.unit.enclosing(match["call"].start_byte, LOOPS, _ITEMS):
        message = "This regular expression is compiled again in each round of the loop"
        yield match.hit(match["call"], message, "Compile it once, before the loop or in a `LazyLock`.")


@RULES.match(
    "front_shift_in_loop",
    "Front of a vector changed in a loop",
    Severity.WARNING,
    0.65,
    METHOD_CALL,
    names=("remove", "insert"),
    where=Where.PRODUCTION,
    needs_types=True,
)
def front_shift_in_loop(match: Match) -> Iterator[Hit]:
    """Find `v.remove(0)` and `v.insert(0, x)` in a loop: each moves all other elements."""
    given = arguments(match["call"])
    wanted = 1 if match.text("name") == b"remove" else 2
    if len(given) != wanted or match.unit.text(given[0]) != b"0":
        return
    loop = match.unit.enclosing(match["call"].start_byte, LOOPS, _ITEMS)
    value = receiver(match["call"])
    if loop is None or value is None or is_new_each_round(match.unit, loop.node, match.unit.text(value)):
        return
    if _stays_short(match.unit, loop.node, value) or _is_window(match, value):
        return
    if not leaves_loop(match["call"]):
        message = "Each round moves all elements of the vector, which takes quadratic time"
        yield match.hit(match["call"], message, "Use a `VecDeque`, or work from the end.")


def _is_window(match: Match, value: "Node") -> bool:
    """Tell whether what is taken from the front is made up for at the end at once, so that the length stays."""
    rest = match.unit.source[match["call"].end_byte : match["call"].end_byte + _NEAR]
    return rest.removeprefix(b";").lstrip().startswith(match.unit.text(value) + b".push(")


def _stays_short(unit: Unit, loop: "Node", value: "Node") -> bool:
    """Tell whether what is shifted is found anew or emptied in each round, or the loop ends at a fixed length."""
    if value.type == "index_expression":
        return True  # one of several, which the round may choose
    if loop.end_byte - loop.start_byte > LONGEST:
        return True
    return _is_renewed(unit.text(loop), unit.text(value)) or bool(
        _FIXED_LENGTH.search(unit.field(loop, "condition"))
    )


@lru_cache(maxsize=64)
def _is_renewed(body: bytes, name: bytes) -> bool:
    """Tell whether each round may bind, empty or set a variable or field."""
    changed = rb"\b" + re.escape(name) + rb"\s*(?:\.\s*(?:clear|truncate)\(|=[^=])"
    return may_be_bound(body, name.partition(b".")[0]) or re.search(changed, body) is not None
