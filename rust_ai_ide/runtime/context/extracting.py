"""Finds the definitions of a file and counts the words in each: one parse, one query, one pass over the text."""

import re
from functools import cache
from typing import TYPE_CHECKING

from rust_ai_ide.runtime.context.counting import count_words
from rust_ai_ide.runtime.context.eliding import PATTERNS, Eliding, first_sentence
from rust_ai_ide.runtime.context.facts import Definition, FileFacts
from rust_ai_ide.runtime.context.passages import passages
from rust_ai_ide.source.syntax.captures import captures
from rust_ai_ide.source.syntax.languages import grammar
from rust_ai_ide.source.syntax.macros import macro_bodies, unwrapped
from rust_ai_ide.source.syntax.parsing import NotAnalysable, parse_rust

if TYPE_CHECKING:
    from tree_sitter import Node, Query

MOST_DEFINITIONS = 5_000
LONGEST_SIGNATURE = 3_000
"""An item that stays longer than this, in characters, is known by name but never sent."""

_KINDS = {
    "function_item": "fn",
    "function_signature_item": "fn",
    "struct_item": "struct",
    "union_item": "struct",
    "enum_item": "enum",
    "trait_item": "trait",
    "impl_item": "impl",
    "mod_item": "mod",
    "const_item": "const",
    "static_item": "static",
    "type_item": "type",
    "macro_definition": "macro",
}
_MACROS_IN_MACROS = 3
_ITEMS_IN_MACRO = re.compile(rb"\b(?:fn|struct|enum|trait|impl|mod|use|static|const|type)\s")
_TEST = re.compile(rb"#\s*\[\s*(?:[\w:]*\btest\b|bench\b|cfg\s*\(\s*(?:all\s*\(\s*)?test\b)")
_DERIVE = re.compile(rb"#\s*\[\s*derive\b")
_GENERICS = re.compile(r"<.*", re.DOTALL)
_OWNER = re.compile(r"(\w+)\W*$")
_MODULE_DOC = re.compile(rb"\s*(?:(?:[ \t]*//!.*(?:\n|$))+|/\*![\s\S]*?\*/)")


@cache
def _query() -> "Query":
    from tree_sitter import Query

    kinds = " ".join(f"({kind})" for kind in _KINDS)
    return Query(
        grammar("rust"),
        f"""
        [{kinds}] @item
        {PATTERNS}
        [(string_literal) (raw_string_literal)] @string
        (use_declaration) @use
        (field_declaration name: (_) @member)
        (enum_variant name: (_) @member)
        (block) @block
        (source_file (macro_invocation) @macro)
        (source_file (expression_statement (macro_invocation) @macro))
        (mod_item body: (declaration_list (macro_invocation) @macro))
        """,
    )


def extract(source: bytes, language: str) -> FileFacts:
    """Return the facts of a file in "rust" or "text"; one that cannot be read has a `problem` and raises nothing."""
    if language != "rust":
        found_passages = tuple(passages(source))
        spans = [(passage.start, passage.end, number) for number, passage in enumerate(found_passages)]
        return FileFacts(found_passages, *count_words(source, spans, [], []))
    try:
        found = _captures(source)
        for _ in range(_MACROS_IN_MACROS):
            wrapped = [
                span for node in found.get("macro", ()) for span in macro_bodies(node, _ITEMS_IN_MACRO)
            ]
            if not wrapped:
                break
            source = unwrapped(source, wrapped)
            found = _captures(source)
    except NotAnalysable as error:
        return FileFacts(problem=str(error))
    return _Extraction(source, found).facts()


def extract_all(sources: list[tuple[bytes, str]]) -> list[FileFacts]:
    """Return the facts of each source, given with its language."""
    return [extract(source, language) for source, language in sources]


def _captures(source: bytes) -> "dict[str, list[Node]]":
    return captures(_query(), parse_rust(source).root_node)


