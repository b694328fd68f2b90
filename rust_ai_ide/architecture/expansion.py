"""Adds to each module what the crate's own macros make where it calls them."""

from collections import defaultdict
from dataclasses import replace

from rust_ai_ide.architecture.facts import FileUses, MacroCall, MacroDefinition, Scope, Use
from rust_ai_ide.architecture.macro_rules import PLACEHOLDER
from rust_ai_ide.architecture.modules import Module, ModuleTree

_DEEPEST = 8
_MOST_USES = 200_000
_MOST_WORDS = 400
_FROM_THE_ROOT = "crate"
_UNDECIDED = "?"

_Defined = tuple[Module, MacroDefinition]


def expand(tree: ModuleTree) -> None:
    """Add the modules, items and paths of called macros, all marked as made by a macro.

    All arms of a macro count, since which one a call takes is not worked out. Paths that begin at the crate
    count for the module that defines the macro as well.
    """
    defined: dict[str, list[_Defined]] = defaultdict(list)
    for module in tree.modules:
        for macro in module.macros:
            defined[macro.name].append((module, macro))
            if macro.is_exported:
                tree.root.exports.setdefault(macro.name, module)
    added = 0
    for module in list(tree.modules):
        for call in module.calls:
            added += _call(tree, module, call, defined, set(), 0)
            if added > _MOST_USES:
                tree.problems.append("Macros make too much; some of what they make was left out.")
                return
    for entries in defined.values():
        for module, macro in entries:
            module.uses += [
                replace(use, kind="path", scope=module.scope, binds="", is_test=use.is_test or macro.is_test)
                for use in macro.facts.uses
                if use.path[0] == _FROM_THE_ROOT
            ]


def _call(
    tree: ModuleTree,
    module: Module,
    call: MacroCall,
    defined: dict[str, list[_Defined]],
    seen: set[tuple[int, int]],
    depth: int,
) -> int:
    added = 1
    for macro in _meant(module, defined.get(call.name, [])):
        if (id(module), id(macro)) in seen or depth > _DEEPEST:
            continue
        seen.add((id(module), id(macro)))
        scopes = _modules(tree, module, call, macro.facts)
        added += _place(module, scopes, call, macro.facts)
        for inner in macro.facts.calls:
            around = scopes.get(inner.scope)
            if around is None:
                continue
            deeper = replace(
                inner,
                line=call.line,
                is_test=call.is_test or inner.is_test,
                is_local=call.is_local or inner.is_local,
                words=tuple(dict.fromkeys((*call.words, *inner.words)))[:_MOST_WORDS],
            )
            added += _call(tree, around, deeper, defined, seen, depth + 1)
    return added


def _meant(module: Module, candidates: list[_Defined]) -> list[MacroDefinition]:
    """Return the macros that a bare name may mean: the nearest around the call, else all of that name."""
    around: Module | None = module
    while around is not None:
        near = [macro for place, macro in candidates if place is around]
        if near:
            return near
        around = around.parent
    return [macro for _, macro in candidates]


def _modules(tree: ModuleTree, module: Module, call: MacroCall, facts: FileUses) -> dict[Scope, Module]:
    """Return the modules that a macro makes, by where they stand in it, after adding them to the tree."""
    scopes: dict[Scope, Module] = {(): module}
    for declared in sorted(facts.modules, key=lambda each: len(each.scope)):
        around = scopes.get(declared.scope)
        if around is None or call.is_local or not declared.is_inline:
            continue
        child = around.children.get(declared.name)
        if child is None:
            child = Module(
                module.crate, (*around.path, declared.name), module.file, module.scope,
                replace(module.place, line=call.line), around,
                around.is_test or declared.is_test or call.is_test, declared.is_public,
            )  # fmt: skip
            around.children[declared.name] = child
            tree.modules.append(child)
        scopes[*declared.scope, declared.name] = child
    return scopes


def _place(module: Module, scopes: dict[Scope, Module], call: MacroCall, facts: FileUses) -> int:
    """Add the items and paths that a macro makes; return how many paths."""
    for item in facts.items:
        if item.scope not in scopes or call.is_local:
            continue
        if item.name.startswith(PLACEHOLDER):
            scopes[item.scope].made.update(call.words)
        else:
            scopes[item.scope].items.setdefault(
                item.name, replace(item, condition=item.condition or _UNDECIDED)
            )
    added = 0
    for use in facts.uses:
        if use.scope in scopes:
            placed = replace(
                use,
                line=call.line,
                is_test=use.is_test or call.is_test,
                is_local=use.is_local or call.is_local,
            )
            made = _filled(placed, call.words) if use.kind == "filled" else [placed]
            scopes[use.scope].uses += made
            added += len(made)
    if any(use.binds == "*" for use in module.uses):
        module.uses += [
            Use("name", module.scope, (word,), "", call.line, call.is_test, True, call.is_local)
            for word in call.words
        ]
        added += len(call.words)
    return added


def _filled(use: Use, words: tuple[str, ...]) -> list[Use]:
    """Return a path with each word that the caller hands over, and what is around, for words made elsewhere."""
    return [replace(use, kind="path"), *(replace(use, path=(*use.path, word)) for word in words)]
