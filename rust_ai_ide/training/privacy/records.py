"""The records of a private training: a file with its changed copies is one, and gives a step one window or none."""

import secrets
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np

from rust_ai_ide.training.corpus import SourceFile
from rust_ai_ide.training.extra import require
from rust_ai_ide.training.samples import SampleConfig, Sampler, Window
from rust_ai_ide.training.tokeniser import CodeTokeniser

Record = tuple[SourceFile, ...]
_LENGTH = 32


class Chance:
    """Where a private training draws from: who knows the secret can take the noise off again.

    It is no part of the settings but comes from the operating system, and lies in the checkpoint alone: a step that is
    done again after a kill is the same step.
    """

    def __init__(self, secret: bytes = b"") -> None:
        self.secret = secret or secrets.token_bytes(_LENGTH)

    def records(self, step: int) -> np.random.Generator:
        """Return what decides which records a step takes."""
        return np.random.default_rng(self._number("records", step))

    def noise(self, step: int, device: Any) -> Any:
        """Return what the noise of a step is drawn from, on a device."""
        generator = require("torch").Generator(device=device)
        generator.manual_seed(self._number("noise", step))
        return generator

    def _number(self, purpose: str, step: int) -> int:
        digest = blake2b(f"{purpose} {step}".encode(), key=self.secret, digest_size=8)
        return int.from_bytes(digest.digest(), "big") >> 1


def records_of(files: Sequence[SourceFile]) -> tuple[Record, ...]:
    """Return the files as records: those of one crate and path are copies of one another."""
    found: dict[tuple[str, str], list[SourceFile]] = {}
    for file in files:
        found.setdefault((file.crate, file.path), []).append(file)
    return tuple(map(tuple, found.values()))


class RecordSampler(Sampler):
    """Takes every record with the same probability, whatever became of the others, and draws a window from each taken.

    A window holds nothing of any other record.
    """

    def __init__(
        self,
        records: Sequence[Record],
        tokeniser: CodeTokeniser,
        config: SampleConfig,
        seed: int,
        share: float,
        chance: Chance,
    ) -> None:
        super().__init__([file for record in records for file in record], tokeniser, config, seed)
        self.count = len(records)
        self._share = share
        self._chance = chance
        self._each = [
            Sampler(record, tokeniser, config, seed * len(records) + place)
            for place, record in enumerate(records)
        ]

    def windows(self, step: int, count: int, length: int) -> Window:
        """Return the windows of a step, of shape (any number from 0 on, length); on average they are `count`."""
        drawn = self._chance.records(step).random(len(self._each)) < self._share
        return self.windows_of(np.flatnonzero(drawn).tolist(), step, length)

    def windows_of(self, places: Sequence[int], step: int, length: int) -> Window:
        """Return a window of each of these records, of shape (records, length)."""
        found = [self._each[place].windows(step, 1, length) for place in places]
        return np.concatenate(found) if found else np.zeros((0, length), dtype=np.int64)
