"""The format of an encrypted file: libsodium's secretstream, XChaCha20-Poly1305, in pieces of a megabyte.

A magic number and the stream's header, then the pieces, each 17 bytes longer than what it holds. Only the last carries
the final tag, and each is bound to those before it and to the file's name: a piece that is altered, missing, moved or
taken from another file does not open.
"""

import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO

PIECE = 1024 * 1024
MAGIC = b"RAIDE-S1"
_HEADER = 24
_OVERHEAD = 17


class NotOpened(Exception):
    """The bytes are not what was sealed with this key under this name."""


def sealed_size(size: int) -> int:
    """Return how many bytes a file of `size` bytes has when it is sealed."""
    return len(MAGIC) + _HEADER + size + _OVERHEAD * max(1, -(-size // PIECE))


def seal(plain: BinaryIO, name: str, key: bytes) -> Iterator[bytes]:
    """Yield the sealed form of a file that is called `name`."""
    from nacl import bindings as sodium

    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    yield MAGIC + sodium.crypto_secretstream_xchacha20poly1305_init_push(state, key)
    piece = plain.read(PIECE)
    is_last = False
    while not is_last:
        following = plain.read(PIECE) if len(piece) == PIECE else b""
        is_last = not following
        tag = (
            sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
            if is_last
            else sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
        )
        yield sodium.crypto_secretstream_xchacha20poly1305_push(state, piece, name.encode(), tag)
        piece = following


def unseal(sealed: BinaryIO, name: str, key: bytes) -> Iterator[bytes]:
    """Yield the plain bytes piece by piece. Raises NotOpened, at the latest after the last piece."""
    from nacl import bindings as sodium
    from nacl.exceptions import CryptoError

    if sealed.read(len(MAGIC)) != MAGIC:
        raise NotOpened
    try:
        state = sodium.crypto_secretstream_xchacha20poly1305_state()
        sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, sealed.read(_HEADER), key)
        tag = None
        while tag != sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL:
            piece = sealed.read(PIECE + _OVERHEAD)
            plain, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, piece, name.encode())
            yield plain
    except CryptoError as error:
        raise NotOpened from error
    if sealed.read(1):
        raise NotOpened


def write_durably(pieces: Iterable[bytes], file: BinaryIO) -> None:
    """Write the pieces and wait until the disk has them."""
    for piece in pieces:
        file.write(piece)
    file.flush()
    os.fsync(file.fileno())
