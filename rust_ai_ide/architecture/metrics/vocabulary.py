"""Which kinds of syntax count for what, by the names that the grammar gives them."""

from dataclasses import dataclass
from functools import cache

from rust_ai_ide.architecture.metrics.spaces import SpaceKind
from rust_ai_ide.source.syntax.languages import grammar

OPERATORS = frozenset(
    {
        "(",
        "{",
        "[",
        "=>",
        "+",
        "*",
        "async",
        "await",
        "continue",
        "for",
        "if",
        "let",
        "loop",
        "match",
        "return",
        "unsafe",
        "while",
        "=",
        ",",
        "->",
        "?",
        "<",
        ">",
        "&",
        "..",
        "..=",
        "-",
        "&&",
        "|",
        "^",
        "==",
        "!=",
        "<=",
        ">=",
        "<<",
        ">>",
        "%",
        "+=",
        "-=",
        "*=",
        "/=",
        "%=",
        "&=",
        "|=",
        "^=",
        "<<=",
        ">>=",
        "move",
        ".",
        "fn",
        ";",
        "mutable_specifier",
        "primitive_type",
    }
)
"""Halstead's operators. `||` and `/` count in expressions alone, `!` everywhere but in the mark of a comment."""

OPERANDS = frozenset(
    {
        "identifier",
        "string_literal",
        "raw_string_literal",
        "integer_literal",
        "float_literal",
        "boolean_literal",
        "self",
        "char_literal",
        "_",
    }
)

DECISIONS = frozenset({"if", "for", "while", "loop", "match_arm", "try_expression", "&&", "||"})
"""Each adds one to the cyclomatic complexity."""

STATEMENTS = frozenset(
    {
        "empty_statement",
        "expression_statement",
        "let_declaration",
        "assignment_expression",
        "compound_assignment_expr",
    }
)
"""Each is a logical line; what it is made of tells which lines hold code."""

NO_CODE = STATEMENTS | {
    "string_literal",
    "raw_string_literal",
    "block",
    "source_file",
    "/",
    "//",
    "/*",
    "*/",
    "!",
    "outer_doc_comment_marker",
    "inner_doc_comment_marker",
    "doc_comment",
    "block_comment",
    "line_comment",
}
"""Where one of these begins there need not be code: what it holds decides."""

SPACES = {
    "source_file": SpaceKind.UNIT,
    "function_item": SpaceKind.FUNCTION,
    "closure_expression": SpaceKind.FUNCTION,
    "impl_item": SpaceKind.IMPL,
    "trait_item": SpaceKind.TRAIT,
}
NESTING = frozenset(
    {"if_expression", "for_expression", "while_expression", "match_expression", "loop_expression"}
)
JUMPS = frozenset({"break_expression", "continue_expression"})
EXITS = frozenset({"return_expression", "try_expression"})
COMMENTS = frozenset({"line_comment", "block_comment"})
TOKENS = frozenset({"||", "/", "!", "else"})
"""Tokens that count for one thing or another by what they are part of."""

CONSTRUCTS = (
    SPACES.keys()
    | NESTING
    | JUMPS
    | EXITS
    | COMMENTS
    | {"unary_expression", "binary_expression", "match_block"}
)
"""Nodes whose parts, or whose depth, decide what they count for."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of syntax counts for."""

    name: str
    is_operator: bool
    is_operand: bool
    is_decision: bool
    is_statement: bool
    is_code: bool
    is_token: bool
    is_construct: bool


@cache
def kinds_by_number() -> tuple[Kind, ...]:
    """Return what each kind of the grammar counts for, by its number."""
    language = grammar("rust")
    names = [language.node_kind_for_id(number) or "" for number in range(language.node_kind_count)]
    return tuple(
        Kind(
            name,
            name in OPERATORS,
            name in OPERANDS,
            name in DECISIONS,
            name in STATEMENTS,
            name not in NO_CODE,
            name in TOKENS,
            name in CONSTRUCTS,
        )
        for name in names
    )


UNPARSED = Kind("ERROR", False, False, False, False, True, False, False)
