"""The Rust files that a model learns from: of permissive crates, written by people, each once, split by crate."""

import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.observability.events import Progressed, Report, ignore
from rust_ai_ide.training.filters import reason_to_drop
from rust_ai_ide.training.licences import is_permissive

VALIDATION_SHARE = 0.05
LICENCES = "licences.json"
_BINDINGS = ("-sys", "-bindings")


class CorpusUnusable(RustAiIdeError):
    """There is nothing to learn from, or it cannot be read."""


@dataclass(frozen=True, slots=True)
class Crate:
    """A crate as its manifest names it; `licence` is an SPDX expression, "" where none is declared."""

    name: str
    version: str
    licence: str


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One Rust file; `path` is relative to the folder of its crate, lines end with a line feed alone."""

    crate: str
    path: str
    text: str


@dataclass(frozen=True)
class Corpus:
    """The files to train on and those kept back, of different crates; `dropped` counts files by reason."""

    crates: tuple[Crate, ...]
    training: tuple[SourceFile, ...]
    validation: tuple[SourceFile, ...]
    dropped: Mapping[str, int]

    def write_licences(self, folder: Path) -> None:
        """Write `licences.json`: name, version and licence of every crate that a file was taken from."""
        kept = {file.crate for file in (*self.training, *self.validation)}
        listed = [asdict(crate) for crate in self.crates if crate.name in kept]
        (folder / LICENCES).write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")


def read_corpus(folder: Path, report: Report = ignore) -> Corpus:
    """Read the crates below `folder`, each a folder with a `Cargo.toml`. Raises CorpusUnusable."""
    crates: list[Crate] = []
    files: list[SourceFile] = []
    dropped: Counter[str] = Counter()
    seen: set[bytes] = set()
    folders = [(path.parent, crate) for path in _manifests(folder) if (crate := read_crate(path))]
    for done, (place, crate) in enumerate(folders):
        report(Progressed("Reading crates", done, len(folders)))
        if not is_permissive(crate.licence) or crate.name.endswith(_BINDINGS):
            dropped["licence" if not is_permissive(crate.licence) else "bindings"] += 1
            continue
        crates.append(crate)
        for path in sorted(place.rglob("*.rs")):
            if path.is_symlink() or not path.is_file():
                continue
            data = path.read_bytes()
            digest = hashlib.sha256(data).digest()
            reason = "the same" if digest in seen else reason_to_drop(data)
            seen.add(digest)
            if reason:
                dropped[reason] += 1
                continue
            text = data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
            files.append(SourceFile(crate.name, path.relative_to(place).as_posix(), text))
    # Pages read datasets, and must not wait for NumPy when the server starts.
    from rust_ai_ide.training.duplicates import without_near_duplicates

    report(Progressed("Looking for near duplicates"))
    kept = without_near_duplicates([file.text for file in files])
    dropped["nearly the same"] = len(files) - len(kept)
    if not kept:
        raise CorpusUnusable(f"{folder} holds no Rust file of a permissive crate to learn from.")
    return _split(crates, [files[place] for place in kept], dropped)


def read_crate(manifest: Path) -> Crate | None:
    """Return what a `Cargo.toml` says of its package, or None where it declares none or cannot be read."""
    try:
        package = tomllib.loads(manifest.read_text(encoding="utf-8"))["package"]
        name, version = package["name"], package.get("version", "")
        licence = package.get("license", "")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return Crate(str(name), str(version), licence if isinstance(licence, str) else "")


def is_held_out(crate: str, share: float = VALIDATION_SHARE) -> bool:
    """Return whether a crate is kept back for validation: a matter of its name alone, so it never changes."""
    number = int.from_bytes(hashlib.sha256(crate.replace("_", "-").encode()).digest()[:8], "big")
    return number < share * 2**64


def _manifests(folder: Path) -> Iterator[Path]:
    """Yield the manifest of every crate that lies directly in the folder."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise CorpusUnusable(f"{folder} cannot be read: {error.strerror}.") from error
    yield from (path for entry in entries if (path := entry / "Cargo.toml").is_file())


def _split(crates: list[Crate], files: list[SourceFile], dropped: Mapping[str, int]) -> Corpus:
    held_out = tuple(file for file in files if is_held_out(file.crate))
    training = tuple(file for file in files if not is_held_out(file.crate))
    if not held_out or not training:
        # Too few crates for the rule: every tenth file is better than nothing to validate on.
        held_out, training = tuple(files[::10]), tuple(file for i, file in enumerate(files) if i % 10)
    if not training:
        raise CorpusUnusable("One file is not enough to train and validate on.")
    return Corpus(tuple(crates), training, held_out, dict(dropped))
