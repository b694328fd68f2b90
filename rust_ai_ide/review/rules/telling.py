"""One look over a file for the words without which some rules have nothing to do: most files have none."""

from functools import cache
from typing import Any

_TOKENS = "AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox|_live_|AIza|PRIVATE KEY"
_SECRETS = "(?i)passw|secret|api_?key|access_key|auth_token|private_key"
_CIPHERS = "des::|rc4::|rc2::|ecb::|Ecb<|blowfish::|Cipher::"


def speaks_of_tokens(source: bytes) -> bool:
    """Tell whether a secret of a known format may be in a text."""
    return _pattern(_TOKENS).search(source) is not None


def speaks_of_secrets(source: bytes) -> bool:
    """Tell whether a name in a text may be that of a secret."""
    return _pattern(_SECRETS).search(source) is not None


def speaks_of_ciphers(source: bytes) -> bool:
    """Tell whether the name of a weak cipher may be in a text."""
    return _pattern(_CIPHERS).search(source) is not None


@cache
def _pattern(words: str) -> Any:
    # RE2 looks for all words at once. Imported late: where everything is known, no text is looked at.
    import re2

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    return re2.compile(words.encode(), options=options)
