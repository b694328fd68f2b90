"""Reads what one Rust file says about modules: those it declares, the paths it uses, the items it defines.

The facts depend on the file's bytes alone, so they are cached by content.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from rust_ai_ide.architecture.attributes import Attributes, ModulePath, both
from rust_ai_ide.architecture.facts import (
    FileUses,
    Item,
    MacroCall,
    MacroDefinition,
    ModuleDeclaration,
    Scope,
    Use,
)
from rust_ai_ide.architecture.macro_rules import arms, together
from rust_ai_ide.architecture.ranges import Ranges, Scopes
from rust_ai_ide.architecture.types.facts import TypeFacts
from rust_ai_ide.architecture.types.reading import read_types
from rust_ai_ide.architecture.written_paths import PATH, is_public, leaves_of_use, name_of, segments
from rust_ai_ide.source.syntax.captures import captures
from rust_ai_ide.source.syntax.macros import macro_bodies, unwrapped
from rust_ai_ide.source.syntax.parsing import NotAnalysable, parse_rust

if TYPE_CHECKING:
    from tree_sitter import Node, Query

_MACROS_IN_MACROS = 3
_ITEM_KINDS = (
    "struct_item", "enum_item", "union_item", "trait_item", "type_item", "const_item", "static_item",
    "function_item", "macro_definition",
)  # fmt: skip


_VALUE_KINDS = frozenset({"const_item", "static_item", "function_item", "macro_definition"})
_MOST_WORDS = 400
# Macros of the standard library, whose words are of no use here.
_STANDARD_MACROS = frozenset(
    {"assert", "assert_eq", "assert_ne", "cfg", "compile_error", "concat", "dbg", "debug_assert", "env"}
    | {"debug_assert_eq", "debug_assert_ne", "eprint", "eprintln", "format", "format_args", "include_str"}
    | {"matches", "panic", "print", "println", "stringify", "todo", "unimplemented", "unreachable", "vec"}
    | {"include", "include_bytes", "write", "writeln"}
)


@cache
def _query() -> "Query":
    from tree_sitter import Query

    from rust_ai_ide.source.syntax.languages import grammar

    items = " ".join(f"({kind} name: (_) @item)" for kind in _ITEM_KINDS)
    return Query(
        grammar("rust"),
        f"""
        (mod_item) @mod
        (use_declaration) @use
        (extern_crate_declaration) @extern
        (scoped_identifier) @path
        (scoped_type_identifier) @path
        (token_tree) @tokens
        (attribute_item) @attribute
        (inner_attribute_item) @inner
        (visibility_modifier) @visibility
        (block) @block
        (macro_definition) @definition
        (macro_invocation macro: (identifier) @called)
        (source_file [{items} (macro_invocation) @macro])
        (source_file (expression_statement (macro_invocation) @macro))
        (mod_item body: (declaration_list [{items} (macro_invocation) @macro]))
        """,
    )


@cache
def _names_query() -> "Query":
    from tree_sitter import Query

    from rust_ai_ide.source.syntax.languages import grammar

    return Query(
        grammar("rust"),
        """
        (type_identifier) @name
        (call_expression function: (identifier) @name)
        (call_expression function: (generic_function function: (identifier) @name))
        (tuple_struct_pattern type: (identifier) @name)
        """,
    )


def extract(source: bytes) -> FileUses:
    """Return the facts of a file. Raises no error for one that cannot be analysed: it has a `problem`."""
    extraction = _extraction(source, _MACROS_IN_MACROS)
    return extraction if isinstance(extraction, FileUses) else extraction.facts()


def extract_both(source: bytes) -> tuple[FileUses, TypeFacts]:
    """Return the facts of a file and those about its types, of which one that cannot be analysed has none."""
    extraction = _extraction(source, _MACROS_IN_MACROS)
    if isinstance(extraction, FileUses):
        return extraction, TypeFacts()
    return extraction.facts(), extraction.types()


def _extraction(source: bytes, deeper: int) -> "_Extraction | FileUses":
    """Return what a file is parsed to, or its facts where it cannot be."""
    try:
        found = _captures(source)
        called = {node.start_byte: node for node in found.get("called", ())}
        opened: list[tuple[int, int]] = []
        for _ in range(_MACROS_IN_MACROS):
            wrapped = [span for node in found.get("macro", ()) for span in macro_bodies(node)]
            if not wrapped:
                break
            opened += [(start, end) for start, end, _ in wrapped]
            source = unwrapped(source, wrapped)
            found = _captures(source)
            # A macro that was opened may be one that the crate defines, so its call counts too.
            called = {node.start_byte: node for node in found.get("called", ())} | called
            found["called"] = list(called.values())
    except NotAnalysable as error:
        return FileUses(problem=str(error))
    return _Extraction(source, found, Ranges(opened), deeper)


def _captures(source: bytes) -> "dict[str, list[Node]]":
    root = parse_rust(source).root_node
    return {"root": [root], **captures(_query(), root)}


_SameCall = tuple[str, Scope, bool, bool, str]


class _Extraction:
    def __init__(self, source: bytes, found: "dict[str, list[Node]]", macros: Ranges, deeper: int) -> None:
        self._source, self._found, self._macros, self._deeper = source, found, macros, deeper
        inline = [node for node in found.get("mod", ()) if node.child_by_field_name("body") is not None]
        self._scopes = Scopes((_span(node), name_of(node.child_by_field_name("name"))) for node in inline)
        self._blocks = Ranges(map(_span, found.get("block", ())))
        self._definitions = Ranges(map(_span, found.get("definition", ())))
        self._not_paths = Ranges(map(_span, found.get("use", []) + found.get("visibility", [])))
        self._attributes = Attributes(
            found.get("attribute", []), found.get("inner", []), self._scopes, len(source)
        )

    def facts(self) -> FileUses:
        modules = [module for node in self._found.get("mod", ()) for module in self._modules(node)]
        uses: list[Use] = []
        for node in self._found.get("use", ()):
            uses += self._use(node)
        uses += [self._extern(node) for node in self._found.get("extern", ())]
        paths: list[Use] = [*self._paths(), *self._names(uses)]
        for node in self._found.get("tokens", ()):
            if not self._definitions.hold(node.start_byte):
                paths += self._macro_paths(node)
            modules += self._macro_modules(node)
        once = {replace(use, line=0): use for use in reversed(paths)}
        return FileUses(
            tuple(sorted(modules, key=lambda module: module.line)),
            tuple(sorted([*uses, *once.values()], key=lambda use: use.line)),
            tuple(sorted(self._items(), key=lambda item: (item.scope, item.name))),
            tuple(map(self._definition, self._found.get("definition", ()))),
            tuple(sorted(self._calls(), key=lambda call: (call.line, call.name))),
        )

    def types(self) -> TypeFacts:
        """Return what the file says about types and functions."""
        return read_types(self._found["root"][0], self._source, self._attributes, self._macros)

    def _items(self) -> Iterator[Item]:
        known: dict[tuple[Scope, str], Item] = {}
        for node in self._found.get("item", ()):
            place = node.start_byte
            holder = node.parent
            item = Item(
                self._scopes.at(place),
                name_of(node),
                holder is not None and is_public(holder),
                self._attributes.condition(place),
                holder is not None and holder.type in _VALUE_KINDS,
            )
            # Of several, each for another configuration, one that is seen and certain stands for all.
            other = known.get((item.scope, item.name))
            if other is not None:
                item = replace(
                    item,
                    is_public=item.is_public or other.is_public,
                    condition=_either(item.condition, other.condition),
                    is_value=item.is_value and other.is_value,
                )
            known[item.scope, item.name] = item
        yield from known.values()

    def _definition(self, node: "Node") -> MacroDefinition:
        place = node.start_byte
        parts = []
        for text, row in arms(node, self._source) if self._deeper else ():
            extraction = _extraction(text, self._deeper - 1)
            made = extraction if isinstance(extraction, FileUses) else extraction.facts()
            parts.append(replace(made, uses=tuple(replace(use, line=row + use.line) for use in made.uses)))
        return MacroDefinition(
            name_of(node.child_by_field_name("name")), self._scopes.at(place), node.start_point.row + 1,
            place in self._attributes.exported, self._attributes.is_test(place), together(parts),
            self._attributes.condition(place),
        )  # fmt: skip

    def _calls(self) -> Iterator[MacroCall]:
        found: dict[_SameCall, MacroCall] = {}
        words: dict[_SameCall, dict[str, None]] = {}
        for node in self._found.get("called", ()):
            place = node.start_byte
            call = MacroCall(
                name_of(node), self._scopes.at(place), node.start_point.row + 1,
                self._attributes.is_test(place), self._blocks.hold(place), (), self._attributes.condition(place),
            )  # fmt: skip
            if call.name not in _STANDARD_MACROS:
                key = (call.name, call.scope, call.is_test, call.is_local, call.condition)
                found.setdefault(key, call)
                known = words.setdefault(key, {})
                if len(known) < _MOST_WORDS and node.parent is not None:
                    known.update(dict.fromkeys(segments(node.parent.text or b"")[1:]))
        for same, call in found.items():
            yield replace(call, words=tuple(words[same])[:_MOST_WORDS])

    def _modules(self, node: "Node") -> Iterator[ModuleDeclaration]:
        """Yield a declaration for each file that attributes choose between."""
        place = node.start_byte
        usual = [ModulePath(None, False, "")]
        for path, is_choice, condition in self._attributes.paths_of_modules.get(place, usual):
            yield ModuleDeclaration(
                name_of(node.child_by_field_name("name")),
                self._scopes.at(place),
                node.start_point.row + 1,
                node.child_by_field_name("body") is not None,
                self._attributes.is_test(place),
                self._macros.hold(place),
                path,
                is_public(node),
                is_choice,
                both(self._attributes.condition(place), condition),
            )

    def _use(self, node: "Node") -> Iterator[Use]:
        argument = node.child_by_field_name("argument")
        if argument is None:
            return
        kind = "reexport" if is_public(node) else "use"
        for path, binds, line in leaves_of_use(argument):
            yield self._found_use(
                kind, path, binds, node.start_byte, line, in_macro=self._macros.hold(node.start_byte)
            )

    def _found_use(
        self, kind: str, path: tuple[str, ...], binds: str, place: int, line: int, *, in_macro: bool
    ) -> Use:
        attributes = self._attributes
        return Use(
            kind, self._scopes.at(place), path, binds, line, attributes.is_test(place), in_macro,
            self._blocks.hold(place), attributes.condition(place),
        )  # fmt: skip

    def _extern(self, node: "Node") -> Use:
        name = name_of(node.child_by_field_name("name"))
        alias = node.child_by_field_name("alias")
        binds = name_of(alias) if alias else name
        place, line = node.start_byte, node.start_point.row + 1
        return replace(
            self._found_use("extern", ("", name), binds, place, line, in_macro=False), is_local=False
        )

    def _names(self, uses: Iterable[Use]) -> Iterator[Use]:
        """Yield the lone names in modules that import all of another, since they may come from there."""
        open_scopes = {use.scope for use in uses if use.binds == "*"}
        mods = self._found.get("root", ())
        if not open_scopes or not mods:
            return
        for node in captures(_names_query(), mods[0]).get("name", ()):
            if self._scopes.at(node.start_byte) in open_scopes:
                place, line = node.start_byte, node.start_point.row + 1
                yield self._found_use("name", (name_of(node),), "", place, line, in_macro=False)

    def _paths(self) -> Iterator[Use]:
        longest: dict[int, Node] = {}
        for node in self._found.get("path", ()):
            known = longest.get(node.start_byte)
            if known is None or node.end_byte > known.end_byte:
                longest[node.start_byte] = node
        for place, node in longest.items():
            if self._not_paths.hold(place):
                continue
            text = PATH.match(self._source, place, node.end_byte)
            if text is not None and b"::" in text[0]:
                # Macros are found by their names only where nothing chooses between several.
                is_macro = node.parent is not None and node.parent.type == "macro_invocation"
                in_macro = is_macro or self._macros.hold(place)
                yield self._path_use(text[0], place, node.start_point.row + 1, in_macro=in_macro)

    def _path_use(self, text: bytes, place: int, line: int, *, in_macro: bool) -> Use:
        return self._found_use("path", segments(text), "", place, line, in_macro=in_macro)

    def _macro_paths(self, node: "Node") -> Iterator[Use]:
        if b"::" not in (node.text or b""):
            return
        start: Node | None = None
        previous: Node | None = None
        for child in [*node.children, None]:
            if (
                start is not None
                and previous is not None
                and (child is None or not _continues(previous, child))
            ):
                if previous.type != "::" and start.end_byte < previous.start_byte:
                    text = self._source[start.start_byte : previous.end_byte].removeprefix(b"$")
                    yield self._path_use(text, start.start_byte, start.start_point.row + 1, in_macro=True)
                start = None
            if child is not None and start is None and _begins_path(previous, child):
                start = child
            previous = child

    def _macro_modules(self, node: "Node") -> Iterator[ModuleDeclaration]:
        if b"mod" not in (node.text or b"") or self._blocks.hold(node.start_byte):
            return
        children = node.children
        for word, name, end in zip(children, children[1:], children[2:], strict=False):
            if word.type == "mod" and name.type == "identifier" and end.type == ";":
                yield ModuleDeclaration(
                    name_of(name), self._scopes.at(word.start_byte), word.start_point.row + 1,
                    False, self._attributes.is_test(word.start_byte), True, None,
                )  # fmt: skip


def _either(one: str, other: str) -> str:
    """Return the condition that one of two holds, "" where one of them always does."""
    return f"any({one}, {other})" if one and other else ""


_PATH_WORDS = frozenset({"identifier", "crate", "self", "super"})


def _begins_path(previous: "Node | None", child: "Node") -> bool:
    # After `::` the head of the path was something unknown, such as a metavariable.
    if previous is not None and previous.type == "::":
        return False
    return child.type in _PATH_WORDS or child.text == b"$crate"


def _continues(previous: "Node", child: "Node") -> bool:
    if previous.type == "::":
        return child.type in _PATH_WORDS
    return child.type == "::" and (previous.type in _PATH_WORDS or previous.text == b"$crate")


def _span(node: "Node") -> tuple[int, int]:
    return node.start_byte, node.end_byte
