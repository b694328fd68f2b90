"""Performance rules about asynchronous code."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.bindings import LONGEST
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.patterns import PATH_CALL
from rust_ai_ide.review.rules.shapes import code_children, has_attribute, modifiers
from rust_ai_ide.review.unit import COMMENTS, FUNCTIONS, Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.PERFORMANCE)

_BLOCKING = re.compile(
    rb"^(?:(?:::)?std::)?(?:thread::sleep"
    rb"|fs::(?:read|write|read_to_string|copy|remove_file|create_dir_all|read_dir|File::open|File::create)"
    rb"|net::(?:TcpStream|TcpListener)::(?:connect|bind))$"
)
_AWAIT = re.compile(rb"\bawait\b")
_GUARD = re.compile(rb"\.\s*(?:lock|read|write)\(\)\s*\.\s*(?:unwrap\(\)|expect\([^()]*\))$", re.DOTALL)
_NAMES = (
    "sleep",
    "read",
    "write",
    "read_to_string",
    "copy",
    "remove_file",
    "create_dir_all",
    "read_dir",
    "open",
    "create",
    "connect",
    "bind",
)


def _is_async(unit: Unit, at: int) -> bool:
    """Tell whether a byte belongs to an async function or block, not to a closure inside one."""
    scope = unit.enclosing(at, FUNCTIONS)
    if scope is None:
        return False
    if scope.kind == "closure_expression":
        return unit.text(scope.node).startswith((b"async ", b"async|"))
    return scope.kind == "async_block" or b"async" in modifiers(unit, scope.node).split()


@RULES.match(
    "blocking_call_in_async",
    "Blocking call in asynchronous code",
    Severity.WARNING,
    0.9,
    PATH_CALL,
    names=_NAMES,
    where=Where.PRODUCTION,
)
def blocking_call_in_async(match: Match) -> Iterator[Hit]:
    """Find `std::thread::sleep`, `std::fs` and `std::net` calls that stop a whole worker thread."""
    path = match.unit.field(match["call"], "function")
    if not _BLOCKING.match(path) or not _is_async(match.unit, match["call"].start_byte):
        return
    parent = match["call"].parent
    if parent is not None and parent.type == "await_expression":
        return  # an asynchronous function of the same name
    if not path.lstrip(b":").startswith(b"std::") and not _imports_std(match.unit, path):
        return
    if _is_alone(match.unit, match["call"].start_byte):
        return
    shown = path.decode(errors="replace")
    message = f"`{shown}` blocks the thread that other tasks of the runtime need"
    # Files are mostly near and quick, and read at the start: worth a hint. To sleep, or to wait for a peer, is worse.
    severity = Severity.INFO if b"fs::" in path else None
    yield match.hit(match["call"], message, "Use the runtime's own version, or `spawn_blocking`.", severity)


def _is_alone(unit: Unit, at: int) -> bool:
    """Tell whether code runs in `main`, whose thread has no other tasks, or is compiled without `async` as well."""
    function = unit.enclosing(at, frozenset({"function_item"}))
    return function is not None and (
        unit.name(function.node) == b"main" or has_attribute(unit, function.node, b"maybe_async")
    )


def _imports_std(unit: Unit, path: bytes) -> bool:
    module = path.partition(b"::")[0]
    return (
        re.search(rb"\buse\s+std::(?:" + module + rb"\b|\{[^}]*\b" + module + rb"\b)", unit.source)
        is not None
    )


@RULES.match(
    "await_holding_lock",
    "Lock held while waiting",
    Severity.WARNING,
    0.65,
    "(let_declaration pattern: (_) @name value: (_) @value) @let",
    where=Where.PRODUCTION,
    lint="clippy::suspicious",
    needs_types=True,
)
def await_holding_lock(match: Match) -> Iterator[Hit]:
    """Find a guard of a blocking lock that lives across an `.await` in the same block."""
    unit, node = match.unit, match["let"]
    if not _GUARD.search(match.text("value")) or not _is_async(unit, node.start_byte):
        return
    if match.text("value").startswith((b"*", b"&")):
        return
    block = node.parent
    if block is not None and block.end_byte - block.start_byte > LONGEST:
        return
    name = match.text("name").removeprefix(b"mut ").strip()
    if name == b"_":
        return  # which holds nothing
    for sibling in code_children(block) if block else []:
        if sibling.start_byte < node.end_byte:
            continue
        if re.search(rb"\bdrop\(\s*" + re.escape(name) + rb"\s*\)", unit.text(sibling)):
            return
        if _waits(unit, node, sibling):
            message = "The guard of this lock is still held at a later `.await`, which can block every task"
            yield match.hit(
                node, message, "End the guard's life before waiting, or use an asynchronous lock."
            )
            return


def _waits(unit: Unit, node: "Node", sibling: "Node") -> bool:
    """Tell whether a statement waits by itself: what an `async` block inside it does may be done elsewhere."""
    own = unit.enclosing(node.start_byte, FUNCTIONS)
    for found in _AWAIT.finditer(unit.source, sibling.start_byte, sibling.end_byte):
        around = unit.enclosing(found.start(), FUNCTIONS)
        if own is None or around is None or around.start != own.start:
            continue
        word = unit.root.descendant_for_byte_range(found.start(), found.end())
        if word is not None and word.type not in COMMENTS:
            return True
    return False
