"""Performance rules about memory that need not be allocated or copied."""

import re
from collections.abc import Iterator

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet
from rust_ai_ide.review.rules.patterns import FUNCTION, MACRO, METHOD_CALL
from rust_ai_ide.review.rules.shapes import (
    arguments,
    in_trait_impl,
    is_exported_symbol,
    macro_name,
    method_name,
    parameters,
    receiver,
)

RULES = RuleSet(Category.PERFORMANCE)

_CONVERSIONS = frozenset({b"clone", b"to_string", b"to_owned", b"to_vec"})
_OWNED = re.compile(rb"^&\s*(?:'\w+\s+)?(Vec\s*<|String$|PathBuf$)")
_BORROWED = {b"String": "&str", b"PathBuf": "&Path"}
_OWNER_METHODS = re.compile(
    rb"\.\s*(?:capacity|as_path|clone|push|as_string|as_ref|into_iter|spare_capacity_mut)\s*\("
)
_EMPTY = frozenset({b"Vec::new", b"String::new", b"HashMap::new", b"Default::default", b"BTreeMap::new"})


@RULES.match(
    "repeated_conversion",
    "Fresh value that is copied at once",
    Severity.WARNING,
    0.95,
    METHOD_CALL,
    names=("clone", "to_string", "to_owned"),
)
def repeated_conversion(match: Match) -> Iterator[Hit]:
    """Find `x.to_string().clone()` and `format!(…).to_string()`."""
    value = receiver(match["call"])
    first = method_name(match.unit, value)
    if first == b"to_vec" and match.text("name") == b"to_string":
        return
    if first in _CONVERSIONS - {b"clone"} or macro_name(match.unit, value) == b"format":
        second = match.text("name").decode()
        message = f"The value is new already, and `{second}` copies it once more"
        yield match.hit(match["name"], message, f"Remove `.{second}()`.")


@RULES.match(
    "useless_format",
    "`format!` of a fixed text",
    Severity.WARNING,
    0.95,
    MACRO,
    names=("format",),
    lint="clippy::complexity",
)
def useless_format(match: Match) -> Iterator[Hit]:
    """Find `format!("fixed")`."""
    macro = match["macro"]
    tokens = macro.named_child(macro.named_child_count - 1)
    if tokens is None or tokens.named_child_count != 1:
        return
    only = tokens.named_children[0]
    text = match.unit.text(only)
    if only.type == "string_literal" and b"{" not in text and b"}" not in text and tokens.child_count == 3:
        yield match.hit(
            match["macro"], "There is nothing to format in this text", "Use `.to_owned()` on the text."
        )


@RULES.match(
    "format_push_string",
    "Temporary string appended to another",
    Severity.INFO,
    0.95,
    METHOD_CALL,
    names=("push_str",),
    lint="clippy::pedantic",
)
def format_push_string(match: Match) -> Iterator[Hit]:
    """Find `s.push_str(&format!(…))`."""
    for argument in arguments(match["call"])[:1]:
        value = argument.child_by_field_name("value") if argument.type == "reference_expression" else None
        if macro_name(match.unit, value) == b"format":
            message = "This builds a string only to copy it into another"
            yield match.hit(match["call"], message, "Use `write!` with `std::fmt::Write`.")


@RULES.match(
    "single_char_add_str",
    "One character appended as a string",
    Severity.WARNING,
    0.65,
    METHOD_CALL,
    names=("push_str",),
    lint="clippy::style",
    needs_types=True,
)
def single_char_add_str(match: Match) -> Iterator[Hit]:
    """Find `s.push_str("x")`."""
    for argument in arguments(match["call"])[:1]:
        if argument.type == "string_literal":
            inside = match.unit.text(argument)[1:-1].decode(errors="replace")
            if len(inside) == 1 or (len(inside) == 2 and inside[0] == "\\"):
                shown = "\\'" if inside == "'" else inside.replace('\\"', '"')
                message = "A single character is appended as a string"
                yield match.hit(match["call"], message, f"Use `push('{shown}')`.")


