"""Security rules about text that becomes a command."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.patterns import CALL, METHOD_CALL
from rust_ai_ide.review.rules.shapes import arguments, macro_name, receiver
from rust_ai_ide.review.unit import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.SECURITY)

_SHELL = re.compile(
    rb"""Command::new\(\s*"(?:/(?:usr/)?bin/)?(?:sh|bash|zsh|dash|cmd|cmd\.exe|powershell|pwsh)"\s*\)"""
)
_BUILD_SCRIPT = re.compile(rb"\bOUT_DIR\b|\"cargo::?(?:rerun-if|rustc-|warning)")
_SHELL_FLAG = re.compile(rb'"(?:-c|-lc|/C|/c|-Command)"')
_SQL = re.compile(
    rb"^\s*(?:SELECT\b.*\bFROM|INSERT\s+INTO|UPDATE\b.*\bSET|DELETE\s+FROM|REPLACE\s+INTO)\b",
    re.IGNORECASE | re.DOTALL,
)
_HOLE = re.compile(rb"(?<!\{)\{([^{}]*)\}(?!\})")
_VALUE = re.compile(rb"""(?:[=<>'"%]|\bLIKE|\bIN\s*\(|\bVALUES\b[^;]*[(,])\s*$""", re.IGNORECASE)
_SQL_CALLS = (
    "query",
    "query_as",
    "query_scalar",
    "query_with",
    "execute",
    "prepare",
    "sql_query",
    "batch_execute",
    "query_row",
    "query_one",
    "query_opt",
    "query_map",
    "raw_sql",
    "execute_batch",
    "prepare_cached",
    "simple_query",
)


def _formatted(unit: Unit, node: "Node") -> bytes | None:
    """Return the text of a `format!` whose holes take anything but constants; None for other nodes."""
    if node.type == "reference_expression":
        node = node.child_by_field_name("value") or node
    if macro_name(unit, node) != b"format":
        return None
    tokens = node.named_child(node.named_child_count - 1)
    literal = tokens.named_child(0) if tokens else None
    if tokens is None or literal is None or literal.type not in ("string_literal", "raw_string_literal"):
        return None
    text = unit.text(literal)
    holes = [hole.partition(b":")[0] for hole in _HOLE.findall(text)]
    rest = [unit.text(child) for child in tokens.named_children[1:]]
    named = [hole for hole in holes if hole and not hole.isdigit()] + rest
    if not holes or (named and all(name.isupper() for name in named)):
        return None
    return text.lstrip(b"r#").strip(b'"#')


@RULES.match(
    "shell_injection",
    "Shell command put together from text",
    Severity.ERROR,
    0.85,
    METHOD_CALL,
    names=("arg",),
    where=Where.PRODUCTION,
)
def shell_injection(match: Match) -> Iterator[Hit]:
    """Find `Command::new("sh").arg("-c").arg(format!(…))`."""
    given = arguments(match["call"])
    before = receiver(match["call"])
    if len(given) != 1 or before is None or _formatted(match.unit, given[0]) is None:
        return
    if _BUILD_SCRIPT.search(match.unit.source):
        return  # who builds the crate runs its code anyway
    chain = match.unit.text(before)
    if _SHELL.search(chain) and _SHELL_FLAG.search(chain):
        message = "A shell reads this text, so whoever controls a part of it can run commands"
        yield match.hit(given[0], message, "Call the program itself and pass each argument with `arg`.")


@RULES.match(
    "sql_injection",
    "SQL put together from text",
    Severity.ERROR,
    0.8,
    CALL,
    names=_SQL_CALLS,
    where=Where.PRODUCTION,
)
def sql_injection(match: Match) -> Iterator[Hit]:
    """Find `query(&format!("SELECT … {}", value))`."""
    given = arguments(match["call"])[:1]
    text = _formatted(match.unit, given[0]) if given else None
    if text is None or not _SQL.match(text):
        return
    if any(
        _VALUE.search(text, 0, hole.start())
        for hole in _HOLE.finditer(text)
        if text[hole.end() : hole.end() + 1] != b"."
    ):
        message = "Whoever controls a value in this text can change what the statement does"
        yield match.hit(given[0], message, "Use placeholders and bind the values.")
    else:
        # Names of tables and columns cannot be bound; mostly they come from the program itself.
        message = "A name is put into this statement as text"
        advice = "Make sure that it can only be one of the names you know."
        yield match.hit(given[0], message, advice, Severity.INFO, 0.5)
