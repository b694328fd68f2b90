"""The definitions of a whole repository and the words in them, as arrays that can be ranked in milliseconds."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from rust_ai_ide.runtime.context.facts import Definition, FileFacts
from rust_ai_ide.runtime.context.words import subwords

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

SHARE_OF_MEMBERS = 0.2
"""What the functions of a type, and its fields, get together of what points at the type's name, or its field's."""


class Vocabulary:
    """Numbers the words of a repository; safe to share between threads, since words are only ever added."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self._by_subword: dict[str, list[int]] = {}
        self._split = 0
        self._lock = threading.Lock()

    def add(self, words: Iterable[str]) -> Integers:
        """Return the number of each word."""
        with self._lock:
            return np.array([self.numbers.setdefault(word, len(self.numbers)) for word in words], np.int64)

    def with_subword(self, subword: str) -> Sequence[int]:
        """Return the numbers of the words that have a subword in them."""
        with self._lock:
            if self._split < len(self.numbers):
                for word in list(self.numbers)[self._split :]:
                    for part in set(subwords(word)):
                        self._by_subword.setdefault(part, []).append(self.numbers[word])
                self._split = len(self.numbers)
        return self._by_subword.get(subword, ())


@dataclass(frozen=True, slots=True)
class _Part:
    """One file: its uses with words by the vocabulary, and the rows (word, definition) of what each word names."""

    definitions: tuple[Definition, ...]
    uses: Integers
    names: Integers
    shares: Floats


@dataclass(frozen=True)
class RepositoryIndex:
    """Every definition of a repository by number, and the tables to rank them by.

    `file_of` has the number of each definition's path. `uses` has rows (definition, word, times in code, times in
    text); `names` has rows (word, definition) and `shares` how much of the word each is: 1 for what it is the name of,
    less for members and fields. `read` returns the bytes of a file.
    """

    paths: tuple[str, ...]
    definitions: tuple[Definition, ...]
    file_of: Integers
    uses: Integers
    names: Integers
    shares: Floats
    vocabulary: Vocabulary
    read: Callable[[str], bytes]
    problems: Mapping[str, str] = field(default_factory=dict)
    _parts: Mapping[str, _Part] = field(default_factory=dict, repr=False)

    def path_of(self, definition: int) -> str:
        """Return the path of the file that holds a definition."""
        return self.paths[int(self.file_of[definition])]

    def with_file(self, path: str, facts: FileFacts) -> "RepositoryIndex":
        """Return an index in which a file is as these facts say, such as one that is not saved yet."""
        problems = {known: problem for known, problem in self.problems.items() if known != path}
        if facts.problem:
            problems[path] = facts.problem
        parts = {**self._parts, path: _part(facts, self.vocabulary)}
        return _joined(parts, self.vocabulary, self.read, problems)

    @cached_property
    def is_public(self) -> Mask:
        """Tell of each definition whether other files can use it."""
        return np.array([one.is_public for one in self.definitions], bool)

    @cached_property
    def is_test(self) -> Mask:
        """Tell of each definition whether it is test code."""
        files = np.array([_is_test_path(path) for path in self.paths], bool)
        own = np.array([one.is_test for one in self.definitions], bool)
        is_test: Mask = own | files[self.file_of]
        return is_test

    @cached_property
    def of_trait(self) -> Mask:
        """Tell of each definition whether it only fulfils a trait."""
        return np.array([one.of_trait for one in self.definitions], bool)

    @cached_property
    def lengths(self) -> Floats:
        """Return the number of words of each definition."""
        return summed(self.uses[:, 0], self.uses[:, 2] + self.uses[:, 3], len(self.definitions))

    def rows_of(self, words: Sequence[int]) -> Integers:
        """Return the rows of `uses` for any of these words."""
        order, starts = self._by_word
        known = [word for word in words if word + 1 < len(starts)]
        if not known:
            return np.zeros((0, 4), np.int64)
        rows: Integers = np.concatenate([order[starts[word] : starts[word + 1]] for word in known])
        found: Integers = self.uses[rows]
        return found

    @cached_property
    def _by_word(self) -> tuple[Integers, Integers]:
        words = self.uses[:, 1]
        counts = np.bincount(words, minlength=len(self.vocabulary.numbers))
        return np.argsort(words, kind="stable"), np.concatenate(([0], np.cumsum(counts)))


