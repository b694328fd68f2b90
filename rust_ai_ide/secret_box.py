"""Small secrets at rest, such as keys of other servers: sealed by libsodium with a key of this data directory.

Whoever reads the database alone, or a copy of it, does not learn them.
"""

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.home import private_file


class SecretUnreadable(RustAiIdeError):
    """A stored secret was sealed with another key, or is damaged."""


def seal(text: str) -> bytes:
    """Return the text, encrypted and authenticated (XSalsa20-Poly1305, a fresh nonce each time)."""
    from nacl.secret import SecretBox

    return bytes(SecretBox(_key()).encrypt(text.encode()))


def unseal(sealed: bytes) -> str:
    """Return what was sealed. Raises SecretUnreadable."""
    from nacl.exceptions import CryptoError
    from nacl.secret import SecretBox

    try:
        return SecretBox(_key()).decrypt(bytes(sealed)).decode()
    except (CryptoError, ValueError) as error:
        raise SecretUnreadable(
            "A stored key cannot be read with this data directory's key; enter it again."
        ) from error


def _key() -> bytes:
    from nacl.utils import random

    return private_file("secret-box.key", lambda: random(32))
