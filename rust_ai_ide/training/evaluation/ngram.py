"""A nested-cache n-gram model over tokens: the baseline that a trained model must beat.

V. Hellendoorn and P. Devanbu, "Are deep neural networks the best choice for modeling source code?" (2017): counts of
the project are joined by those of the open file, which weigh more. Smoothed by method C of T. Bell, J. Cleary and
I. Witten (Witten-Bell), in interpolated form, down to a uniform distribution over the vocabulary.
"""

import math
from collections.abc import Sequence

ORDER = 6
FILE_WEIGHT = 3
"""How many times of the project one time in the file is worth."""

Context = tuple[int, ...]


class Counts:
    """How often each token followed each context of up to `order` - 1 tokens."""

    def __init__(self, order: int = ORDER) -> None:
        self.order = order
        self._followers: dict[Context, dict[int, int]] = {}
        self._totals: dict[Context, int] = {}

    def add(self, tokens: Sequence[int], place: int) -> None:
        """Count the token at a place, after those before it."""
        token = tokens[place]
        for context in contexts(tokens, place, self.order):
            followers = self._followers.setdefault(context, {})
            followers[token] = followers.get(token, 0) + 1
            self._totals[context] = self._totals.get(context, 0) + 1

    def remove(self, tokens: Sequence[int], place: int) -> None:
        """Take back what `add` counted."""
        token = tokens[place]
        for context in contexts(tokens, place, self.order):
            followers = self._followers[context]
            followers[token] -= 1
            if not followers[token]:
                del followers[token]
            self._totals[context] -= 1

    def after(self, context: Context) -> dict[int, int]:
        """Return what followed a context, and how often."""
        return self._followers.get(context, {})

    def total(self, context: Context) -> int:
        """Return how often anything followed a context."""
        return self._totals.get(context, 0)


def contexts(tokens: Sequence[int], place: int, order: int) -> list[Context]:
    """Return what stands before a place, from nothing to `order` - 1 tokens."""
    return [tuple(tokens[place - length : place]) for length in range(min(order, place + 1))]


class NestedCache:
    """Counts of a project and of one file of it; `vocabulary` is how many tokens there are."""

    def __init__(self, project: Counts, vocabulary: int) -> None:
        self._project = project
        self._file = Counts(project.order)
        self._own_kinds: dict[Context, int] = {}
        self._vocabulary = vocabulary

    def read(self, tokens: Sequence[int], place: int) -> None:
        """Count the token at a place of the file."""
        token = tokens[place]
        for context in contexts(tokens, place, self._project.order):
            if token not in self._file.after(context) and token not in self._project.after(context):
                self._own_kinds[context] = self._own_kinds.get(context, 0) + 1
        self._file.add(tokens, place)

    def probability(self, tokens: Sequence[int], place: int, token: int) -> float:
        """Return how likely a token is at a place."""
        probability = 1 / self._vocabulary
        for context in contexts(tokens, place, self._project.order):
            here, there = self._file, self._project
            total = FILE_WEIGHT * here.total(context) + there.total(context)
            if not total:
                break
            count = FILE_WEIGHT * here.after(context).get(token, 0) + there.after(context).get(token, 0)
            kinds = len(there.after(context)) + self._own_kinds.get(context, 0)
            probability = (count + kinds * probability) / (total + kinds)
        return probability

    def likeliest(self, tokens: Sequence[int], place: int) -> int | None:
        """Return the likeliest token among those that followed the longest known context; None before any."""
        best: set[int] = set()
        for context in contexts(tokens, place, self._project.order):
            followers = self._file.after(context).keys() | self._project.after(context).keys()
            if not followers:
                break
            best = followers
        return max(sorted(best), key=lambda token: self.probability(tokens, place, token), default=None)


def bits(model: NestedCache, tokens: Sequence[int]) -> float:
    """Return how many bits the tokens of a file take, each counted once it was read."""
    found = 0.0
    for place, token in enumerate(tokens):
        found -= math.log2(model.probability(tokens, place, token))
        model.read(tokens, place)
    return found
