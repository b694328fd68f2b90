"""What one Rust file says about modules: those it declares, the paths it uses, the items it defines.

The facts depend on the file's bytes alone, so they are cached by content.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from rust_ai_ide.source.syntax.macros import macro_bodies, unwrapped
from rust_ai_ide.source.syntax.parsing import NotAnalysable, parse_rust

if TYPE_CHECKING:
    from tree_sitter import Node, Query

Scope = tuple[str, ...]
"""The names of the inline modules around something, outermost first; () is the file itself."""

_IDENTIFIER = rb"(?:r#)?[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*"
_PATH = re.compile(rb"(?:::\s*)?" + _IDENTIFIER + rb"(?:\s*::\s*" + _IDENTIFIER + rb")*")
_SEGMENT = re.compile(_IDENTIFIER)
_TEST_ONLY = re.compile(rb"#!?\s*\[\s*(?:cfg\s*\(\s*(?:test\s*\)|all\s*\([^()]*\btest\b)|test\s*\])")
_PATH_ATTRIBUTE = re.compile(rb'#\s*\[\s*path\s*=\s*r?#*"([^"]*)"')
_MACROS_IN_MACROS = 3
_ITEM_KINDS = (
    "struct_item", "enum_item", "union_item", "trait_item", "type_item", "const_item", "static_item",
    "function_item", "macro_definition",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ModuleDeclaration:
    """A `mod`: `scope` is where it stands; `path` is its #[path]; inline ones have their body in the file."""

    name: str
    scope: Scope
    line: int
    is_inline: bool
    is_test: bool
    in_macro: bool
    path: str | None


@dataclass(frozen=True, slots=True)
class Use:
    """A path that a file uses. `kind` is use, reexport, path or extern.

    `path` begins with "" for a leading `::`. `binds` is the name that a use makes known ("" for none, "*"
    for all). `is_local` uses stand inside a function.
    """

    kind: str
    scope: Scope
    path: tuple[str, ...]
    binds: str
    line: int
    is_test: bool
    in_macro: bool
    is_local: bool


