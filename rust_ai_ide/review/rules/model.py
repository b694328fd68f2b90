"""What a rule is, and how one is declared."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity

if TYPE_CHECKING:
    from tree_sitter import Node

    from rust_ai_ide.review.unit import Unit

# Clippy's groups that warn unless told otherwise; `clippy::all` speaks of these.
_CLIPPY_DEFAULT = frozenset({"style", "complexity", "perf", "correctness", "suspicious"})


class Where(StrEnum):
    """Which code a rule speaks about. Tests come in only where the configuration includes them."""

    ANYWHERE = "a"
    PRODUCTION = "p"  # not tests, benches, examples
    LIBRARY = "l"  # production code that other crates call: not main.rs, src/bin, build.rs


@dataclass(frozen=True, slots=True)
class Hit:
    """One place that a rule found, as byte offsets. What is None is taken from the rule.

    `detail` is for rules whose last word depends on the path of the file. `edits` are stretches with the text to
    put in their place, which together mend it: the code means the same and still parses.
    """

    start: int
    end: int
    message: str
    suggestion: str = ""
    severity: Severity | None = None
    confidence: float | None = None
    detail: str = ""
    edits: tuple[tuple[int, int, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """One match of a rule's pattern: the captured nodes, and the file around them."""

    unit: "Unit"
    nodes: "dict[str, list[Node]]"

    def __getitem__(self, capture: str) -> "Node":
        return self.nodes[capture][0]

    def text(self, capture: str) -> bytes:
        """Return the source text of a captured node."""
        return self.unit.text(self.nodes[capture][0])

    def hit(
        self,
        node: "Node",
        message: str,
        suggestion: str = "",
        severity: Severity | None = None,
        confidence: float | None = None,
        detail: str = "",
        edits: tuple[tuple[int, int, bytes], ...] = (),
    ) -> Hit:
        """Return a hit at a node."""
        return Hit(node.start_byte, node.end_byte, message, suggestion, severity, confidence, detail, edits)

    def replaced(self, node: "Node", text: bytes) -> tuple[tuple[int, int, bytes], ...]:
        """Return the edits that put a text in the place of a node."""
        return ((node.start_byte, node.end_byte, text),)


MatchCheck = Callable[[Match], Iterator[Hit]]
FileCheck = Callable[["Unit"], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its grading, its tree-sitter pattern, and the check that sees each match of the pattern.

    With `names`, only matches whose capture `@name` reads as one of them reach the check; nodes shorter than `least`,
    in bytes, do not where all who ask for their kind agree. A rule without a pattern checks the file as a whole.
    `lints` are the names by which `#[allow]` and `#[expect]` silence it. A rule with `needs_types` guesses types from
    the text: its confidence stays below what is shown unasked.
    """

    id: str
    title: str
    category: Category
    severity: Severity
    confidence: float
    where: Where
    lints: frozenset[str]
    needs_types: bool
    pattern: str = ""
    names: frozenset[bytes] = frozenset()
    least: int = 0
    on_match: MatchCheck | None = None
    on_file: FileCheck | None = None


@dataclass(slots=True)
class RuleSet:
    """The rules of one category, filled by its modules as they declare them."""

    category: Category
    rules: list[Rule] = field(default_factory=list)

    def match(
        self,
        rule_id: str,
        title: str,
        severity: Severity,
        confidence: float,
        pattern: str,
        names: tuple[str, ...] = (),
        where: Where = Where.ANYWHERE,
        lint: str = "",
        needs_types: bool = False,
        least: int = 0,
    ) -> Callable[[MatchCheck], MatchCheck]:
        """Declare the decorated function as the check of a rule over matches of a pattern."""

        def declare(check: MatchCheck) -> MatchCheck:
            self.rules.append(
                Rule(
                    rule_id,
                    title,
                    self.category,
                    severity,
                    confidence,
                    where,
                    _lints(rule_id, lint),
                    needs_types,
                    pattern,
                    frozenset(name.encode() for name in names),
                    least,
                    on_match=check,
                )
            )
            return check

        return declare

    def file(
        self,
        rule_id: str,
        title: str,
        severity: Severity,
        confidence: float,
        where: Where = Where.ANYWHERE,
        lint: str = "",
    ) -> Callable[[FileCheck], FileCheck]:
        """Declare the decorated function as the check of a rule over whole files."""

        def declare(check: FileCheck) -> FileCheck:
            lints = _lints(rule_id, lint)
            self.rules.append(
                Rule(rule_id, title, self.category, severity, confidence, where, lints, False, on_file=check)
            )
            return check

        return declare


def _lints(rule_id: str, lint: str) -> frozenset[str]:
    """Return the names that silence a rule; `lint` is "clippy::<group>", "rustc::<group>" or empty."""
    tool, _, group = lint.partition("::")
    if tool == "clippy":
        every = {"clippy::all"} if group in _CLIPPY_DEFAULT else set()
        return frozenset({f"clippy::{rule_id}", f"clippy::{group}"} | every)
    if tool == "rustc":
        old_names = {"bad_style"} if group == "nonstandard_style" else set()
        return frozenset({rule_id, group, "warnings"} | old_names)
    return frozenset()
