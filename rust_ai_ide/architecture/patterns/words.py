"""The words that a name is made of."""

import re

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def words(name: str) -> list[str]:
    """Return the words of a name in CamelCase or snake_case, in small letters.

    >>> words("HTTPServerHalf_open")
    ['http', 'server', 'half', 'open']
    """
    return [word.lower() for word in _WORD.findall(name)]
