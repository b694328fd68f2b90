"""Puts generated parts into a document anew, and keeps every word that somebody wrote around them.

A part stands between `<!-- rust-ai-ide:begin NAME DIGEST -->` and `<!-- rust-ai-ide:end NAME -->`. The digest tells
whether somebody wrote inside of it. `<!-- rust-ai-ide:without NAME -->` keeps a part out.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from rust_ai_ide.errors import RustAiIdeError

_PART = re.compile(
    r"^<!-- rust-ai-ide:begin (?P<name>[a-z-]+) (?P<digest>[0-9a-f]+) -->\n"
    r"(?P<text>.*?)^<!-- rust-ai-ide:end (?P=name) -->$",
    re.DOTALL | re.MULTILINE,
)
_MARK = re.compile(r"^<!-- rust-ai-ide:(?:begin|end|without) .*-->\n?", re.MULTILINE)
_WITHOUT = re.compile(r"^<!-- rust-ai-ide:without ([a-z-]+) -->$", re.MULTILINE)
_LOOSE = re.compile(r"^<!-- rust-ai-ide:(begin|end)\b ?([a-z-]*).*$", re.MULTILINE)


class DocumentDamaged(RustAiIdeError):
    """The marks of a document do not fit together, so that what is generated cannot be told from the rest."""


class WrittenInside(RustAiIdeError):
    """Somebody wrote inside of generated parts; making them anew would lose it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A document made anew, with the names of the parts that changed, came, or are not generated any more."""

    text: str
    changed: tuple[str, ...]


def renewed(document: str, parts: Mapping[str, str], *, overwrite: bool = False) -> Kept:
    """Return a document with its generated parts made anew; new ones come at its end, in order.

    Parts that are not generated any more are left as they are. Raises DocumentDamaged, and WrittenInside unless
    `overwrite` is set.
    """
    _check_marks(document)
    found = {match["name"]: match for match in _PART.finditer(document)}
    edited = [name for name, match in found.items() if _digest(match["text"]) != match["digest"]]
    lost = [name for name in edited if name in parts and found[name]["text"] != parts[name]]
    if lost and not overwrite:
        raise WrittenInside(
            f"Somebody wrote inside of the generated {'part' if len(lost) == 1 else 'parts'} {', '.join(lost)}. "
            "Move that text outside of the marks, or overwrite it with --overwrite. Nothing was changed."
        )
    changed = [name for name, match in found.items() if name in parts and parts[name] != match["text"]]
    text = _PART.sub(
        lambda match: _marked(match["name"], parts[match["name"]]) if match["name"] in parts else match[0],
        document,
    )
    unwanted = set(_WITHOUT.findall(document))
    for name, part in parts.items():
        if name not in found and name not in unwanted:
            text = (
                f"{text.rstrip()}\n\n{_marked(name, part)}\n" if text.strip() else f"{_marked(name, part)}\n"
            )
            changed.append(name)
    return Kept(text, tuple(changed))


def without_marks(document: str) -> str:
    """Return a document as it is read, without the marks."""
    return _MARK.sub("", document)


def _marked(name: str, text: str) -> str:
    return f"<!-- rust-ai-ide:begin {name} {_digest(text)} -->\n{text}<!-- rust-ai-ide:end {name} -->"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def _check_marks(document: str) -> None:
    """Raise DocumentDamaged where a mark stands outside of its pair, or a part twice."""
    names = [match["name"] for match in _PART.finditer(document)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DocumentDamaged(
            f"The generated part {twice[0]} stands twice in the document; remove one of them."
        )
    inside = "".join(match["text"] for match in _PART.finditer(document))
    loose = _LOOSE.search(_PART.sub("", document)) or _LOOSE.search(inside)
    if loose:
        raise DocumentDamaged(
            f"The mark “{loose[1]} {loose[2]}” of the document has lost its other half; put it back, or remove it. "
            "Nothing was changed."
        )
