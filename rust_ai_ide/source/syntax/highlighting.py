"""Syntax colour as plain spans, ready to be stored and drawn."""

import struct
from array import array
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from rust_ai_ide.source.syntax.languages import grammar
from rust_ai_ide.source.syntax.parsing import parse

if TYPE_CHECKING:
    from tree_sitter import Query

KINDS = (
    "attribute",
    "comment",
    "doc",
    "string",
    "escape",
    "number",
    "keyword",
    "type",
    "function",
    "macro",
    "lifetime",
    "constant",
    "property",
    "namespace",
    "operator",
)
"""Every kind a span can have, by its number. Where two kinds claim one span, the later kind wins."""

_HEADER = struct.Struct("<4sI")
_MAGIC = b"HL1\0"

_RUST = """
[(attribute_item) (inner_attribute_item)] @attribute
[(line_comment) (block_comment)] @comment
[(line_comment outer: (_)) (line_comment inner: (_))] @doc
[(block_comment outer: (_)) (block_comment inner: (_))] @doc
[(string_literal) (raw_string_literal) (char_literal)] @string
(escape_sequence) @escape
[(integer_literal) (float_literal)] @number
(boolean_literal) @constant
[(type_identifier) (primitive_type)] @type
(lifetime) @lifetime
(label) @lifetime
[(self) (super) (crate) (mutable_specifier)] @keyword
["as" "async" "await" "break" "const" "continue" "default" "dyn" "else" "enum" "extern" "fn" "for" "gen"
 "if" "impl" "in" "let" "loop" "match" "mod" "move" "pub" "raw" "ref" "return" "static" "struct" "trait"
 "try" "type" "union" "unsafe" "use" "where" "while" "yield" "macro_rules!"] @keyword
(function_item name: (identifier) @function)
(function_signature_item name: (identifier) @function)
(call_expression function: (identifier) @function)
(call_expression function: (field_expression field: (field_identifier) @function))
(call_expression function: (scoped_identifier name: (identifier) @function))
(call_expression function: (generic_function function: (identifier) @function))
(call_expression function: (generic_function function: (scoped_identifier name: (identifier) @function)))
(generic_function function: (field_expression field: (field_identifier) @function))
(macro_invocation macro: (identifier) @macro "!" @macro)
(macro_invocation macro: (scoped_identifier name: (identifier) @macro) "!" @macro)
(macro_definition name: (identifier) @macro)
[(metavariable) (fragment_specifier)] @macro
(const_item name: (identifier) @constant)
(static_item name: (identifier) @constant)
(enum_variant name: (identifier) @constant)
(field_identifier) @property
(shorthand_field_identifier) @property
(mod_item name: (identifier) @namespace)
(scoped_identifier path: (identifier) @namespace)
(scoped_type_identifier path: (identifier) @namespace)
["->" "=>" "?" "::" ".." "..=" "..." "+" "-" "*" "%" "^" "&" "|" "&&" "||" "<<" ">>" "+=" "-=" "*="
 "/=" "%=" "^=" "&=" "|=" "<<=" ">>=" "=" "==" "!=" "<=" ">="] @operator
(binary_expression operator: ["<" ">" "/"] @operator)
(unary_expression "!" @operator)
"""

_TOML = """
(comment) @comment
(string) @string
(escape_sequence) @escape
[(integer) (float)] @number
(boolean) @constant
[(offset_date_time) (local_date_time) (local_date) (local_time)] @number
(bare_key) @property
(quoted_key) @property
(table . [(bare_key) (dotted_key) (quoted_key)] @namespace)
(table_array_element . [(bare_key) (dotted_key) (quoted_key)] @namespace)
"=" @operator
"""


@dataclass(frozen=True, slots=True)
class Highlight:
    """Sorted spans that never overlap: `kinds[i]`, an index into KINDS, from `starts[i]` to `ends[i]`."""

    starts: "array[int]"
    ends: "array[int]"
    kinds: "array[int]"

    def __len__(self) -> int:
        return len(self.starts)

    def to_bytes(self) -> bytes:
        """Return a form that `from_bytes` reads back; it is meant for the store of this machine."""
        head = _HEADER.pack(_MAGIC, len(self.starts))
        return b"".join((head, self.starts.tobytes(), self.ends.tobytes(), self.kinds.tobytes()))

    @classmethod
    def from_bytes(cls, data: bytes) -> "Highlight":
        """Read what `to_bytes` wrote; raises ValueError for anything else."""
        if len(data) < _HEADER.size:
            raise ValueError("not a stored highlight")
        magic, count = _HEADER.unpack_from(data)
        starts, ends, kinds = array("I"), array("I"), array("B")
        wide = count * starts.itemsize
        if magic != _MAGIC or len(data) != _HEADER.size + 2 * wide + count:
            raise ValueError("not a stored highlight")
        at = _HEADER.size
        starts.frombytes(data[at : at + wide])
        ends.frombytes(data[at + wide : at + 2 * wide])
        kinds.frombytes(data[at + 2 * wide :])
        return cls(starts, ends, kinds)


@cache
def _query(language: str) -> "Query":
    from tree_sitter import Query

    return Query(grammar(language), _RUST if language == "rust" else _TOML)


def highlight(source: bytes, language: str) -> Highlight:
    """Return the colour spans of a source text in "rust" or "toml"; raises as `parsing.parse` does."""
    from tree_sitter import QueryCursor

    tree = parse(source, language)
    captures = QueryCursor(_query(language)).captures(tree.root_node)
    order = {name: number for number, name in enumerate(KINDS)}
    # Outer before inner, and of two equal spans the later kind last, so that the last one wins.
    spans = sorted(
        (node.start_byte, -node.end_byte, order[name]) for name, nodes in captures.items() for node in nodes
    )
    return _flatten(spans, source)


def _flatten(spans: list[tuple[int, int, int]], source: bytes) -> Highlight:
    """Cut nested spans into flat ones: an inner span interrupts the one around it."""
    starts, ends, kinds = array("I"), array("I"), array("B")
    open_spans: list[tuple[int, int]] = []  # (end, kind), outermost first
    at = 0

    def emit(end: int, kind: int) -> None:
        nonlocal at
        if end > at:
            starts.append(at)
            ends.append(end)
            kinds.append(kind)
            at = end

    for start, negative_end, kind in spans:
        while open_spans and open_spans[-1][0] <= start:
            emit(*open_spans.pop())
        if open_spans:
            emit(start, open_spans[-1][1])
        at = max(at, start)
        end = -negative_end
        if source.endswith(b"\n", start, end):
            end -= 1  # a line doc comment owns its line break in the grammar, not on the screen
        open_spans.append((end, kind))
    while open_spans:
        emit(*open_spans.pop())
    return Highlight(starts, ends, kinds)