class _Extraction:
    def __init__(self, source: bytes, found: "dict[str, list[Node]]") -> None:
        self._source, self._found = source, found
        self._eliding = Eliding(source, found)
        notes = [*found.get("comment", ()), *found.get("attribute", ())]
        # The grammar gives a line comment its line break or not; what ends where is asked without white space.
        self._before = {node.start_byte + len((node.text or b"").rstrip()): node for node in notes}
        self._rows: list[Definition] = []
        self._names: list[int] = []  # where the names of the definitions begin

    def facts(self) -> FileFacts:
        spans: list[tuple[int, int, int]] = []
        around: list[tuple[int, Node | None, bool]] = []  # end, impl or trait, whether it is test code
        inside = 0  # the end of the outermost function body so far
        for node in sorted(self._found.get("item", ()), key=lambda node: (node.start_byte, -node.end_byte)):
            while around and around[-1][0] <= node.start_byte:
                around.pop()
            if node.start_byte < inside or len(self._rows) >= MOST_DEFINITIONS:
                continue
            holder, in_test = (around[-1][1], around[-1][2]) if around else (None, False)
            start, notes = self._preceding(node)
            in_test = in_test or any(_TEST.match(note.text or b"") for note in notes)
            spans.append((start, node.end_byte, len(self._rows)))
            self._rows.append(self._definition(node, start, notes, holder, in_test))
            if node.type == "function_item":
                inside = node.end_byte
            holds = node if node.type in ("impl_item", "trait_item") else None
            around.append((node.end_byte, holds, in_test))
        self._members(spans)
        spans += self._imports()
        spans += self._documentation()
        text = [
            (node.start_byte, node.end_byte)
            for kind in ("comment", "string")
            for node in self._found.get(kind, ())
        ]
        words, uses = count_words(self._source, spans, text, self._names)
        return FileFacts(tuple(self._rows), words, uses)

    def _definition(
        self, node: "Node", start: int, notes: "list[Node]", holder: "Node | None", is_test: bool
    ) -> Definition:
        kind = _KINDS[node.type]
        name = self._name_of(node)
        owner = container = ""
        of_trait = holder is not None and holder.child_by_field_name("trait") is not None
        if holder is not None:
            container = self._eliding.head(holder)
            owner = _owner(self._field(holder, "name" if holder.type == "trait_item" else "type"))
        first = node.child(0)
        is_public = (
            (first is not None and first.type == "visibility_modifier")
            or (holder is not None and (of_trait or holder.type == "trait_item"))
            or kind in ("impl", "macro")
        )
        signature = self._signature(node, kind, notes)
        documentation = b"".join(
            note.text or b"" for note in notes if (note.text or b"").startswith((b"///", b"/**"))
        )
        if kind == "mod" and not documentation:
            signature = ""  # that a module exists is said by the paths of its items
        return Definition(
            kind,
            name,
            container,
            owner,
            "",
            is_public,
            is_test,
            of_trait or (kind == "impl" and node.child_by_field_name("trait") is not None),
            start,
            node.end_byte,
            (notes[0] if notes else node).start_point.row + 1,
            node.end_point.row + 1,
            signature if len(signature) <= LONGEST_SIGNATURE else "",
            first_sentence(documentation.decode("utf-8", "replace")),
        )

    def _signature(self, node: "Node", kind: str, notes: "list[Node]") -> str:
        if kind in ("impl", "mod"):
            if kind == "impl" and node.child_by_field_name("trait") is None:
                return ""  # an inherent impl says nothing that its members do not say
            head = self._eliding.head(node)
            text = self._source[node.start_byte : node.end_byte].decode("utf-8", "replace")
            short = head if head.endswith(";") else f"{head} {{}}"
            return short if len(short) <= len(text) else text
        text = self._eliding.item(node)
        derives = [note for note in notes if _DERIVE.match(note.text or b"")]
        return "\n".join([*(_text(note) for note in derives), text])

    def _name_of(self, node: "Node") -> str:
        name = node.child_by_field_name("name")
        if name is not None:
            self._names.append(name.start_byte)
            return _text(name).removeprefix("r#")
        trait, implementor = self._field(node, "trait"), self._field(node, "type")
        return f"{trait} for {implementor}" if trait else implementor

    def _field(self, node: "Node", name: str) -> str:
        child = node.child_by_field_name(name)
        return " ".join(_text(child).split()) if child is not None else ""

    def _preceding(self, node: "Node") -> "tuple[int, list[Node]]":
        """Return where the documentation and attributes of an item begin, and their nodes in order."""
        notes: list[Node] = []
        start = node.start_byte
        while True:
            end = start
            while end and self._source[end - 1] in b" \t\r\n":
                end -= 1
            note = self._before.get(end)
            if note is None or not (note.text or b"").startswith((b"///", b"/**", b"#[")):
                return start, notes[::-1]
            notes.append(note)
            start = note.start_byte

    def _members(self, spans: list[tuple[int, int, int]]) -> None:
        """Give each struct and enum the names of its fields and variants."""
        names: dict[int, list[str]] = {}
        types = [span for span in spans if self._rows[span[2]].kind in ("struct", "enum")]
        at = 0
        for node in sorted(self._found.get("member", ()), key=lambda node: node.start_byte):
            while at < len(types) and types[at][1] <= node.start_byte:
                at += 1
            if at < len(types) and types[at][0] <= node.start_byte:
                names.setdefault(types[at][2], []).append(_text(node))
        for number, members in names.items():
            self._rows[number] = self._rows[number]._replace(members=" ".join(dict.fromkeys(members)))

    def _imports(self) -> list[tuple[int, int, int]]:
        """Add the imports of the file itself as one definition, and return their spans."""
        nodes = [
            node for node in self._found.get("use", ()) if node.parent and node.parent.type == "source_file"
        ]
        if not nodes:
            return []
        text = "\n".join(" ".join(_text(node).split()) for node in nodes)
        first, last = nodes[0], nodes[-1]
        self._add("use", first.start_byte, last.end_byte, text, "")
        return [(node.start_byte, node.end_byte, len(self._rows) - 1) for node in nodes]

    def _documentation(self) -> list[tuple[int, int, int]]:
        """Add what the file says of itself at its top, and return its span."""
        match = _MODULE_DOC.match(self._source)
        if not match:
            return []
        sentence = first_sentence(match[0].decode("utf-8", "replace"))
        if not sentence:
            return []
        self._add("doc", match.start(), match.end(), f"//! {sentence}", sentence)
        return [(match.start(), match.end(), len(self._rows) - 1)]

    def _add(self, kind: str, start: int, end: int, signature: str, doc: str) -> None:
        first = self._source.count(b"\n", 0, start) + 1
        last = first + self._source.count(b"\n", start, end)
        fits = signature if len(signature) <= LONGEST_SIGNATURE else ""
        self._rows.append(
            Definition(kind, "", "", "", "", True, False, False, start, end, first, last, fits, doc)
        )


def _text(node: "Node") -> str:
    return (node.text or b"").decode("utf-8", "replace")


def _owner(type_text: str) -> str:
    """Return the name of a type as written: `&mut a::Stack<T>` is Stack."""
    name = _OWNER.search(_GENERICS.sub("", type_text))
    return name[1] if name else ""
