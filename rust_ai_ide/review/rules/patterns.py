"""Patterns that several rules share: the engine runs equal patterns once.

The engine itself finds the `@name` of calls and macros, and takes the operator for that of binary expressions.
Patterns that look into their children would do the same, but tree-sitter needs several milliseconds to prepare each
of those, and for deeply nested expressions a time that grows with the square of the depth.
"""

FUNCTION = "(function_item) @function"
BINARY = "(binary_expression) @binary"
BINARY = "(binary_expression) @binary"  # its `@name` is the operator
CALL = "(call_expression function: (_) @function) @call"
METHOD_CALL = CALL + " ; of a method"
PATH_CALL = CALL + " ; of a function by its path"
MACRO = "(macro_invocation macro: (_) @path) @macro"
IMPL = "(impl_item) @impl"
TRAIT = "(trait_item) @trait"
STRUCT = "(struct_item) @struct"
ENUM = "(enum_item) @enum"
STATIC = "(static_item) @static"
NUMBER = "[(integer_literal) (float_literal)] @number"
USE = "(use_declaration) @use"
RETURN = "(return_expression) @return"
IF = "(if_expression) @if"
TYPE_NAME = (
    "[(struct_item name: (_) @type) (enum_item name: (_) @type) (union_item name: (_) @type) "
    "(trait_item name: (_) @type) (type_item name: (_) @type) (enum_variant name: (_) @type)] @item"
)
