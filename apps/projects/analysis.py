"""What is known of a file's content: colour, outline, findings. Computed once per content, outside this process."""

import functools
import json
from dataclasses import asdict
from pathlib import Path

from django.conf import settings

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.review.config import ReviewConfig, config_from_toml
from rust_ai_ide.review.contained import Workshop
from rust_ai_ide.review.selection import settings_in_tree
from rust_ai_ide.source.git import Repository
from rust_ai_ide.source.isolation import IsolatedWorker
from rust_ai_ide.source.store import STORE_NAME, FactStore, code_version, content_key
from rust_ai_ide.source.syntax.highlighting import Highlight, highlight
from rust_ai_ide.source.syntax.languages import language_of
from rust_ai_ide.source.syntax.outline import OutlineItem, outline

COLOUR_LIMIT = 2_000_000
"""Files over this many bytes are shown without colour and outline."""
SECONDS = 10.0


@functools.cache
def store() -> FactStore:
    """Return the analysis store of this data directory."""
    return FactStore(Path(settings.HOME) / STORE_NAME, max_bytes=settings.STORE_LIMIT_MB * 1024 * 1024)


@functools.cache
def child() -> IsolatedWorker:
    """Return the children that parse for this process; one that crashes or hangs is replaced."""
    return IsolatedWorker(size=2)


def workshop() -> Workshop:
    """Return where facts of Rust files are kept and made."""
    return Workshop(store(), child())


def highlight_of(path: str, source: bytes) -> Highlight | None:
    """Return the colour of a file, or None where there is none to be had."""
    language = language_of(path)
    if language is None or len(source) > COLOUR_LIMIT:
        return None
    version = code_version("rust_ai_ide.source.syntax")
    key = content_key(source)
    known = store().get_many(f"highlight-{language}", version, [key]).get(key)
    if known is not None:
        return Highlight.from_bytes(known)
    try:
        fresh = child().call(highlight, source, language, timeout=SECONDS)
    except RustAiIdeError:
        # Code without colour is still code; what cannot be parsed is said by its review.
        return None
    store().put_many(f"highlight-{language}", version, {key: fresh.to_bytes()})
    return fresh


def outline_of(path: str, source: bytes) -> tuple[OutlineItem, ...]:
    """Return the outline of a Rust file, empty where there is none to be had."""
    if language_of(path) != "rust" or len(source) > COLOUR_LIMIT:
        return ()
    version = code_version("rust_ai_ide.source.syntax")
    key = content_key(source)
    known = store().get_many("outline", version, [key]).get(key)
    if known is not None:
        return tuple(OutlineItem(**item) for item in json.loads(known))
    try:
        fresh = child().call(outline, source, timeout=SECONDS)
    except RustAiIdeError:
        return ()
    store().put_many("outline", version, {key: json.dumps([asdict(item) for item in fresh]).encode()})
    return fresh


def project_config(repository: Repository, tree: str) -> ReviewConfig:
    """Return the review's configuration as a tree holds it. Raises ConfigInvalid or ThresholdsInvalid."""
    text, clippy = settings_in_tree(repository, tree)
    return config_from_toml(text or "", clippy=clippy)
