"""Words of source text and of questions: identifiers, the words inside them, and what is no word of either."""

import re
from functools import lru_cache

WORD = re.compile(rb"[A-Za-z_\x80-\xff][0-9A-Za-z_\x80-\xff]*")
LONGEST_WORD = 64
"""What is longer, in bytes, is data rather than a name."""

KEYWORDS = frozenset(
    b"as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move "
    b"mut pub ref return self Self static struct super trait true type union unsafe use where while _".split()
)
_PRIMITIVES = frozenset(
    b"bool char f32 f64 i8 i16 i32 i64 i128 isize str u8 u16 u32 u64 u128 usize Some None Ok Err".split()
)
NO_NAMES = KEYWORDS | _PRIMITIVES
"""Words that name nothing which a repository could define."""

_QUESTION_WORDS = frozenset(
    b"a an and are at be by can do does find for from get give how i in is it me my of on or show tell that the there "
    b"this to was we what when where which who why will with you".split()
)
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\dA-Za-z_]+")
_VOWEL = re.compile(r"[aeiouy]")
_IN_QUESTION = re.compile(r"[^\W\d]\w*")


@lru_cache(maxsize=100_000)
def subwords(word: str) -> tuple[str, ...]:
    """Return the stems of the words inside an identifier: `HTTPServers_2` has http, server and 2."""
    return tuple(_stem(part.lower()) for part in _PARTS.findall(word))


def identifiers(text: str) -> list[str]:
    """Return the identifiers of a piece of code in order, without keywords and primitive types."""
    words = (match[0] for match in WORD.finditer(text.encode("utf-8", "replace")))
    return [
        word.decode("utf-8", "replace")
        for word in words
        if word not in NO_NAMES and len(word) <= LONGEST_WORD
    ]


def question_words(question: str) -> list[str]:
    """Return the words of a question that can be looked for, in order: identifiers whole, and no "where is the"."""
    return [word for word in _IN_QUESTION.findall(question) if word.lower().encode() not in _QUESTION_WORDS]


def _stem(word: str) -> str:
    """Take off the endings that questions add to names: parsing, parsed and parses are the stem of parse.

    These are the first steps of M. Porter, "An algorithm for suffix stripping", 1980, and its last.
    """
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 3 and word.endswith("s") and word[-2] not in "us":
        word = word[:-1]
    for ending in ("ing", "ed"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 2 and _VOWEL.search(stem):
            word = stem
            if word[-1] == word[-2] and word[-1] not in "aeiouylsz":
                word = word[:-1]
            break
    return word[:-1] if len(word) > 3 and word.endswith("e") else word
