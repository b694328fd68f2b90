"""The dataset of a training as it is learned from, and what tells it from others."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from rust_ai_ide.training.corpus import Corpus, SourceFile
from rust_ai_ide.training.finetuning.errors import FinetuningRefused


def with_text(corpus: Corpus) -> Corpus:
    """Return the corpus without empty files, from which no sample can be drawn. Raises FinetuningRefused."""
    sides = (corpus.training, corpus.validation)
    training, validation = (tuple(file for file in side if file.text) for side in sides)
    if not training or not validation:
        raise FinetuningRefused("The dataset has only empty files on one of its sides; prepare it again.")
    return replace(corpus, training=training, validation=validation)


def digest_of(corpus: Corpus) -> str:
    """Return a SHA-256 that tells datasets apart."""
    digest = hashlib.sha256()
    for part in _parts((*corpus.training, *corpus.validation)):
        digest.update(f"{len(part)} ".encode() + part)
    return digest.hexdigest()


def _parts(files: Iterable[SourceFile]) -> Iterable[bytes]:
    return (part.encode() for file in files for part in (file.crate, file.path, file.text))
