"""What rustfmt would write otherwise, as findings with the edits that do it."""

import difflib
import hashlib
import os
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.review.findings import Category, Edit, Finding, Severity
from rust_ai_ide.review.paths import MANIFEST, crate_folder
from rust_ai_ide.review.reviewing import SourceFile
from rust_ai_ide.source.rustfmt import formatted, rustfmt, settings_of

RULE = "rustfmt"
_USUAL_EDITION = "2021"
_CONFIDENCE = 0.99


def unformatted(files: Iterable[SourceFile], manifests: Mapping[str, bytes], folder: Path) -> list[Finding]:
    """Return a finding for each run of lines that rustfmt would write otherwise, by the settings in a folder.

    `manifests` are texts by path, for the editions. Files that rustfmt cannot read are left out. Raises RustfmtMissing.
    """
    program, settings = rustfmt(), settings_of(folder)

    def judged(file: SourceFile) -> list[Finding]:
        try:
            source = file.read()
        except (OSError, RustAiIdeError):
            return []
        wanted = formatted(program, source, _edition(file.path, manifests), settings)
        return [] if wanted is None else list(_findings(file.path, source, wanted))

    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        return [finding for found in pool.map(judged, files) for finding in found]


def _edition(path: str, manifests: Mapping[str, bytes]) -> str:
    """Return the edition of the package that a file belongs to, that of its workspace where it says so."""
    crate = crate_folder(path)
    places = [] if crate is None else [PurePosixPath(crate), *PurePosixPath(crate).parents]
    for place in places:
        text = manifests.get(str(place / MANIFEST) if str(place) != "." else MANIFEST)
        if text is None:
            continue
        try:
            document = tomllib.loads(text.decode())
        except (tomllib.TOMLDecodeError, UnicodeDecodeError):
            continue
        for table in (document.get("package"), (document.get("workspace") or {}).get("package")):
            edition = (table or {}).get("edition")
            if isinstance(edition, str):
                return edition
    return _USUAL_EDITION


def _findings(path: str, source: bytes, wanted: bytes) -> Iterator[Finding]:
    old, new = (text.decode(errors="replace").split("\n") for text in (source, wanted))
    seen: Counter[str] = Counter()
    for kind, start, end, first, last in difflib.SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            continue
        digest = hashlib.blake2b("\n".join([RULE, *old[start:end]]).encode(errors="replace"), digest_size=10)
        seen[digest.hexdigest()] += 1
        digest.update(b"\0%d" % seen[digest.copy().hexdigest()])
        place = min(start, len(old) - 1)
        yield Finding(
            rule=RULE,
            category=Category.STYLE,
            severity=Severity.WARNING,
            confidence=_CONFIDENCE,
            path=path,
            start_line=place + 1,
            start_column=1,
            end_line=max(place + 1, end),
            end_column=len(old[max(place + 1, end) - 1]) + 1,
            message="rustfmt would lay this out otherwise",
            suggestion="Run cargo fmt.",
            fingerprint=digest.hexdigest(),
            fix=(_edit(old, new, start, end, first, last),),
        )


def _edit(old: list[str], new: list[str], start: int, end: int, first: int, last: int) -> Edit:
    """Return the edit that puts the new lines from `first` to `last` in the place of the old from `start` to `end`."""
    text = "\n".join(new[first:last])
    if end < len(old):
        # Whole lines, with the line break that ends them.
        return Edit(start + 1, 1, end + 1, 1, text + "\n" if last > first else "")
    if start == 0:
        return Edit(1, 1, len(old), len(old[-1]) + 1, text)
    # At the end of the file there is no line break after, so the one before goes along.
    return Edit(
        start, len(old[start - 1]) + 1, len(old), len(old[-1]) + 1, "\n" + text if last > first else ""
    )
