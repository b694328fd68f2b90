"""Measures Rust source in one walk over its syntax tree.

The definitions are those of rust-code-analysis (Ardito et al., SoftwareX 2020), with the operators of Halstead
(1977), the cyclomatic complexity of McCabe (1976) and the cognitive complexity of Campbell (2018).
"""

from typing import TYPE_CHECKING, NamedTuple

from rust_ai_ide.architecture.metrics.open_space import OpenSpace
from rust_ai_ide.architecture.metrics.spaces import Mode, Space, SpaceKind
from rust_ai_ide.architecture.metrics.vocabulary import (
    COMMENTS,
    EXITS,
    JUMPS,
    NESTING,
    SPACES,
    UNPARSED,
    Kind,
    kinds_by_number,
)
from rust_ai_ide.source.syntax.parsing import parse_rust

if TYPE_CHECKING:
    from tree_sitter import Node, TreeCursor

_JOINING = frozenset({"&&", "||"})
_ANONYMOUS = "<anonymous>"


def measure(source: bytes, name: str, mode: Mode = Mode.COMPATIBLE) -> Space:
    """Return the measures of a file of this name. Raises NotAnalysable."""
    return _Walk(source, name, mode).result()


class _Depth(NamedTuple):
    """How deep a node lies: in branches, in functions, in closures, and whether a function is around it at all."""

    branches: int = 0
    functions: int = 0
    closures: int = 0
    in_function: bool = False


