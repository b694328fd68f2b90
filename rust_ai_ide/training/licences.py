"""Which licences let a crate's code teach a model: those that ask for no more than a notice.

Expressions are those of SPDX (https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/), with the older `/`
of Cargo manifests for OR.
"""

import re

PERMISSIVE = frozenset(
    {
        "0bsd",
        "apache-2.0",
        "apache-2.0 with llvm-exception",
        "blueoak-1.0.0",
        "bsd-1-clause",
        "bsd-2-clause",
        "bsd-3-clause",
        "bsl-1.0",
        "cc0-1.0",
        "isc",
        "mit",
        "mit-0",
        "ncsa",
        "unicode-3.0",
        "unicode-dfs-2016",
        "unlicense",
        "wtfpl",
        "zlib",
    }
)
_TOKEN = re.compile(r"\s*(\(|\)|[^\s()]+)")
_DEEPEST = 20


def is_permissive(expression: str) -> bool:
    """Return whether some choice that the expression allows holds permissive licences only.

    What cannot be read is not permissive.
    """
    words = _TOKEN.findall(expression.replace("/", " OR "))
    try:
        allowed, rest = _either(words, 0)
    except (IndexError, RecursionError):
        return False
    return allowed and not rest


def _either(words: list[str], depth: int) -> tuple[bool, list[str]]:
    allowed, words = _both(words, depth)
    while words and words[0].upper() == "OR":
        other, words = _both(words[1:], depth)
        allowed = allowed or other
    return allowed, words


def _both(words: list[str], depth: int) -> tuple[bool, list[str]]:
    allowed, words = _one(words, depth)
    while words and words[0].upper() == "AND":
        other, words = _one(words[1:], depth)
        allowed = allowed and other
    return allowed, words


def _one(words: list[str], depth: int) -> tuple[bool, list[str]]:
    if words[0] == "(" and depth < _DEEPEST:
        allowed, rest = _either(words[1:], depth + 1)
        if rest[0] != ")":
            return False, rest
        return allowed, rest[1:]
    name, words = words[0].lower().removesuffix("+"), words[1:]
    if len(words) > 1 and words[0].upper() == "WITH":
        name, words = f"{name} with {words[1].lower()}", words[2:]
    return name in PERMISSIVE, words
