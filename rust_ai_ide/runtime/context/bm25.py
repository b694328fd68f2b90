"""BM25: which definitions have the words of a text, the rare ones counting most.

S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009. SQLite's FTS5 has it, too,
but would need a table per repository that is kept up with every edit; the index has all the counts already.
"""

from collections.abc import Mapping

import numpy as np

from rust_ai_ide.runtime.context.index import Floats, RepositoryIndex, summed

SATURATION = 1.2
LENGTH_NORMALISATION = 0.75


def bm25(index: RepositoryIndex, whole: Mapping[str, float], parts: Mapping[str, float]) -> Floats:
    """Return the score of each definition, for weighted identifiers as they are and for weighted subwords."""
    count = len(index.definitions)
    scores = np.zeros(count)
    if not count:
        return scores
    norm = SATURATION * (
        1 - LENGTH_NORMALISATION + LENGTH_NORMALISATION * index.lengths / index.lengths.mean()
    )
    queries = [
        ([number], weight)
        for word, weight in whole.items()
        if (number := index.vocabulary.numbers.get(word)) is not None
    ]
    queries += [(list(index.vocabulary.with_subword(part)), weight) for part, weight in parts.items()]
    for words, weight in queries:
        rows = index.rows_of(words)
        if not len(rows):
            continue
        found, inverse = np.unique(rows[:, 0], return_inverse=True)
        times = summed(inverse, rows[:, 2] + rows[:, 3], len(found))
        rarity = np.log1p((count - len(found) + 0.5) / (len(found) + 0.5))
        scores[found] += weight * rarity * times * (SATURATION + 1) / (times + norm[found])
    return scores
