"""What one Rust file says about types and functions, as data that the store can keep.

Lines count from 1, and the last one belongs to it. `scope` names the inline modules around something, as in
`architecture.facts`. Names of types stand as they are written, with `::`, and without what they are generic over.
"""

import json
from typing import Any, NamedTuple

from rust_ai_ide.architecture.facts import Scope

Names = tuple[str, ...]


class Field(NamedTuple):
    """A field, numbered in tuples, or a variant of an enum; `types` are all names in its type.

    `dynamic` are the traits behind `dyn` and `impl`.
    """

    name: str
    line: int
    is_public: bool
    types: Names
    dynamic: Names


class Function(NamedTuple):
    """A function or method.

    `receiver` is "", "self", "&self" or "&mut self". `reads` and `writes` are fields of self, `own` the methods
    called on self or Self, `asked` what is called on fields, as "field.method". `calls` are functions by path and
    `methods` the methods called on anything else, each once, in order. `matches` are the enums whose variants stand
    before `=>`, `constants` paths in capitals. `is_whole` ones use self as a whole, `is_choosing` ones match on a
    parameter. `is_stub` ones only panic, and have no body where `has_body` is False.
    """

    name: str
    scope: Scope
    line: int
    end_line: int
    is_public: bool
    is_test: bool
    has_body: bool
    receiver: str
    takes: Names
    gives: Names
    dynamic: Names
    bounds: Names
    reads: Names
    writes: Names
    own: Names
    asked: Names
    calls: Names
    methods: Names
    matches: Names
    constants: Names
    is_whole: bool
    is_choosing: bool
    is_stub: bool


class Type(NamedTuple):
    """A type. `kind` is struct, enum, union, trait or alias.

    `fields` are the variants of an enum, and of an alias one without a name. `bounds` are what its generics must
    be; of a trait also what it builds on. `methods` are those that a trait declares.
    """

    kind: str
    name: str
    scope: Scope
    line: int
    end_line: int
    is_public: bool
    is_test: bool
    is_generic: bool
    fields: tuple[Field, ...]
    bounds: Names
    methods: tuple[Function, ...]


class Impl(NamedTuple):
    """An `impl` of a type, by its path; `trait` is the path of the trait, "" for none."""

    type: str
    trait: str
    scope: Scope
    line: int
    is_test: bool
    bounds: Names
    methods: tuple[Function, ...]


class Static(NamedTuple):
    """A `static`, also of `lazy_static!` and `thread_local!`; `types` are the names in its type.

    `maker` is the macro that makes it, "" for none.
    """

    name: str
    scope: Scope
    line: int
    is_public: bool
    is_test: bool
    is_mutable: bool
    types: Names
    maker: str


class TypeFacts(NamedTuple):
    """All that one file says about types, in the order of the file."""

    types: tuple[Type, ...] = ()
    impls: tuple[Impl, ...] = ()
    functions: tuple[Function, ...] = ()
    statics: tuple[Static, ...] = ()


def encode_types(facts: TypeFacts) -> bytes:
    """Return facts as JSON for the store."""
    return json.dumps(facts, separators=(",", ":")).encode()


def decode_types(body: bytes) -> TypeFacts:
    """Return the facts that `encode_types` wrote."""
    types, impls, functions, statics = (_frozen(rows) for rows in json.loads(body))
    return TypeFacts(
        tuple(map(_type, types)),
        tuple(Impl._make((*row[:-1], _functions(row[-1]))) for row in impls),
        _functions(functions),
        tuple(map(Static._make, statics)),
    )


def _type(row: tuple[Any, ...]) -> Type:
    *before, fields, bounds, methods = row
    return Type._make((*before, tuple(map(Field._make, fields)), bounds, _functions(methods)))


def _functions(rows: tuple[Any, ...]) -> tuple[Function, ...]:
    return tuple(map(Function._make, rows))


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
