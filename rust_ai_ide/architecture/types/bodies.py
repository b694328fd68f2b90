"""What the text of a function does with self, with other functions and with enums.

By one regular expression over the text, since walking its syntax tree takes ten times as long; so what stands in the
arguments of macros counts too.
"""

import re
from typing import NamedTuple

from rust_ai_ide.architecture.types.facts import Names

# Nothing here looks further than it must: a text made for that would take it hours.
_NOT_CODE = (
    rb"//[^\n]*|/\*(?:.*?\*/|.*)|\bb?r(?P<hashes>#*)\"(?:.*?\"(?P=hashes)|.*)|\"(?:\\.|[^\"\\])*+\"?"
    rb"|'(?:\\[^'\n]{1,12}|[^'\\])'|'\w+"
)
_GENERIC = rb"(?:\s*::\s*<[^()]{0,200}>)?"
_SCANNER = re.compile(
    _NOT_CODE
    + rb"|(?P<borrowed>&\s*mut\s+)?\bself\b(?:\s*\.\s*(?:await\b|(?P<field>\w+)(?:"
    + rb"(?P<own>" + _GENERIC + rb"\s*\()"
    + rb"|\s*\.\s*(?P<asked>[A-Za-z_]\w*)" + _GENERIC + rb"\s*\("
    + rb"|(?P<written>(?:\[[^\]\n]{0,200}\]|\s*\.\s*\w+){0,8}\s*(?:<<|>>|[-+*/%&|^])?=(?![=>])))?))?"
    + rb"|\bSelf\s*::\s*(?P<owned>[a-z_]\w*)\b"
    + rb"|\bSelf\s*\{(?P<taken>[^{}]{0,400})\}\s*=\s*[&*]?\s*(?:mut\s+)?self\b"
    + rb"|(?P<enum>\b(?:[A-Za-z_]\w*\s*::\s*){1,8})[A-Z]\w*\b(?=[^;\n=]{0,200}(?:==[^;\n=]{0,200}){0,3}=>)"
    + rb"|\b(?P<constant>(?:[A-Za-z_]\w*\s*::\s*){0,8}[A-Z][A-Z0-9_]{2,})\b(?!\s*(?:::|!))"
    + rb"|\.\s*(?P<method>[a-z_]\w*)" + _GENERIC + rb"\s*\("
    + rb"|\bmatch\s+[&*]*(?P<chosen>[a-z_]\w*)(?:\s*\.\s*as_\w+\(\))?\s*\{"
    + rb"|(?P<call>(?<![\w.:$])(?:[A-Za-z_]\w*\s*::\s*){0,8}[a-z_]\w*)" + _GENERIC + rb"\s*\(",
    re.DOTALL,
)  # fmt: skip
_SETS = ("reads", "writes", "own", "asked", "calls", "methods", "matches", "constants", "chosen")
# Which group of a match goes to which set, by the group that matched last.
_PLAIN = {
    "own": ("own", "field"), "owned": ("own", "owned"), "written": ("writes", "field"), "call": ("calls", "call"),
    "method": ("methods", "method"), "enum": ("matches", "enum"), "chosen": ("chosen", "chosen"),
    "constant": ("constants", "constant"),
}  # fmt: skip
_TAKEN_FIELD = re.compile(rb"(?:^|,)\s*(?:ref\s+)?(?:mut\s+)?(\w+)")
_COMMENTS = re.compile(rb"//[^\n]*|/\*(?:.*?\*/|.*)", re.DOTALL)
_STUB = re.compile(
    rb"\{\s*(?:unimplemented|todo|panic|unreachable)\s*!\s*(?:\([^{}]*\)|\{[^{}]*\}|\[[^{}]*\])\s*;?\s*\}"
)
_LONGEST_STUB = 400
_MOST = 60
_KEYWORDS = frozenset(
    {b"if", b"while", b"match", b"for", b"return", b"fn", b"in", b"loop", b"move", b"let", b"else", b"as"}
    | {b"unsafe", b"await", b"break", b"self", b"super", b"crate", b"mut", b"ref", b"dyn", b"impl", b"where"}
)
# Methods of the standard library that everything has, and that tell nothing.
_COMMON = frozenset(
    {b"clone", b"into", b"iter", b"map", b"unwrap", b"expect", b"len", b"is_empty", b"as_ref", b"as_str"}
    | {b"to_string", b"to_owned", b"collect", b"as_mut", b"ok", b"err", b"is_some", b"is_none", b"next"}
    | {b"iter_mut", b"into_iter", b"borrow", b"as_bytes", b"as_slice", b"cloned", b"copied", b"unwrap_or"}
    | {b"map_err", b"and_then", b"filter", b"ok_or", b"take", b"is_ok", b"is_err", b"unwrap_or_default"}
)


class Body(NamedTuple):
    """What a body does, in the words of `facts.Function`."""

    reads: Names = ()
    writes: Names = ()
    own: Names = ()
    asked: Names = ()
    calls: Names = ()
    methods: Names = ()
    matches: Names = ()
    constants: Names = ()
    is_whole: bool = False
    is_choosing: bool = False
    is_stub: bool = False


def read_body(text: bytes, parameters: frozenset[bytes]) -> Body:
    """Return what the text of a block does; `parameters` are the names a `match` may choose by."""
    sets: dict[str, dict[bytes, None]] = {name: {} for name in _SETS}
    is_whole = False
    for found in _SCANNER.finditer(text):
        kind = found.lastgroup
        if kind in _PLAIN:
            name, group = _PLAIN[kind]
            sets[name][found[group]] = None
        elif kind == "field":
            sets["writes" if found["borrowed"] else "reads"][found["field"]] = None
        elif kind == "asked":
            sets["reads"][found["field"]] = None
            sets["asked"][found["field"] + b"." + found["asked"]] = None
        elif kind == "taken":
            sets["reads"].update(dict.fromkeys(_TAKEN_FIELD.findall(found["taken"])))
        else:
            is_whole |= kind == "borrowed" or found[0] == b"self"
    return Body(
        _names(sets["reads"]), _names(sets["writes"]), _names(sets["own"]), _names(sets["asked"]),
        _names(sets["calls"], _KEYWORDS), _names(sets["methods"], _COMMON), _names(sets["matches"]),
        _names(sets["constants"]), is_whole,
        not parameters.isdisjoint(sets["chosen"]),
        _is_stub(text),
    )  # fmt: skip


def _is_stub(text: bytes) -> bool:
    return len(text) < _LONGEST_STUB and _STUB.fullmatch(_COMMENTS.sub(b"", text)) is not None


def _names(found: dict[bytes, None], without: frozenset[bytes] = frozenset()) -> Names:
    wanted = [name for name in found if name not in without][:_MOST]
    return tuple(b"".join(name.split()).decode("utf-8", "replace").removesuffix("::") for name in wanted)