@RULES.match(
    "expect_fun_call",
    "Message built although nothing failed",
    Severity.WARNING,
    0.95,
    METHOD_CALL,
    names=("expect",),
    lint="clippy::perf",
)
def expect_fun_call(match: Match) -> Iterator[Hit]:
    """Find `x.expect(&format!(…))`."""
    for argument in arguments(match["call"])[:1]:
        value = argument.child_by_field_name("value") if argument.type == "reference_expression" else argument
        if macro_name(match.unit, value) == b"format":
            message = "The message is built each time, also when there is a value"
            yield match.hit(match["name"], message, "Use `unwrap_or_else(|error| panic!(…))`.")


@RULES.match(
    "unwrap_or_default",
    "Empty value spelled out",
    Severity.WARNING,
    0.9,
    METHOD_CALL,
    names=("unwrap_or_else", "or_insert_with"),
    lint="clippy::style",
)
def unwrap_or_default(match: Match) -> Iterator[Hit]:
    """Find `x.unwrap_or_else(Vec::new)`."""
    for argument in arguments(match["call"])[:1]:
        if match.unit.text(argument) in _EMPTY:
            better = "unwrap_or_default" if match.text("name") == b"unwrap_or_else" else "or_default"
            yield match.hit(match["name"], "This spells out the default value", f"Use `{better}()`.")


@RULES.match(
    "box_collection",
    "Box around a collection",
    Severity.WARNING,
    0.9,
    "(generic_type type: (type_identifier) @name) @type",
    names=("Box",),
    lint="clippy::perf",
)
def box_collection(match: Match) -> Iterator[Hit]:
    """Find `Box<Vec<T>>` and `Box<String>`."""
    given = match["type"].child_by_field_name("type_arguments")
    if given is None or given.named_child_count != 1:
        return
    only = given.named_children[0]
    inner = match.unit.field(only, "type") if only.type == "generic_type" else match.unit.text(only)
    if inner in (b"Vec", b"String", b"HashMap", b"HashSet", b"BTreeMap", b"VecDeque"):
        shown = inner.decode()
        message = f"`{shown}` keeps its content on the heap already, so the box adds one more indirection"
        yield match.hit(match["type"], message, f"Use `{shown}` itself.")


@RULES.match(
    "ptr_arg", "Parameter that asks for an owner", Severity.WARNING, 0.85, FUNCTION, lint="clippy::style"
)
def ptr_arg(match: Match) -> Iterator[Hit]:
    """Find `&Vec<T>`, `&String` and `&PathBuf` parameters of functions that are free to choose."""
    unit, function = match.unit, match["function"]
    for parameter in parameters(function):
        kind = parameter.child_by_field_name("type")
        if kind is None or kind.type != "reference_type":
            continue
        owned = _OWNED.match(unit.text(kind))
        if not owned or in_trait_impl(unit, function) or is_exported_symbol(unit, function):
            continue
        body = unit.field(function, "body")
        name = unit.field(parameter, "pattern")
        if re.search(rb"\b" + re.escape(name) + _OWNER_METHODS.pattern, body) or re.search(
            rb"[(,]\s*" + re.escape(name) + rb"\s*[,)]", body
        ):
            continue  # what it is passed on to may need the owner
        word = owned[1].rstrip(b"< ")
        better = _BORROWED.get(word, "a slice `&[…]`").strip("`")
        message = f"`&{word.decode()}` makes callers own a `{word.decode()}` to call this"
        yield match.hit(kind, message, f"Take {better if 'slice' in better else f'`{better}`'} instead.")


@RULES.match(
    "to_string_in_format_args",
    "`to_string` inside a formatting macro",
    Severity.WARNING,
    0.8,
    MACRO,
    names=("format", "println", "print", "eprintln", "eprint", "write", "writeln", "panic"),
    lint="clippy::perf",
)
def to_string_in_format_args(match: Match) -> Iterator[Hit]:
    """Find `println!("{}", x.to_string())`, which formats twice."""
    for found in re.finditer(rb",\s*([\w.&*]+)(\.to_string\(\))(?=\s*[,)])", match.text("macro")):
        start = match["macro"].start_byte + found.start(2)
        message = "The macro formats the value itself, so `to_string` allocates for nothing"
        yield Hit(start, start + len(found[2]), message, "Remove `.to_string()`.")
