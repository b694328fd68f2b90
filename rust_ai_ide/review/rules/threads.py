"""The rule about types that are declared fit for threads although what they hold is not."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rust_ai_ide.review.findings import Category, Severity
from rust_ai_ide.review.rules.model import Hit, Match, RuleSet, Where
from rust_ai_ide.review.rules.patterns import IMPL
from rust_ai_ide.review.unit import COMMENTS, Unit

if TYPE_CHECKING:
    from tree_sitter import Node

RULES = RuleSet(Category.SECURITY)

_CLAIM = re.compile(rb"unsafe\s+impl\b[^{;]*?(?<!\w)(?:\w+::)*(Send|Sync)\s+for\s+(?:\w+::)*(\w+)")
_BOUND = re.compile(
    rb"(?:(?<!:):(?!:)|\+)\s*(?:\w+::)*(?:Send|Sync)\b"
)  # a claim that hangs on that of a parameter
_POINTER = rb"\*\s*(?:mut|const)\s+|\b(?:NonNull|Rc)\s*<"
_NOT = {
    b"Send": re.compile(_POINTER),
    b"Sync": re.compile(_POINTER + rb"|\b(?:Cell|RefCell|UnsafeCell)\s*<"),
}
# A marker holds nothing, and a function is fit for threads whatever it takes.
_HOLDS_NOTHING = re.compile(rb"\bPhantomData\s*<|\bfn\s*\(")
_ABOUT_THREADS = re.compile(rb"\b(?:Send|Sync|threads?|safe(?:ty)?|sound)\b", re.IGNORECASE)
_NEXT = {b"Send": "be moved to another thread", b"Sync": "be shared between threads"}


@RULES.match(
    "unsafe_send_sync",
    "Type declared fit for threads without a reason",
    Severity.INFO,
    0.8,
    IMPL,
    where=Where.PRODUCTION,
)
def unsafe_send_sync(match: Match) -> Iterator[Hit]:
    """Find `unsafe impl Send` and `Sync` without a comment for types that hold pointers, `Rc` or cells."""
    unit, impl = match.unit, match["impl"]
    found = _unfounded_claim(unit, impl)
    if found is None:
        return
    claim, held = found
    above = impl.prev_named_sibling
    said = _unfounded_claim(unit, above) if above is not None and above.type == "impl_item" else None
    if said is not None and said[0][2] == claim[2]:
        return  # `Sync` below `Send`: one remark will do
    trait, name = claim[1], claim[2].decode(errors="replace")
    shown = " ".join(held.decode(errors="replace").split())
    message = f"`{name}` holds `{shown}`, and nothing says why it may nevertheless {_NEXT[trait]}"
    yield Hit(
        impl.start_byte,
        impl.start_byte + claim.end(),
        message,
        "Put a `// SAFETY:` comment above it, or take it back.",
    )


def _unfounded_claim(unit: Unit, impl: "Node") -> tuple[re.Match[bytes], bytes] | None:
    """Return what an `unsafe impl` says, and the type of the field that speaks against it; None with a comment."""
    text = unit.text(impl)
    claim = _CLAIM.match(text) if text.startswith(b"unsafe") else None
    if (
        claim is None
        or _BOUND.search(text.partition(b"{")[0])
        or b"//" in text
        or b"/*" in text
        or _is_explained(unit, impl)
    ):
        return None
    for scope in unit.scopes:
        if scope.kind in ("struct_item", "enum_item") and unit.name(scope.node) == claim[2]:
            if any(_ABOUT_THREADS.search(comment) for comment in _comments_of(unit, scope.node)):
                return None
            held = _held(unit, scope.node, _NOT[claim[1]])
            return (claim, held) if held else None
    return None


def _is_explained(unit: Unit, impl: "Node") -> bool:
    """Tell whether a comment stands above an impl, behind it, or above the unsafe impls that it follows."""
    end = unit.source.find(b"\n", impl.end_byte)
    if b"//" in unit.source[impl.end_byte : end if end >= 0 else len(unit.source)]:
        return True
    node: Node | None = impl
    while node is not None and unit.text(node).startswith(b"unsafe"):
        before = unit.attributes_before(node)
        if any(one.type in COMMENTS for one in before):
            return True
        node = (before[-1] if before else node).prev_named_sibling
    return node is not None and node.type in COMMENTS


def _comments_of(unit: Unit, declared: "Node") -> Iterator[bytes]:
    for before in unit.attributes_before(declared):
        if before.type in COMMENTS:
            yield unit.text(before)
    for line in unit.text(declared).split(b"\n"):
        yield line.partition(b"//")[2]


def _held(unit: Unit, declared: "Node", unfit: re.Pattern[bytes]) -> bytes:
    """Return the type of the first field that is not fit for threads, empty where all are, as far as names tell."""
    body = declared.child_by_field_name("body")
    waiting = [body] if body is not None else []
    while waiting:
        for child in waiting.pop(0).named_children:
            if child.type == "enum_variant":
                inner = child.child_by_field_name("body")
                waiting += [inner] if inner is not None else []
                continue
            kind = child.child_by_field_name("type") if child.type == "field_declaration" else child
            text = unit.text(kind) if kind is not None and "type" in kind.type else b""
            if unfit.search(text) and not _HOLDS_NOTHING.search(text):
                return text
    return b""
