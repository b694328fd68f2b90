"""Encrypts the files of a model version, or decrypts them again.

The new files are written beside the old ones and read back; then the manifest is replaced, which decides which of them
count; then the old ones are deleted. Killed at any moment, the model stays whole, and doing it again finishes it.
"""

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path

from rust_ai_ide.observability.events import Progressed, Report, ignore
from rust_ai_ide.runtime.errors import InvalidConfig
from rust_ai_ide.runtime.files import UNSEALED, ModelFiles, open_model
from rust_ai_ide.runtime.library import find_model, own_folder
from rust_ai_ide.runtime.manifest import Encryption, Manifest, read_manifest, sealed_name
from rust_ai_ide.runtime.sealing import seal, write_durably
from rust_ai_ide.runtime.weight_key import key_id, read_or_make_key
from rust_ai_ide.runtime.weights import read_shapes, record_shapes

MEGABYTE = 1_000_000


def encrypt_model(wanted: str, report: Report = ignore) -> Manifest:
    """Encrypt every file of a version but its card and its manifest; return the manifest.

    Of one that is encrypted already, plain files that a kill left behind are deleted. Raises ModelNotFound, KeyUnusable
    and InvalidConfig, for one that came with the product or is damaged, for instance.
    """
    with _changing(wanted) as (folder, manifest):
        if manifest.encryption is None:
            manifest = _encrypted(folder, manifest, report)
        _remove(folder, _names(manifest))
        return manifest


def decrypt_model(wanted: str, report: Report = ignore) -> Manifest:
    """Decrypt the files of a version; return its manifest. Raises ModelNotFound, KeyUnusable, InvalidConfig."""
    with _changing(wanted) as (folder, manifest):
        if manifest.encryption is not None:
            manifest = _decrypted(folder, manifest, report)
        _remove(folder, map(sealed_name, _names(manifest)))
        return manifest


def _encrypted(folder: Path, manifest: Manifest, report: Report) -> Manifest:
    key, names = read_or_make_key(), _names(manifest)
    shapes = record_shapes(read_shapes(folder))
    encrypted = replace(manifest, encryption=Encryption(key_id(key), shapes))
    tell = _Steps(report, f"Encrypting {manifest.id}", manifest, names)

    def sealed(name: str) -> Iterator[bytes]:
        with (folder / name).open("rb") as plain:
            yield from tell.each(seal(plain, name, key))

    with _written(folder, {name: sealed_name(name) for name in names}, sealed):
        files = ModelFiles(folder, encrypted, key)
        for name in names:
            # Read back before the only other copy goes; this compares it with the hash in the manifest, too.
            for _ in tell.each(files.decrypted(name)):
                pass
        encrypted.write(folder)
    return encrypted


def _decrypted(folder: Path, manifest: Manifest, report: Report) -> Manifest:
    files, names = open_model(folder, manifest), _names(manifest)
    plain = replace(manifest, encryption=None)
    tell = _Steps(report, f"Decrypting {manifest.id}", manifest, names)
    with _written(folder, {name: name for name in names}, lambda name: tell.each(files.decrypted(name))):
        for name in names:
            digest = sha256()
            with (folder / name).open("rb") as file:
                for piece in tell.each(iter(partial(file.read, MEGABYTE), b"")):
                    digest.update(piece)
            if digest.hexdigest() != manifest.files[name].sha256:
                raise InvalidConfig(
                    f"{name} of {manifest.id} was not written as it was read; try again.", name
                )
        plain.write(folder)
    return plain


@contextmanager
def _changing(wanted: str) -> Iterator[tuple[Path, Manifest]]:
    """Hold a version that may be changed, alone; what the disk says of it becomes a sentence."""
    folder, manifest = find_model(wanted)
    if folder.parent != own_folder():
        raise InvalidConfig(
            f"{manifest.id} came with the product, so everybody has it: it is not encrypted.", "model"
        )
    try:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield folder, read_manifest(folder)
            os.fsync(held)
        finally:
            os.close(held)
    except BlockingIOError as error:
        raise InvalidConfig(f"{manifest.id} is being encrypted or decrypted already.", "model") from error
    except OSError as error:
        raise InvalidConfig(f"{manifest.id} cannot be changed: {error.strerror}.", "model") from error


@contextmanager
def _written(
    folder: Path, targets: dict[str, str], content: Callable[[str], Iterator[bytes]]
) -> Iterator[None]:
    """Write each file under its new name; delete the new ones where that, or what follows, fails."""
    try:
        for name, target in targets.items():
            # A file that is here may be linked to one elsewhere, which must not be written into.
            (folder / target).unlink(missing_ok=True)
            with (folder / target).open("xb") as file:
                os.fchmod(file.fileno(), 0o600)
                write_durably(content(name), file)
        yield
    except BaseException:
        _remove(folder, targets.values())
        raise


def _names(manifest: Manifest) -> list[str]:
    return [name for name in manifest.files if name not in UNSEALED]


def _remove(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        (folder / name).unlink(missing_ok=True)


class _Steps:
    """Tells how many megabytes are done."""

    def __init__(self, report: Report, activity: str, manifest: Manifest, names: Iterable[str]) -> None:
        self._report, self._activity, self._done = report, activity, 0
        # Each file is written, and read back.
        self._total = 2 * sum(manifest.files[name].size for name in names)

    def each(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the pieces and count them."""
        for piece in pieces:
            yield piece
            self._done += len(piece)
            is_done = self._done >= self._total
            whole = -(-self._total // MEGABYTE)
            done = whole if is_done else self._done // MEGABYTE
            self._report(Progressed(f"{self._activity}: megabytes", done, whole))