@dataclass(frozen=True, slots=True)
class FileUses:
    """All facts of one file; `problem` says in a sentence why there are none."""

    modules: tuple[ModuleDeclaration, ...] = ()
    uses: tuple[Use, ...] = ()
    items: tuple[tuple[Scope, str], ...] = ()
    problem: str = ""


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
        (source_file [{items} (macro_invocation) @macro])
        (source_file (expression_statement (macro_invocation) @macro))
        (mod_item body: (declaration_list [{items} (macro_invocation) @macro]))
        """,
    )


def extract(source: bytes) -> FileUses:
    """Return the facts of a file. Raises no error for one that cannot be analysed: it has a `problem`."""
    try:
        found = _captures(source)
        opened: list[tuple[int, int]] = []
        for _ in range(_MACROS_IN_MACROS):
            wrapped = [span for node in found.get("macro", ()) for span in macro_bodies(node)]
            if not wrapped:
                break
            opened += [(start, end) for start, end, _ in wrapped]
            source = unwrapped(source, wrapped)
            found = _captures(source)
    except NotAnalysable as error:
        return FileUses(problem=str(error))
    return _Extraction(source, found, _Ranges(opened)).facts()


def _captures(source: bytes) -> "dict[str, list[Node]]":
    from tree_sitter import QueryCursor

    return QueryCursor(_query()).captures(parse_rust(source).root_node)


class _Ranges:
    """Byte ranges that nest or lie apart, to ask whether a place lies in one."""

    def __init__(self, ranges: list[tuple[int, int]]) -> None:
        merged: list[tuple[int, int]] = []
        for start, end in sorted(ranges, key=lambda span: (span[0], -span[1])):
            if not merged or start >= merged[-1][1]:
                merged.append((start, end))
        self._starts = [start for start, _ in merged]
        self._ends = [end for _, end in merged]

    def hold(self, place: int) -> bool:
        index = bisect_right(self._starts, place) - 1
        return index >= 0 and place < self._ends[index]


class _Scopes:
    """The inline modules around each place of a file."""

    def __init__(self, inline: "list[Node]") -> None:
        steps: list[tuple[int, str | None]] = []
        for node in inline:
            # A module lies in what is around it, not in itself.
            steps.append((node.start_byte + 1, _name(node.child_by_field_name("name"))))
            steps.append((node.end_byte, None))
        steps.sort(key=lambda step: (step[0], step[1] is not None))
        self._places: list[int] = [0]
        self._scopes: list[Scope] = [()]
        open_modules: list[str] = []
        for place, name in steps:
            if name is None:
                open_modules.pop()
            else:
                open_modules.append(name)
            self._places.append(place)
            self._scopes.append(tuple(open_modules))

    def at(self, place: int) -> Scope:
        return self._scopes[bisect_right(self._places, place) - 1]


class _Extraction:
    def __init__(self, source: bytes, found: "dict[str, list[Node]]", macros: _Ranges) -> None:
        self._source, self._found, self._macros = source, found, macros
        inline = [node for node in found.get("mod", ()) if node.child_by_field_name("body") is not None]
        self._scopes = _Scopes(inline)
        self._blocks = _Ranges(_spans(found.get("block", [])))
        self._not_paths = _Ranges(_spans(found.get("use", []) + found.get("visibility", [])))
        self._paths_of_modules: dict[int, str] = {}
        self._tests = self._read_attributes()

    def facts(self) -> FileUses:
        modules = [self._module(node) for node in self._found.get("mod", ())]
        uses: list[Use] = []
        for node in self._found.get("use", ()):
            uses += self._use(node)
        uses += [self._extern(node) for node in self._found.get("extern", ())]
        paths: dict[tuple[Scope, tuple[str, ...], bool], Use] = {}
        for use in self._paths():
            paths.setdefault((use.scope, use.path, use.is_test), use)
        for node in self._found.get("tokens", ()):
            for use in self._macro_paths(node):
                paths.setdefault((use.scope, use.path, use.is_test), use)
            modules += self._macro_modules(node)
        items = {(self._scope(node.start_byte), _name(node)) for node in self._found.get("item", ())}
        return FileUses(
            tuple(sorted(modules, key=lambda module: module.line)),
            tuple(sorted([*uses, *paths.values()], key=lambda use: use.line)),
            tuple(sorted(items)),
        )

    def _read_attributes(self) -> _Ranges:
        tests = [
            (0, len(self._source))
            for node in self._found.get("inner", ())
            if node.start_byte < 10_000 and not self._scope(node.start_byte) and self._is_test(node)
        ]
        for node in self._found.get("attribute", ()):
            text = node.text or b""
            is_test, path = self._is_test(node), _PATH_ATTRIBUTE.match(text)
            if not is_test and not path:
                continue
            item = node.next_named_sibling
            while item is not None and item.type in ("attribute_item", "line_comment", "block_comment"):
                item = item.next_named_sibling
            if item is None:
                continue
            if is_test:
                tests.append((item.start_byte, item.end_byte))
            if path and item.type == "mod_item":
                self._paths_of_modules[item.start_byte] = path[1].decode("utf-8", "replace")
        return _Ranges(tests)

    def _is_test(self, node: "Node") -> bool:
        text = node.text or b""
        return _TEST_ONLY.match(text) is not None and b"not" not in text

    def _scope(self, place: int) -> Scope:
        return self._scopes.at(place)

    def _module(self, node: "Node") -> ModuleDeclaration:
        return ModuleDeclaration(
            _name(node.child_by_field_name("name")),
            self._scope(node.start_byte),
            node.start_point.row + 1,
            node.child_by_field_name("body") is not None,
            self._tests.hold(node.start_byte),
            self._macros.hold(node.start_byte),
            self._paths_of_modules.get(node.start_byte),
        )

    def _use(self, node: "Node") -> Iterator[Use]:
        argument = node.child_by_field_name("argument")
        if argument is None:
            return
        first = node.child(0)
        is_public = first is not None and first.type == "visibility_modifier"
        kind = "reexport" if is_public else "use"
        scope, place = self._scope(node.start_byte), node.start_byte
        for path, binds, line in _use_tree(argument):
            is_test, is_local = self._tests.hold(place), self._blocks.hold(place)
            yield Use(kind, scope, path, binds, line, is_test, self._macros.hold(place), is_local)

    def _extern(self, node: "Node") -> Use:
        name = _name(node.child_by_field_name("name"))
        alias = node.child_by_field_name("alias")
        place = node.start_byte
        return Use(
            "extern", self._scope(place), ("", name), _name(alias) if alias else name,
            node.start_point.row + 1, self._tests.hold(place), False, False,
        )  # fmt: skip

    def _paths(self) -> Iterator[Use]:
        longest: dict[int, Node] = {}
        for node in self._found.get("path", ()):
            known = longest.get(node.start_byte)
            if known is None or node.end_byte > known.end_byte:
                longest[node.start_byte] = node
        for place, node in longest.items():
            if self._not_paths.hold(place):
                continue
            text = _PATH.match(self._source, place, node.end_byte)
            if text is not None and b"::" in text[0]:
                yield self._path_use(
                    text[0], place, node.start_point.row + 1, in_macro=self._macros.hold(place)
                )

    def _path_use(self, text: bytes, place: int, line: int, *, in_macro: bool) -> Use:
        segments = _segments(text)
        is_test, is_local = self._tests.hold(place), self._blocks.hold(place)
        return Use("path", self._scope(place), segments, "", line, is_test, in_macro, is_local)

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
                    _name(name), self._scope(word.start_byte), word.start_point.row + 1,
                    False, self._tests.hold(word.start_byte), True, None,
                )  # fmt: skip


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


def _use_tree(root: "Node") -> Iterator[tuple[tuple[str, ...], str, int]]:
    """Yield (path, bound name, line) of each leaf; a loop, since nesting is the file's choice."""
    waiting: list[tuple[Node, tuple[str, ...]]] = [(root, ())]
    while waiting:
        node, prefix = waiting.pop()
        line = node.start_point.row + 1
        if node.type == "use_list":
            waiting += [(child, prefix) for child in reversed(node.named_children)]
        elif node.type == "scoped_use_list":
            path, inner = node.child_by_field_name("path"), node.child_by_field_name("list")
            start = _extended(prefix, path) if path else (prefix or ("",))
            if inner is not None:
                waiting.append((inner, start))
        elif node.type == "use_as_clause":
            alias = _name(node.child_by_field_name("alias"))
            path = node.child_by_field_name("path")
            yield _extended(prefix, path), "" if alias == "_" else alias, line
        elif node.type == "use_wildcard":
            inside = node.named_children
            yield (_extended(prefix, inside[0]) if inside else prefix), "*", line
        elif node.type in ("identifier", "scoped_identifier", "self", "super", "crate"):
            path_here = _extended(prefix, node)
            yield path_here, path_here[-1] if path_here else "", line


