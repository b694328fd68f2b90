"""The content-addressed store of analysis results: an SQLite file that can always be thrown away.

It is a cache. Nothing that goes wrong with its file fails the work it serves: a damaged file is made anew,
and where that cannot be done the store goes without, after one warning.
"""

import hashlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TypeVar

from rust_ai_ide.observability.events import Report, Warned, ignore

Result = TypeVar("Result")

STORE_NAME = "analysis.sqlite3"
"""The store's file in the data directory; pages and the command line share it."""
_GRAMMARS = ("tree_sitter", "tree_sitter_rust", "tree_sitter_toml")
MAX_BYTES = 512 * 1024 * 1024
_KEPT_AFTER_PRUNING = 0.8
_BATCH = 500  # SQLite allows 999 parameters in its oldest builds
_BUSY_MS = 5_000
_BUSY_PAUSE = 0.005

_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, version TEXT NOT NULL, key BLOB NOT NULL, body BLOB NOT NULL,
    UNIQUE (key, kind, version)
);
CREATE TABLE IF NOT EXISTS blobs (name TEXT PRIMARY KEY, key BLOB NOT NULL) WITHOUT ROWID;
"""


def content_key(source: bytes) -> bytes:
    """Return the 16 bytes under which everything known about this content is stored."""
    return hashlib.blake2b(source, digest_size=16).digest()


def store_limit() -> int:
    """Return how many bytes the store may hold: `RUST_AI_IDE_STORE_LIMIT_MB`, where it says a whole number."""
    megabytes = os.environ.get("RUST_AI_IDE_STORE_LIMIT_MB", "")
    return int(megabytes) * 1024 * 1024 if megabytes.isdecimal() else MAX_BYTES


@cache
def code_version(*packages: str) -> str:
    """Return a digest of the source files of packages of ours and of the installed grammars.

    Used as the facts version, it changes by itself whenever the code that produces the facts does.
    """
    digest = hashlib.blake2b(digest_size=12)
    ours = Path(__file__).parents[2]
    files = [file for package in packages for file in (ours / package.replace(".", "/")).rglob("*.py")]
    for package in _GRAMMARS:
        spec = PathFinder.find_spec(package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            files += Path(folder).glob("*.so")
    for file in sorted(files):
        # Sizes and times tell as much as the contents would, in a tenth of the time.
        about = file.stat()
        digest.update(f"{file.name} {about.st_size} {about.st_mtime_ns}\n".encode())
    return digest.hexdigest()


class FactStore:
    """Maps (kind, version, content key) to bytes; safe to share between threads and processes."""

    def __init__(self, path: Path, report: Report = ignore, max_bytes: int = MAX_BYTES) -> None:
        self._path = path
        self._report = report
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._owner = 0
        self._given_up = False

    def get_many(self, kind: str, version: str, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return what is stored for those of the keys that are known."""

        def read(connection: sqlite3.Connection) -> dict[bytes, bytes]:
            found: dict[bytes, bytes] = {}
            for batch in _batches(keys):
                marks = ",".join("?" * len(batch))
                found.update(
                    connection.execute(
                        f"SELECT key, body FROM facts WHERE kind = ? AND version = ? AND key IN ({marks})",  # noqa: S608
                        (kind, version, *batch),
                    )
                )
            return found

        return self._do(read, {})

    def put_many(self, kind: str, version: str, bodies: Mapping[bytes, bytes]) -> None:
        """Store bodies by content key."""

        def write(connection: sqlite3.Connection) -> None:
            with connection:
                connection.executemany(
                    "INSERT OR REPLACE INTO facts (kind, version, key, body) VALUES (?, ?, ?, ?)",
                    [(kind, version, key, body) for key, body in bodies.items()],
                )
            self._prune(connection)

        if bodies:
            self._do(write, None)

    def keys_of_blobs(self, names: Iterable[str]) -> dict[str, bytes]:
        """Return the content keys of those git blobs whose content was seen before."""

        def read(connection: sqlite3.Connection) -> dict[str, bytes]:
            found: dict[str, bytes] = {}
            for batch in _batches(names):
                marks = ",".join("?" * len(batch))
                found.update(
                    connection.execute(f"SELECT name, key FROM blobs WHERE name IN ({marks})", batch)  # noqa: S608
                )
            return found

        return self._do(read, {})

    def remember_blobs(self, keys: Mapping[str, bytes]) -> None:
        """Remember the content key of each git blob, so that it need not be read again."""

        def write(connection: sqlite3.Connection) -> None:
            with connection:
                connection.executemany("INSERT OR REPLACE INTO blobs VALUES (?, ?)", list(keys.items()))

        if keys:
            self._do(write, None)

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._lock:
            self._disconnect()

    def _do(self, action: Callable[[sqlite3.Connection], Result], otherwise: Result) -> Result:
        """Run an action on the store; where the store fails, warn and return `otherwise`."""
        with self._lock:
            for attempt in (1, 2):
                if self._given_up:
                    break
                try:
                    return action(self._connected())
                except (sqlite3.Error, OSError) as error:
                    self._disconnect()
                    if attempt == 1 and _is_damage(error) and self._remove():
                        continue
                    self._given_up = True
                    self._report(
                        Warned(f"The analysis store {self._path} cannot be used ({error}); going without.")
                    )
            return otherwise

    def _connected(self) -> sqlite3.Connection:
        if self._connection is not None and self._owner != os.getpid():
            self._connection = None  # a connection must not cross a fork
        if self._connection is None:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._connection, self._owner = _opened(self._path), os.getpid()
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None and self._owner == os.getpid():
            self._connection.close()
        self._connection = None

    def _remove(self) -> bool:
        try:
            for suffix in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        except OSError:
            return False
        self._report(Warned(f"The analysis store {self._path} was damaged and has been made anew."))
        return True

    def _prune(self, connection: sqlite3.Connection) -> None:
        """Drop the oldest facts when the file has grown past its bound."""
        if _used_bytes(connection) <= self._max_bytes:
            return
        with connection:
            (count,) = connection.execute("SELECT count(*) FROM facts").fetchone()
            while count and _used_bytes(connection) > self._max_bytes * _KEPT_AFTER_PRUNING:
                dropped = max(1, count // 10)
                connection.execute(
                    "DELETE FROM facts WHERE id IN (SELECT id FROM facts ORDER BY id LIMIT ?)", (dropped,)
                )
                count -= dropped
            if not count:
                connection.execute("DELETE FROM blobs")


def _opened(path: Path) -> sqlite3.Connection:
    """Open the file, and make it first where it is new.

    Of several that do so together SQLite tells all but one at once, without waiting, that the file is locked:
    its busy timeout does not hold for the change to a write-ahead log. So this waits here.
    """
    deadline = time.monotonic() + _BUSY_MS / 1000
    while True:
        connection = sqlite3.connect(path, timeout=_BUSY_MS / 1000, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.executescript(_SCHEMA)
        except sqlite3.Error as error:
            connection.close()
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > deadline:
                raise
            time.sleep(_BUSY_PAUSE)
        else:
            return connection


def _used_bytes(connection: sqlite3.Connection) -> int:
    pages, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


def _is_damage(error: Exception) -> bool:
    """Tell a damaged file, which is worth making anew, from a full disk or a missing permission."""
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)


def _batches(values: Iterable[Result]) -> Iterable[tuple[Result, ...]]:
    everything = tuple(values)
    return (everything[at : at + _BATCH] for at in range(0, len(everything), _BATCH))