def summed(groups: Integers, weights: Integers | Floats, count: int) -> Floats:
    """Return the sum of the weights in each of `count` groups."""
    return np.bincount(groups, weights, count).astype(np.float64, copy=False)


def build_index(facts: Mapping[str, FileFacts], read: Callable[[str], bytes]) -> RepositoryIndex:
    """Return the index of files given by path."""
    vocabulary = Vocabulary()
    problems = {path: one.problem for path, one in facts.items() if one.problem}
    parts = {path: _part(one, vocabulary) for path, one in facts.items()}
    return _joined(parts, vocabulary, read, problems)


def _part(facts: FileFacts, vocabulary: Vocabulary) -> _Part:
    words = vocabulary.add(facts.words)
    uses = facts.uses.astype(np.int64)
    uses[:, 1] = words[uses[:, 1]] if len(words) else 0
    names: list[tuple[str, int, float]] = []
    owned: list[tuple[int, str]] = []
    members_of: dict[str, int] = {}
    for one in facts.definitions:
        members_of[one.owner] = members_of.get(one.owner, 0) + 1
    for number, one in enumerate(facts.definitions):
        if one.name and one.kind not in ("impl", "text"):
            names.append((one.name, number, 1.0))
        if len(one.owner) > 1:  # one letter is a type parameter: `impl<T> Trait for T`
            names.append((one.owner, number, SHARE_OF_MEMBERS / members_of[one.owner]))
            owned.append((number, one.owner))
        for member in one.members.split():
            names.append((member, number, SHARE_OF_MEMBERS))
    # A member speaks of the type that it belongs to, though its own text may say only `self`.
    rows = np.ones((len(owned), 4), np.int64)
    rows[:, 0] = [number for number, _ in owned]
    rows[:, 1] = vocabulary.add(owner for _, owner in owned)
    rows[:, 3] = 0
    named = np.array([number for _, number, _ in names], np.int64)
    pairs = np.stack([vocabulary.add(word for word, _, _ in names), named], axis=1)
    shares = np.array([share for _, _, share in names])
    return _Part(facts.definitions, np.concatenate([uses, rows]), pairs, shares)


def _joined(
    parts: Mapping[str, _Part],
    vocabulary: Vocabulary,
    read: Callable[[str], bytes],
    problems: Mapping[str, str],
) -> RepositoryIndex:
    sizes = np.array([len(part.definitions) for part in parts.values()], np.int64)
    first = np.cumsum(sizes) - sizes
    return RepositoryIndex(
        paths=tuple(parts),
        definitions=tuple(one for part in parts.values() for one in part.definitions),
        file_of=np.repeat(np.arange(len(parts)), sizes),
        uses=_stacked([part.uses for part in parts.values()], first, 0, 4),
        names=_stacked([part.names for part in parts.values()], first, 1, 2),
        shares=np.concatenate([part.shares for part in parts.values()]) if parts else np.zeros(0),
        vocabulary=vocabulary,
        read=read,
        problems=problems,
        _parts=parts,
    )


def _stacked(tables: Sequence[Integers], first: Integers, column: int, width: int) -> Integers:
    """Put tables under each other, the column of definitions counted on."""
    if not tables:
        return np.zeros((0, width), np.int64)
    stacked = np.concatenate(tables)
    stacked[:, column] += np.repeat(first, [len(table) for table in tables])
    return stacked


def _is_test_path(path: str) -> bool:
    parts = path.split("/")
    return parts[-1] in ("tests.rs", "test.rs") or any(
        part in ("tests", "benches", "examples") for part in parts[:-1]
    )
