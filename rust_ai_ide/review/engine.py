"""Run every rule over one file: parse, one combined query, and Python on its matches only."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate, chain
from typing import TYPE_CHECKING

from rust_ai_ide.review.facts import Fact, Facts
from rust_ai_ide.review.findings import Edit
from rust_ai_ide.review.fingerprints import Fingerprinter
from rust_ai_ide.review.rules import every_rule
from rust_ai_ide.review.rules.model import Hit, Match, Rule
from rust_ai_ide.review.rules.patterns import CALL, METHOD_CALL, PATH_CALL
from rust_ai_ide.review.rules.suppressions import SUPPRESSION_WITHOUT_REASON, UNUSED_SUPPRESSION
from rust_ai_ide.review.standard import USUAL, Standard
from rust_ai_ide.review.suppression import Suppression, suppressions
from rust_ai_ide.review.unit import ATTRIBUTE_PATTERN, ERROR_PATTERN, SCOPE_PATTERNS, Unit
from rust_ai_ide.source.syntax.languages import grammar
from rust_ai_ide.source.syntax.parsing import NotAnalysable, parse_rust

if TYPE_CHECKING:
    from tree_sitter import Node, Query

    from rust_ai_ide.review.custom.rules import CustomRule

_GENERATED = (b"@generated", b"do not edit", b"automatically generated")
_HEAD = 1_000


@dataclass(slots=True)
class _Group:
    """The rules that share one pattern: by the text of `@name`, and those that take every match."""

    by_name: dict[bytes, list[Rule]] = field(default_factory=dict)
    always: list[Rule] = field(default_factory=list)


_METHOD = b"."  # tells names of methods from those of functions


def _name_of(captures: "dict[str, list[Node]]") -> "tuple[Node, bytes]":
    """Return the last segment of what is called, and whether it is a method."""
    node, mark = (captures.get("function") or captures["path"])[0], b""
    if node.type == "generic_function":
        node = node.child_by_field_name("function") or node
    if node.type == "field_expression":
        node, mark = node.child_by_field_name("field") or node, _METHOD
    elif node.type == "scoped_identifier":
        node = node.child_by_field_name("name") or node
    return node, mark


@dataclass(frozen=True, slots=True)
class _Plan:
    query: "Query"
    groups: tuple[_Group, ...]  # by pattern number, after those of the unit


_UNIT_PATTERNS = (*SCOPE_PATTERNS, ATTRIBUTE_PATTERN, ERROR_PATTERN)


@cache
def _plan() -> _Plan:
    from tree_sitter import Query

    groups: dict[str, _Group] = {}
    for rule in every_rule():
        if rule.on_match is None:
            continue
        pattern = CALL if rule.pattern in (METHOD_CALL, PATH_CALL) else rule.pattern
        group = groups.setdefault(pattern, _Group())
        for name in rule.names:
            if rule.pattern != METHOD_CALL:
                group.by_name.setdefault(name, []).append(rule)
            if rule.pattern in (CALL, METHOD_CALL):
                group.by_name.setdefault(_METHOD + name, []).append(rule)
        if not rule.names:
            group.always.append(rule)
    query = Query(grammar("rust"), "\n".join((*_UNIT_PATTERNS, *groups)))
    return _Plan(query, tuple(groups.values()))


def examine(source: bytes, standard: Standard = USUAL) -> Facts:
    """Return everything the rules say about a Rust source text; what cannot be analysed becomes a note."""
    from tree_sitter import QueryCursor

    lines = source.count(b"\n") + (not source.endswith(b"\n") and bool(source))
    try:
        tree = parse_rust(source)
    except NotAnalysable as error:
        return Facts(lines, notes=(str(error),), is_analysed=False)
    plan = _plan()
    of_unit, of_rules = [], []
    for number, captures in QueryCursor(plan.query).matches(tree.root_node):
        if number < len(_UNIT_PATTERNS):
            of_unit.append(captures)
        else:
            of_rules.append((plan.groups[number - len(_UNIT_PATTERNS)], captures))
    unit = Unit(source, tree.root_node, of_unit, standard.thresholds)
    head = source[:_HEAD].lower()
    is_generated = any(mark in head for mark in _GENERATED)
    hits = [
        (rule, hit)
        for rule, hit in chain(_hits(unit, of_rules), _custom_hits(unit, standard.custom))
        if not unit.allowed(rule.lints, hit.start)
        and not any(start < hit.end and hit.start < end for start, end in unit.broken)
    ]
    silenced = [rule.id for rule in every_rule() if rule.lints & unit.crate_allows]
    names = {rule.name for rule in standard.custom}
    return Facts(lines, _facts(unit, hits, names), _notes(unit), tuple(silenced), is_generated)


def _hits(
    unit: Unit, matches: "Iterable[tuple[_Group, dict[str, list[Node]]]]"
) -> Iterator[tuple[Rule, Hit]]:
    source = unit.source
    # There are tens of thousands of matches in a project, and most of their names are no rule's: so no call here.
    for group, captures in matches:
        rules = group.always
        if group.by_name:
            mark = b""
            if "name" in captures:
                node = captures["name"][0]
            else:
                node, mark = _name_of(captures)
                captures["name"] = [node]
            named = group.by_name.get(mark + source[node.start_byte : node.end_byte])
            if named is not None:
                rules = named + rules
        if not rules:
            continue
        match = Match(unit, captures)
        for rule in rules:
            assert rule.on_match is not None
            for hit in rule.on_match(match):
                yield rule, hit
    for rule in every_rule():
        if rule.on_file is not None:
            for hit in rule.on_file(unit):
                yield rule, hit


def _custom_hits(unit: Unit, custom: "Sequence[CustomRule]") -> Iterator[tuple[Rule, Hit]]:
    if custom:
        # Imported late: most projects have no rules of their own.
        from rust_ai_ide.review.custom.matching import custom_hits

        yield from custom_hits(unit, custom)


def _facts(unit: Unit, hits: list[tuple[Rule, Hit]], custom: set[str]) -> tuple[Fact, ...]:
    source = unit.source
    lengths = map(len, source.split(b"\n")[:-1])
    line_starts = list(accumulate((length + 1 for length in lengths), initial=0))
    comments = suppressions(unit, line_starts)
    by_line: dict[int, list[Suppression]] = {}
    for comment in comments:
        by_line.setdefault(comment.line, []).append(comment)
    kept = []
    for rule, hit in hits:
        line = bisect_right(line_starts, hit.start) - 1
        silencing = [comment for comment in by_line.get(line, ()) if rule.id in comment.rules]
        for comment in silencing:
            comment.used.add(rule.id)
        if not silencing:
            kept.append((rule, hit))
    kept.extend(_about_suppressions(comments, custom))
    kept.sort(key=lambda pair: (pair[1].start, pair[1].end, pair[0].id))
    fingerprinter = Fingerprinter(unit, line_starts)
    return tuple(_fact(unit, line_starts, fingerprinter, rule, hit) for rule, hit in kept)


def _fact(unit: Unit, line_starts: list[int], fingerprinter: Fingerprinter, rule: Rule, hit: Hit) -> Fact:
    def place(at: int) -> tuple[int, int]:
        line = bisect_right(line_starts, at) - 1
        return line, len(unit.source[line_starts[line] : at].decode(errors="replace"))

    def edit(start: int, end: int, text: bytes) -> Edit:
        (first, first_column), (last, last_column) = place(start), place(end)
        return Edit(first + 1, first_column + 1, last + 1, last_column + 1, text.decode(errors="replace"))

    start_line, start_column = place(hit.start)
    end_line, end_column = place(hit.end)
    if end_column == 0 and end_line > start_line:
        # The grammar gives some nodes their line break; the eye does not.
        end_line, end_column = place(hit.end - 1)
    return Fact(
        rule.id,
        rule.category,
        hit.severity or rule.severity,
        rule.confidence if hit.confidence is None else hit.confidence,
        start_line + 1,
        start_column + 1,
        end_line + 1,
        end_column + 1,
        hit.message,
        hit.suggestion,
        fingerprinter.of(rule.id, hit.start, start_line, end_line),
        rule.where.value,
        unit.in_test(hit.start),
        hit.detail,
        tuple(edit(*one) for one in hit.edits),
    )


def _about_suppressions(comments: list[Suppression], custom: set[str]) -> Iterator[tuple[Rule, Hit]]:
    known = custom.union(rule.id for rule in every_rule())
    for comment in comments:
        for name in comment.rules:
            if name not in comment.used:
                reason = "it silences nothing here" if name in known else "there is no such rule"
                message = f"This comment allows `{name}`, but {reason}"
                yield UNUSED_SUPPRESSION, Hit(comment.start, comment.end, message, "Remove the name.")
        if not comment.has_reason:
            yield (
                SUPPRESSION_WITHOUT_REASON,
                Hit(
                    comment.start,
                    comment.end,
                    "This comment silences a rule without saying why",
                    "Add ` -- ` and the reason.",
                ),
            )


def _notes(unit: Unit) -> tuple[str, ...]:
    notes = []
    try:
        unit.source.decode()
    except UnicodeDecodeError as error:
        line = unit.source.count(b"\n", 0, error.start) + 1
        notes.append(f"The file is not valid UTF-8 (first at line {line}); what could be read was reviewed.")
    if unit.errors:
        line = unit.source.count(b"\n", 0, min(unit.errors)[0]) + 1
        notes.append(f"Line {line} could not be parsed; the code around it was left out of the review.")
    return tuple(notes)