def _extended(prefix: tuple[str, ...], node: "Node | None") -> tuple[str, ...]:
    segments = _segments((node.text or b"") if node is not None else b"")
    # `a::{self}` means a itself.
    return prefix if prefix and segments == ("self",) else prefix + segments


def _segments(text: bytes) -> tuple[str, ...]:
    names = tuple(_plain(segment) for segment in _SEGMENT.findall(text))
    return ("", *names) if text.lstrip().startswith(b"::") else names


def _plain(name: bytes) -> str:
    return name.removeprefix(b"r#").decode("utf-8", "replace")


def _name(node: "Node | None") -> str:
    return _plain((node.text or b"") if node is not None else b"")


def _spans(nodes: "list[Node]") -> list[tuple[int, int]]:
    return [(node.start_byte, node.end_byte) for node in nodes]


def encode(facts: FileUses) -> bytes:
    """Return facts as JSON for the store."""
    modules = [(m.name, m.scope, m.line, m.is_inline, m.is_test, m.in_macro, m.path) for m in facts.modules]
    uses = [(u.kind, u.scope, u.path, u.binds, u.line, u.is_test, u.in_macro, u.is_local) for u in facts.uses]
    return json.dumps([modules, uses, facts.items, facts.problem], separators=(",", ":")).encode()


def decode(body: bytes) -> FileUses:
    """Return the facts that `encode` wrote."""
    modules, uses, items, problem = json.loads(body)
    return FileUses(
        tuple(ModuleDeclaration(m[0], tuple(m[1]), *m[2:]) for m in modules),
        tuple(Use(u[0], tuple(u[1]), tuple(u[2]), *u[3:]) for u in uses),
        tuple((tuple(scope), name) for scope, name in items),
        problem,
    )
