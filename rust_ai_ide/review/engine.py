"""Run every rule over one file: parse, one combined query, and Python on its matches only."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain
from typing import TYPE_CHECKING

from rust_ai_ide.review.facts import Fact, Facts
from rust_ai_ide.review.findings import Edit
from rust_ai_ide.review.fingerprints import Fingerprinter
from rust_ai_ide.review.plan import OfKind, Takers, error_query, name_node, name_of, plan
from rust_ai_ide.review.rules import every_rule
from rust_ai_ide.review.rules.model import Hit, Match, Rule
from rust_ai_ide.review.rules.suppressions import SUPPRESSION_WITHOUT_REASON, UNUSED_SUPPRESSION
from rust_ai_ide.review.standard import USUAL, Standard
from rust_ai_ide.review.suppression import Suppression, suppressions
from rust_ai_ide.review.unit import Unit
from rust_ai_ide.source.syntax.parsing import NotAnalysable, parse_rust

if TYPE_CHECKING:
    from tree_sitter import Node

    from rust_ai_ide.review.custom.rules import CustomRule

_GENERATED = (b"@generated", b"do not edit", b"automatically generated")
_HEAD = 1_000


def examine(source: bytes, standard: Standard = USUAL) -> Facts:
    """Return everything the rules say about a Rust source text; what cannot be analysed becomes a note."""
    lines = source.count(b"\n") + (not source.endswith(b"\n") and bool(source))
    try:
        tree = parse_rust(source)
    except NotAnalysable as error:
        return Facts(lines, notes=(str(error),), is_analysed=False)
    matched = _matched(tree.root_node)
    unit = Unit(
        source,
        tree.root_node,
        matched.scopes,
        matched.attributes,
        _errors(tree.root_node),
        standard.thresholds,
    )
    head = source[:_HEAD].lower()
    is_generated = any(mark in head for mark in _GENERATED)
    found = chain(_of_kinds(unit, matched.of_kinds), _of_patterns(unit, matched.of_patterns), _of_files(unit))
    hits = [
        (rule, hit)
        for rule, hit in chain(found, _custom_hits(unit, standard.custom))
        if not unit.allowed(rule.lints, hit.start)
        and not any(start < hit.end and hit.start < end for start, end in unit.broken)
    ]
    silenced = [rule.id for rule in every_rule() if rule.lints & unit.crate_allows]
    names = {rule.name for rule in standard.custom}
    return Facts(lines, _facts(unit, hits, names), _notes(unit), tuple(silenced), is_generated)


@dataclass(slots=True)
class _Matched:
    """What the query found: the nodes that the unit is made of, and those that rules look at."""

    scopes: "list[Node]" = field(default_factory=list)
    attributes: "list[Node]" = field(default_factory=list)
    of_kinds: "list[tuple[OfKind, Node]]" = field(default_factory=list)
    of_patterns: "list[tuple[Takers, dict[str, list[Node]]]]" = field(default_factory=list)


def _matched(root: "Node") -> _Matched:
    from tree_sitter import QueryCursor

    asked, found = plan(), _Matched()
    for number, captures in QueryCursor(asked.query).matches(root):
        if number:
            found.of_patterns.append((asked.takers[number - 1], captures))
            continue
        node = captures["node"][0]
        of_kind = asked.of_kinds[node.kind_id]
        if of_kind.is_scope:
            found.scopes.append(node)
        elif of_kind.is_attribute:
            found.attributes.append(node)
        if of_kind.by_capture and node.end_byte - node.start_byte >= of_kind.least:
            found.of_kinds.append((of_kind, node))
    return found


def _errors(root: "Node") -> "list[Node]":
    if not root.has_error:
        return []
    from tree_sitter import QueryCursor

    return QueryCursor(error_query()).captures(root).get("error", [])


def _of_kinds(unit: Unit, nodes: "Iterable[tuple[OfKind, Node]]") -> Iterator[tuple[Rule, Hit]]:
    for of_kind, node in nodes:
        for capture, rules in of_kind.by_capture.items():
            match = Match(unit, {capture: [node]})
            for rule in rules:
                assert rule.on_match is not None
                for hit in rule.on_match(match):
                    yield rule, hit


def _of_patterns(
    unit: Unit, matches: "Iterable[tuple[Takers, dict[str, list[Node]]]]"
) -> Iterator[tuple[Rule, Hit]]:
    source = unit.source
    for takers, captures in matches:
        rules = takers.always
        if takers.by_name:
            named = takers.by_name.get(name_of(source, captures))
            if named is not None:
                rules = named + rules
                if "name" not in captures:
                    captures["name"] = [name_node(captures)]
        if not rules:
            continue
        match = Match(unit, captures)
        for rule in rules:
            assert rule.on_match is not None
            for hit in rule.on_match(match):
                yield rule, hit


def _of_files(unit: Unit) -> Iterator[tuple[Rule, Hit]]:
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
    return tuple(
        _fact(source, line_starts, fingerprinter, unit.in_test(hit.start), rule, hit) for rule, hit in kept
    )


def _fact(
    source: bytes, line_starts: list[int], fingerprinter: Fingerprinter, in_test: bool, rule: Rule, hit: Hit
) -> Fact:
    start_line, start_column = _place(source, line_starts, hit.start)
    end_line, end_column = _place(source, line_starts, hit.end)
    if end_column == 0 and end_line > start_line:
        # The grammar gives some nodes their line break; the eye does not.
        end_line, end_column = _place(source, line_starts, hit.end - 1)
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
        in_test,
        hit.detail,
        tuple(_edit(source, line_starts, *edit) for edit in hit.edits),
    )


def _place(source: bytes, line_starts: list[int], at: int) -> tuple[int, int]:
    """Return the line and the column of a byte, both from 0."""
    line = bisect_right(line_starts, at) - 1
    before = source[line_starts[line] : at]
    return line, len(before) if before.isascii() else len(before.decode(errors="replace"))


def _edit(source: bytes, line_starts: list[int], start: int, end: int, text: bytes) -> Edit:
    first, first_column = _place(source, line_starts, start)
    last, last_column = _place(source, line_starts, end)
    return Edit(first + 1, first_column + 1, last + 1, last_column + 1, text.decode(errors="replace"))


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
