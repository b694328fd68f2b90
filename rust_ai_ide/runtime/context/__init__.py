"""What of a repository a model is shown, or a person who asks: found, ranked, shortened, fitted into a budget.

Start with `building`. `index_tree` (in `gathering`) makes the index of a tree, which is worth keeping while the tree
stays the same. `context_for` then answers for a `Cursor`, `context_for_question` for a question to a model, and
`retrieve_places` for one without a model. `recently_changed` lists what the history says was changed lately.

`extracting` finds the definitions of one file and the words in them; these facts are stored by content. `index` joins
those of all files. `ranking` orders definitions by what is used near the cursor, by references (`graph`), recent edits
and words (`bm25`), and fuses the orders (`fusing`). `eliding` is how items lose their bodies; `fitting` chooses.
"""

from rust_ai_ide.runtime.context.building import context_for, context_for_question
from rust_ai_ide.runtime.context.focus import Cursor
from rust_ai_ide.runtime.context.gathering import index_files, index_tree
from rust_ai_ide.runtime.context.index import RepositoryIndex
from rust_ai_ide.runtime.context.pieces import Context, CountTokens, Dropped, Piece, Reason, Why
from rust_ai_ide.runtime.context.places import Place, retrieve_places
from rust_ai_ide.runtime.context.recent import recently_changed

__all__ = [
    "Context",
    "CountTokens",
    "Cursor",
    "Dropped",
    "Piece",
    "Place",
    "Reason",
    "RepositoryIndex",
    "Why",
    "context_for",
    "context_for_question",
    "index_files",
    "index_tree",
    "recently_changed",
    "retrieve_places",
]
