"""What matters around a place, by who refers to what: personalised PageRank over the definitions of a repository.

The idea is that of Aider's repository map, <https://aider.chat/2023/10/22/repomap.html>, with its weights. There files
are the nodes; here definitions are, so that one function's references lead on and not all those of its file. A
reference goes from a definition to a word and from the word to whatever bears it. Keeping the words between them keeps
the graph small: a name that is used in 800 places and defined in 500 is 1,300 edges instead of 400,000, which is also
why this is a few lines of numpy on the tables of the index rather than a graph library, which would first have to be
given every edge as an object.
"""

from collections.abc import Mapping

import numpy as np

from rust_ai_ide.runtime.context.imports import fit, module_of
from rust_ai_ide.runtime.context.index import Floats, Integers, RepositoryIndex, summed

DAMPING = 0.5
"""The chance that a walk goes on. L. Page et al., "The PageRank Citation Ranking: Bringing Order to the Web", 1998,
take 0.85; but what a line needs is near, and with 0.5 it was found more often."""
ROUNDS = 20
MENTIONED = 10.0
UNLIKELY = 0.1


def shares_from(
    index: RepositoryIndex, file: int, imported: Mapping[str, tuple[str, ...]], *, in_tests: bool
) -> Floats:
    """Return for each row of `names` the chance that its word, used in a file, means that definition.

    What is private to another file, only fulfils a trait, or is test code while the file is not, is unlikely.
    `imported` are the paths that the file imports, by their last name: what lies where one leads is likelier.
    """
    definitions = index.names[:, 1]
    elsewhere = index.file_of[definitions] != file
    hidden = (elsewhere & ~index.is_public[definitions]) | index.of_trait[definitions]
    weights = index.shares * np.where(hidden, UNLIKELY, 1.0)
    if not in_tests:
        weights = weights * np.where(elsewhere & index.is_test[definitions], UNLIKELY, 1.0)
    for name, path in imported.items():
        for row in np.flatnonzero(index.names[:, 0] == index.vocabulary.numbers.get(name, -1)):
            weights[row] *= UNLIKELY + fit(path, module_of(index.path_of(definitions[row])))
    total = summed(index.names[:, 0], weights, len(index.vocabulary.numbers))
    shares: Floats = weights / np.maximum(total[index.names[:, 0]], 1e-12)
    return shares


def reached(index: RepositoryIndex, shares: Floats, words: Mapping[str, float]) -> Floats:
    """Return for each definition how much of these weighted words it is: one step of the walk."""
    weights = np.zeros(len(index.vocabulary.numbers))
    for word, weight in words.items():
        number = index.vocabulary.numbers.get(word)
        if number is not None:
            weights[number] += weight
    return summed(index.names[:, 1], weights[index.names[:, 0]] * shares, len(index.definitions))


def page_rank(
    index: RepositoryIndex, shares: Floats, start: Floats, mentioned: Mapping[str, float]
) -> Floats:
    """Return the PageRank of each definition for walks that begin again at `start`, weights of any sum over 0.

    A reference weighs the square root of how often it is made, ten times as much for `mentioned` words.
    """
    count, words = len(index.definitions), len(index.vocabulary.numbers)
    named = np.zeros(words, bool)
    named[index.names[:, 0]] = True
    in_code = index.uses[(index.uses[:, 2] > 0) & named[index.uses[:, 1]]]
    source, word = in_code[:, 0], in_code[:, 1]
    weights = np.sqrt(in_code[:, 2]) * _emphasis(index, mentioned)[word]
    weights /= np.maximum(summed(source, weights, count), 1e-12)[source]
    again = start / start.sum()
    rank: Floats = again
    for _ in range(ROUNDS):
        rank = _step(rank, source, word, weights, index.names, shares, words)
        # What led nowhere begins again, too.
        rank = DAMPING * rank + (1 - DAMPING * rank.sum()) * again
    return rank


def _step(
    rank: Floats,
    source: Integers,
    word: Integers,
    weights: Floats,
    names: Integers,
    shares: Floats,
    words: int,
) -> Floats:
    at_words = summed(word, rank[source] * weights, words)
    return summed(names[:, 1], at_words[names[:, 0]] * shares, len(rank))


def _emphasis(index: RepositoryIndex, mentioned: Mapping[str, float]) -> Floats:
    emphasis = np.ones(len(index.vocabulary.numbers))
    for name in mentioned:
        number = index.vocabulary.numbers.get(name)
        if number is not None:
            emphasis[number] = MENTIONED
    return emphasis
