"""Repository: a type or trait that keeps and finds things of one kind, as if they were a collection."""

from collections import Counter
from collections.abc import Iterator

from rust_ai_ide.architecture.patterns.code import Code
from rust_ai_ide.architecture.patterns.model import PATTERN, Detected, Detector, Signal, detected
from rust_ai_ide.architecture.patterns.words import words
from rust_ai_ide.architecture.types.facts import Function
from rust_ai_ide.architecture.types.index import Declared
from rust_ai_ide.architecture.types.structure import ModuleTypes

_NAMES = frozenset({"repository", "repo", "dao"})
_FINDING = frozenset({"find", "get", "list", "all", "fetch", "load", "by", "query", "search", "read"})
_KEEPING = frozenset(
    {"save", "insert", "create", "add", "update", "upsert", "delete", "remove", "store", "put", "persist"}
)
_KEEPERS = frozenset(
    {"HashMap", "BTreeMap", "DashMap", "Pool", "SqlitePool", "PgPool", "MySqlPool", "DbConn", "Connection"}
    | {"DatabaseConnection", "Client", "Db", "Database", "PgConnection"}
)
_ERRORS = ("Error", "Result")


def _find(code: Code) -> Iterator[Detected]:
    for declared in code.types:
        if declared.type.kind in ("struct", "trait"):
            yield from detected("repository", declared.path, declared.place, _signals(code, declared))


def _signals(code: Code, declared: Declared) -> list[Signal]:
    methods = _methods(code, declared)
    finding, keeping = _named(methods, _FINDING), _named(methods, _KEEPING)
    entity = _entity(code, declared, [*finding, *keeping])
    is_named = bool(_NAMES.intersection(words(declared.type.name)))
    if entity is None or not keeping or not (finding or is_named):
        return []
    place = entity.place
    found = [Signal(f"Its methods take and give {entity.type.name}, a type of the project.", 0.25, place)]
    if finding:
        shown = ", ".join(dict.fromkeys(method.name for _, method in (finding[0], keeping[0])))
        found.append(Signal(f"It both finds and keeps: {shown}.", 0.2, declared.place))
    if is_named:
        found.append(Signal("It is called a repository.", 0.3, declared.place, is_structural=False))
    found += _kept(code, declared)
    return found


def _methods(code: Code, declared: Declared) -> list[tuple[ModuleTypes, Function]]:
    if declared.type.kind == "trait":
        return [(declared.module, method) for method in declared.type.methods]
    return [(module, method) for module, method in code.methods(declared.id) if method.receiver]


def _named(
    methods: list[tuple[ModuleTypes, Function]], wanted: frozenset[str]
) -> list[tuple[ModuleTypes, Function]]:
    return [
        (module, method)
        for module, method in methods
        if words(method.name)[:1] and words(method.name)[0] in wanted
    ]


def _entity(code: Code, declared: Declared, methods: list[tuple[ModuleTypes, Function]]) -> Declared | None:
    """Return the type with fields of its own that most of the methods take or give, if at least half do."""
    found: Counter[str] = Counter()
    known: dict[str, Declared] = {}
    for module, method in methods:
        for each in set(code.own_types(module, (*method.takes, *method.gives))):
            is_thing = (
                each.type.kind == "struct" and each.type.fields and not each.type.name.endswith(_ERRORS)
            )
            if is_thing and each.id != declared.id:
                found[each.path] += 1
                known[each.path] = each
    if not found:
        return None
    path, count = max(found.items(), key=lambda each: (each[1], each[0]))
    return known[path] if 2 * count >= len(methods) else None


def _kept(code: Code, declared: Declared) -> Iterator[Signal]:
    """Yield where things are kept: in a field, or by the types that implement the trait."""
    holders = [declared]
    if declared.type.kind == "trait":
        impls = code.impls_of(declared)
        if impls:
            where = impls[0].module.place(impls[0].impl.line)
            yield Signal(f"{impls[0].impl.type} implements it.", 0.15, where)
        holders = [code.index.declared[each.type] for each in impls if each.type in code.index.declared]
    for holder in holders:
        for field in holder.type.fields:
            keeper = next((name for name in field.types if name.rpartition("::")[2] in _KEEPERS), None)
            if keeper is not None:
                place = holder.module.place(field.line)
                yield Signal(f"{holder.type.name} keeps them in a {keeper}.", 0.2, place)
                return


REPOSITORY = Detector(
    "repository",
    "Repository",
    PATTERN,
    "A struct or trait whose methods find and keep one type of the project, and that holds a map, a pool or a "
    "connection, or is implemented by what does.",
    _find,
)
