"""The files of a model as they are read: plain ones from the disk, encrypted ones decrypted in memory alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from io import SEEK_CUR, SEEK_END, SEEK_SET, BufferedReader, RawIOBase
from pathlib import Path
from typing import Any

from rust_ai_ide.runtime.errors import InvalidConfig
from rust_ai_ide.runtime.manifest import (
    TOKENISERS,
    WEIGHTS,
    Manifest,
    read_manifest,
    sealed_name,
    verify_files,
)
from rust_ai_ide.runtime.sealing import NotOpened, sealed_size, unseal
from rust_ai_ide.runtime.weight_key import key_file, key_id, read_key
from rust_ai_ide.runtime.weights import read_recorded, shapes_in

UNSEALED = frozenset({"README.md"})
"""What stays readable of an encrypted model, besides the manifest."""
_NOT_LOADED = frozenset({*TOKENISERS, *UNSEALED, "LICENSE"})


@dataclass(frozen=True)
class ModelFiles:
    """A model folder, opened. `key` is empty where nothing is encrypted. It can be handed to a child process."""

    folder: Path
    manifest: Manifest
    key: bytes = field(default=b"", repr=False)

    @property
    def decrypted_size(self) -> int:
        """Return the bytes that decrypted files take for as long as the model is loaded; 0 where it is plain."""
        return sum(self.manifest.files[name].size for name in self._loaded()) if self.key else 0

    def verify(self) -> None:
        """Check the files before they are loaded. Raises InvalidConfig.

        Of encrypted ones only the sizes: each of their bytes is checked when it is decrypted.
        """
        if not self.key:
            verify_files(self.folder, self.manifest)
            return
        for name, record in self.manifest.files.items():
            if name in UNSEALED:
                continue
            path, expected = self.folder / sealed_name(name), sealed_size(record.size)
            if not path.is_file():
                raise InvalidConfig(f"{self.manifest.id} lacks its file {path.name}.", name)
            if path.stat().st_size != expected:
                raise InvalidConfig(
                    f"{path.name} of {self.manifest.id} has {path.stat().st_size:,} bytes instead of {expected:,}.",
                    name,
                )

    def read(self, name: str) -> bytearray:
        """Return the plain content of a file. Raises InvalidConfig where it is not what the manifest names."""
        if not self.key or name in UNSEALED:
            return bytearray((self.folder / name).read_bytes())
        content, end = bytearray(self.manifest.files[name].size), 0
        with memoryview(content) as place:
            for piece in self.decrypted(name):
                if end + len(piece) > len(content):
                    raise self._other(name)
                place[end : end + len(piece)] = piece
                end += len(piece)
            if name == WEIGHTS:
                self._check_shapes(place)
        return content

    def decrypted(self, name: str) -> Iterator[bytes]:
        """Yield the plain pieces of an encrypted file; only after the last one are they known to be right.

        Raises InvalidConfig where the file was cut, changed or reordered, or is not the one the manifest names.
        """
        digest = sha256()
        path = self.folder / sealed_name(name)
        try:
            with path.open("rb") as file:
                for piece in unseal(file, name, self.key):
                    digest.update(piece)
                    yield piece
        except NotOpened as error:
            raise InvalidConfig(
                f"{path.name} of {self.manifest.id} cannot be decrypted: it was cut off or changed.", name
            ) from error
        except OSError as error:
            raise InvalidConfig(
                f"{path.name} of {self.manifest.id} cannot be read: {error.strerror}.", name
            ) from error
        if digest.hexdigest() != self.manifest.files[name].sha256:
            raise self._other(name)

    def in_memory(self) -> "dict[str, LazyFile] | None":
        """Return what CTranslate2 is to read in the place of files; None where it reads them from the folder."""
        return {name: LazyFile(self, name) for name in self._loaded()} if self.key else None

    def _loaded(self) -> list[str]:
        return [name for name in self.manifest.files if name not in _NOT_LOADED]

    def _check_shapes(self, content: memoryview) -> None:
        # What was recorded decided how much memory there must be.
        with BufferedReader(_Memory(content)) as file:
            shapes = shapes_in(file, len(content), self.folder.name)
        if shapes != read_recorded(self.manifest):
            raise InvalidConfig(
                f"The manifest of {self.manifest.id} records other shapes than {WEIGHTS} has."
            )

    def _other(self, name: str) -> InvalidConfig:
        return InvalidConfig(
            f"{name} of {self.manifest.id} is not the file its manifest names (wrong SHA-256).", name
        )


class _Memory(RawIOBase):
    """Reads memory as a file, where `BytesIO` would copy all of it."""

    def __init__(self, content: memoryview) -> None:
        self._content, self._place = content, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        base = {SEEK_SET: 0, SEEK_CUR: self._place, SEEK_END: len(self._content)}[whence]
        self._place = max(0, base + offset)
        return self._place

    def readinto(self, into: Any) -> int:
        piece = self._content[self._place : self._place + len(into)]
        into[: len(piece)] = piece
        self._place += len(piece)
        return len(piece)


@dataclass(frozen=True)
class LazyFile:
    """A file that is decrypted when it is read, so that no copy stays here beside the reader's own."""

    files: ModelFiles
    name: str

    def read(self) -> bytearray:
        """Return the whole content. Raises InvalidConfig."""
        return self.files.read(self.name)


def open_model(folder: Path, manifest: Manifest | None = None) -> ModelFiles:
    """Open a model folder. Raises InvalidConfig, and KeyUnusable where it is encrypted and the key is not here."""
    manifest = manifest or read_manifest(folder)
    if manifest.encryption is None:
        return ModelFiles(folder, manifest)
    key = read_key()
    if key_id(key) != manifest.encryption.key_id:
        raise InvalidConfig(
            f"{manifest.id} was encrypted with another key than the one in {key_file()}; put its own there.",
            "key",
        )
    return ModelFiles(folder, manifest, key)
