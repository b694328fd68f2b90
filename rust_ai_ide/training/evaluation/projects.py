"""The Rust projects below a folder, as the evaluation reads them: the files of each crate."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from rust_ai_ide.training.corpus import CorpusUnusable, SourceFile, read_crate
from rust_ai_ide.training.filters import reason_to_drop

_BUILT = "target"


def read_projects(folder: Path) -> dict[str, list[SourceFile]]:
    """Return the files below a folder by crate, generated ones and tables left out; "" holds those of no crate.

    Raises CorpusUnusable where there is no such file.
    """
    if not folder.is_dir():
        raise CorpusUnusable(f"{folder} is no folder.")
    found: dict[str, list[SourceFile]] = defaultdict(list)
    crates: dict[Path, Path | None] = {}
    for path in sorted(_rust_files(folder)):
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CorpusUnusable(f"{path} cannot be read: {error.strerror}.") from error
        if reason_to_drop(data):
            continue
        root = _crate_of(path.parent, folder, crates)
        text = data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
        name = "" if root is None else root.relative_to(folder.parent).as_posix()
        found[name].append(SourceFile(name, path.relative_to(root or folder).as_posix(), text))
    if not found:
        raise CorpusUnusable(f"{folder} holds no Rust file that people wrote.")
    return dict(found)


def _rust_files(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.is_symlink() or entry.name.startswith("."):
            continue
        if entry.is_dir():
            if entry.name != _BUILT:
                yield from _rust_files(entry)
        elif entry.suffix == ".rs":
            yield entry


def _crate_of(place: Path, top: Path, known: dict[Path, Path | None]) -> Path | None:
    """Return the nearest folder with a manifest of a package, from a place up to the top."""
    if place not in known:
        if read_crate(place / "Cargo.toml") is not None:
            known[place] = place
        else:
            known[place] = None if place == top else _crate_of(place.parent, top, known)
    return known[place]
