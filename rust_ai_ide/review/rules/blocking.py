"""Performance rules about asynchronous code."""

import re
from collections.abc import Iterator

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.patterns import PATH_CALL
from rust_ai_ide.review.rules.shapes import code_children, modifiers
from rust_ai_ide.review.unit import FUNCTIONS, Unit

RULES = RuleSet(Category.PERFORMANCE)

_BLOCKING = re.compile(
    rb"^(?:(?:::)?std::)?(?:thread::sleep"
    rb"|fs::(?:read|write|read_to_string|copy|remove_file|create_dir_all|read_dir|File::open|File::create)"
    rb"|net::(?:TcpStream|TcpListener)::(?:connect|bind)|process::Command::new)$"
)
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
    shown = path.decode(errors="replace")
    message = f"`{shown}` blocks the thread that other tasks of the runtime need"
    yield match.hit(match["call"], message, "Use the runtime's own version, or `spawn_blocking`.")


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
    name = match.text("name").removeprefix(b"mut ").strip()
    for sibling in code_children(block) if block else []:
        if sibling.start_byte < node.end_byte:
            continue
        text = unit.text(sibling)
        if re.search(rb"\bdrop\(\s*" + re.escape(name) + rb"\s*\)", text):
            return
        if b".await" in text and sibling.type != "function_item":
            message = "The guard of this lock is still held at a later `.await`, which can block every task"
            yield match.hit(
                node, message, "End the guard's life before waiting, or use an asynchronous lock."
            )
            return