class _Walk:
    """One walk over a tree, parents before their children."""

    def __init__(self, source: bytes, name: str, mode: Mode) -> None:
        self._source, self._name = source, name
        self._is_corrected = mode is Mode.CORRECTED
        self._open: list[OpenSpace] = []
        self._row, self._next_row = 0, self._end_of_row(0)

    def result(self) -> Space:
        tree = parse_rust(self._source)
        self._visit_all(tree.walk())
        return self._open[0].closed()

    def _visit_all(self, cursor: "TreeCursor") -> None:
        kinds = kinds_by_number()
        depths, parents = [_Depth()], [""]
        while True:
            node = cursor.node
            assert node is not None
            number = node.kind_id
            kind = kinds[number] if number < len(kinds) else UNPARSED
            start = node.start_byte
            while start >= self._next_row:
                self._row += 1
                self._next_row = self._end_of_row(self._next_row)
            depth = self._count(node, kind, parents[-1], depths[-1])
            if cursor.goto_first_child():
                depths.append(depth)
                parents.append(kind.name)
                continue
            self._leave(kind)
            while not cursor.goto_next_sibling():
                if not cursor.goto_parent():
                    return
                depths.pop()
                parents.pop()
                assert cursor.node is not None
                number = cursor.node.kind_id
                self._leave(kinds[number] if number < len(kinds) else UNPARSED)

    def _end_of_row(self, at: int) -> int:
        """Return where the row after the one of a byte begins."""
        return self._source.find(b"\n", at) + 1 or len(self._source) + 1

    def _leave(self, kind: Kind) -> None:
        if kind.name in SPACES and len(self._open) > 1:
            inner = self._open.pop()
            self._open[-1].take_in(inner)

    def _count(self, node: "Node", kind: Kind, parent: str, depth: _Depth) -> _Depth:
        """Count a node in the innermost space; return how deep its children lie."""
        if kind.name in SPACES or not self._open:
            self._open.append(self._opened(node, kind))
        top = self._open[-1]
        if kind.is_operator:
            top.operators[node.kind_id] += 1
        elif kind.is_operand:
            top.operands[self._source[node.start_byte : node.end_byte]] += 1
        if kind.is_code and self._row not in top.code_rows:
            if top.last_comment_row == self._row:
                top.comment_rows -= 1
                top.shared_rows += 1
            top.code_rows.add(self._row)
        if kind.is_decision:
            top.cyclomatic += 1
        if kind.is_statement:
            top.statements += 1
        if kind.is_token:
            self._count_token(top, node, kind.name, parent)
        elif kind.is_construct:
            return self._count_construct(top, node, kind.name, parent, depth)
        return depth

    def _opened(self, node: "Node", kind: Kind) -> OpenSpace:
        first_row, last_row = self._row, node.end_point.row
        if not self._open:
            # The parser ends a file on the row after its last line break; without one the last line is lost.
            lost = self._is_corrected and not self._source.endswith(b"\n")
            last_line = last_row + lost
            is_empty = node.child_count == 0
            return OpenSpace(
                self._name,
                SpaceKind.UNIT,
                0 if is_empty else first_row + 1,
                0 if is_empty else last_line,
                0 if is_empty else last_line - first_row,
            )
        named = node.child_by_field_name("name") or node.child_by_field_name("type")
        text = self._source[named.start_byte : named.end_byte] if named else _ANONYMOUS.encode()
        name = " ".join(text.decode(errors="replace").split())
        return OpenSpace(name, SPACES[kind.name], first_row + 1, last_row + 1, last_row - first_row + 1)

    def _count_token(self, top: OpenSpace, node: "Node", name: str, parent: str) -> None:
        if name == "!":
            if parent != "inner_doc_comment_marker":
                top.operators[node.kind_id] += 1
        elif name == "else":
            top.cognitive += 1
            top.cyclomatic += self._is_corrected and parent == "let_declaration"
        elif parent == "binary_expression":
            top.operators[node.kind_id] += 1
        elif name == "||" and self._is_corrected:
            top.cyclomatic -= 1  # a closure without parameters decides nothing

    def _count_construct(self, top: OpenSpace, node: "Node", name: str, parent: str, depth: _Depth) -> _Depth:
        """Count a node by its parts or its depth; return how deep its children lie."""
        if name in NESTING:
            return self._nested(top, name, parent, depth)
        if name == "function_item":
            top.functions += 1
            top.exits += node.child_by_field_name("return_type") is not None
            return _Depth(0, depth.functions + depth.in_function, depth.closures, True)
        if name == "closure_expression":
            top.closures += 1
            return depth._replace(closures=depth.closures + 1)
        if name in COMMENTS:
            self._count_comment(top, node)
        elif name == "match_block":
            # A choice between n ways is made of n - 1 decisions.
            top.cyclomatic -= self._is_corrected and node.named_child_count > 0
        elif name in JUMPS:
            top.cognitive += any(child.type == "label" for child in node.children[1:2])
        elif name in EXITS:
            top.exits += 1
        elif name == "unary_expression":
            top.last_joint = node.kind_id
        elif name == "binary_expression":
            _count_joint(top, node)
        return depth

    def _count_comment(self, top: OpenSpace, node: "Node") -> None:
        last_row = node.end_point.row
        if any(child.type == "doc_comment" for child in node.children) and node.type == "line_comment":
            last_row -= 1  # it holds its line break
        more = last_row - self._row
        if self._row in top.code_rows:
            top.shared_rows += 1
            top.comment_rows += more
        else:
            top.comment_rows += more + 1
            top.last_comment_row = last_row

    def _nested(self, top: OpenSpace, name: str, parent: str, depth: _Depth) -> _Depth:
        """Count a branch by how deep it lies; an `else if` lies as deep as its `if`, and `else` has counted."""
        if name == "if_expression" and parent == "else_clause":
            return depth
        if name == "loop_expression" and not self._is_corrected:
            return depth
        top.cognitive += 1 + depth.branches + depth.functions + depth.closures
        top.last_joint = None
        return depth._replace(branches=depth.branches + 1)


def _count_joint(top: OpenSpace, node: "Node") -> None:
    """Count `&&` and `||` once for each sequence of the same."""
    operator = node.child_by_field_name("operator")
    if operator is None or operator.type not in _JOINING:
        return
    if top.last_joint is None:
        top.last_joint = operator.kind_id
        top.cognitive += 1
    elif top.last_joint != operator.kind_id:
        top.cognitive += 1
