"""What one file holds that a context could be made of, as found in its bytes alone, and its stored form."""

import json
import struct
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.uint32]

_HEAD = struct.Struct("<II")
_ROW = np.dtype([("definition", "<u2"), ("word", "<u2"), ("code", "u1"), ("text", "u1")])
_MOST = 255


class Definition(NamedTuple):
    """An item of a Rust file, or a passage of another text; a tuple, since a repository has tens of thousands.

    `kind` is fn, struct, enum, trait, impl, mod, const, static, macro, type, use (the imports of a file), doc (what a
    file says of itself) or text. `container` is the head of the impl or trait around a member ("impl<T> Stack<T>"),
    `owner` the name of the type or trait that the member belongs to, `members` the names of fields and variants,
    divided by spaces. `start` and `end` count bytes, the documentation before the item included; `first_line` and
    `last_line` count from 1 and both belong to it. `signature` is the item without bodies and comments, "" where that
    is still too long to be sent, and `doc` the first sentence of its documentation.
    """

    kind: str
    name: str
    container: str
    owner: str
    members: str
    is_public: bool
    is_test: bool
    of_trait: bool
    start: int
    end: int
    first_line: int
    last_line: int
    signature: str
    doc: str


def no_uses() -> Numbers:
    """Return an empty table of uses."""
    return np.zeros((0, 4), np.uint32)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """The definitions of a file and the words in them.

    `uses` has a row for each definition and each word in it: the number of the definition, the number of the word, how
    often it stands in code, how often in comments and strings. `problem` says in a sentence why there are none.
    """

    definitions: tuple[Definition, ...] = ()
    words: tuple[str, ...] = ()
    uses: Numbers = field(default_factory=no_uses)
    problem: str = ""


def encode(facts: FileFacts) -> bytes:
    """Return the stored form: JSON, then `uses` in six bytes a row."""
    document = json.dumps([facts.definitions, facts.words, facts.problem], separators=(",", ":")).encode()
    rows = np.zeros(len(facts.uses), _ROW)
    rows["definition"], rows["word"] = facts.uses[:, 0], facts.uses[:, 1]
    rows["code"], rows["text"] = np.minimum(facts.uses[:, 2:], _MOST).T
    return _HEAD.pack(len(document), len(rows)) + document + rows.tobytes()


def decode(body: bytes) -> FileFacts:
    """Return the facts that `encode` wrote; ValueError for anything else."""
    if len(body) < _HEAD.size:
        raise ValueError("not stored facts")
    size, count = _HEAD.unpack_from(body)
    at = _HEAD.size + size
    if len(body) != at + count * _ROW.itemsize:
        raise ValueError("not stored facts")
    definitions, words, problem = json.loads(body[_HEAD.size : at])
    rows = np.frombuffer(body, _ROW, count, at)
    uses = np.empty((count, 4), np.uint32)
    for column, name in enumerate(("definition", "word", "code", "text")):
        uses[:, column] = rows[name]
    return FileFacts(tuple(map(Definition._make, definitions)), tuple(words), uses, problem)
