"""Contexts hold what is needed near the cursor, stay within their budget and account for every candidate."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rust_ai_ide.runtime.context import (
    Context,
    Cursor,
    Reason,
    RepositoryIndex,
    Why,
    context_for,
    context_for_question,
    gathering,
    index_files,
    index_tree,
    recently_changed,
    retrieve_places,
)
from rust_ai_ide.source.git import open_repository, tree_of
from rust_ai_ide.source.isolation import IsolatedWorker
from rust_ai_ide.source.store import FactStore
from rust_ai_ide.source.syntax.parsing import parse_rust
from tests.source.repositories import TestRepository

FILES = {
    "README.md": "# Shop\n\nSells things to customers.\n\n## Payment\n\nCards are charged at the till.\n",
    "Cargo.toml": '[package]\nname = "shop"\n\n[dependencies]\nserde = "1"\n',
    "src/lib.rs": "//! A shop. It sells.\npub mod till;\npub mod stock;\n",
    "src/stock.rs": """\
/// What is on the shelves.
pub struct Stock { items: Vec<Item> }
/// One thing.
pub struct Item { pub price: u32 }
impl Stock {
    /// Takes an item off the shelves.
    pub fn take_item(&mut self, name: &str) -> Option<Item> {
        let found = self.items.iter().position(|item| item.matches(name))?;
        Some(self.items.remove(found))
    }
    fn shelf_of(&self) -> usize { let shelves = 7; shelves * 2 }
}
/// Says what it costs.
pub trait Priced {
    /// In cents.
    fn price_in_cents(&self) -> u32;
    fn is_cheap(&self) -> bool { self.price_in_cents() < 100 }
}
impl Priced for Item { fn price_in_cents(&self) -> u32 { self.price * 100 } }
""",
    "src/till.rs": """\
use crate::stock::{Stock, Priced};

pub fn sell(stock: &mut Stock, name: &str) -> u32 {
    let item = stock.take_item(name);
    0
}
""",
    "src/weather.rs": "pub fn rain_tomorrow(clouds: u32) -> bool { let wet = clouds > 3; wet }\n",
}
TILL = FILES["src/till.rs"]


def count_words(text: str) -> int:
    """Count as tokenisers do, more or less: words, signs and line breaks."""
    return len(text.split()) + text.count("\n")


@pytest.fixture(scope="module")
def index() -> RepositoryIndex:
    return index_files({path: text.encode() for path, text in FILES.items()})


def at(text: str, marker: str) -> Cursor:
    return Cursor("src/till.rs", text, text.index(marker))


def names(context: Context) -> list[str]:
    return [piece.name for piece in context.sent]


def accounted(context: Context) -> list[tuple[str, tuple[int, int], str, str]]:
    pieces = [*context.sent, *(dropped.piece for dropped in context.dropped)]
    return sorted((piece.path, piece.lines, piece.kind, piece.name) for piece in pieces)


def test_what_the_function_uses_comes_before_what_it_does_not(index: RepositoryIndex):
    context = context_for(index, at(TILL, "    0"), 1_000, count_words)
    scores = {piece.name: piece.score for piece in context.sent}
    assert scores["Stock"] > 3 * scores.get("rain_tomorrow", 0)
    assert {"Stock", "Priced", "take_item"} <= set(names(context))
    stock = next(piece for piece in context.sent if piece.name == "Stock")
    assert Reason.USED in stock.reasons
    assert stock.is_stable
    small = context_for(index, at(TILL, "    0"), 22, count_words)
    assert set(names(small)) <= {"Stock", "Priced", "take_item", "Item"}
    assert small.sent


def test_the_text_shows_paths_and_heads_and_parses(index: RepositoryIndex):
    context = context_for(index, at(TILL, "    0"), 1_000, count_words)
    assert "// src/stock.rs\n" in context.text
    assert "impl Stock {\n    /// Takes an item off the shelves.\n    pub fn take_item" in context.text
    assert "remove(found)" not in context.text
    assert not parse_rust(context.text.encode()).root_node.has_error
    assert context.tokens == count_words(context.text) <= 1_000


def test_what_a_trait_shows_is_not_sent_twice(index: RepositoryIndex):
    context = context_for(index, at(TILL, "    0"), 1_000, count_words)
    assert context.text.count("fn is_cheap") == 1
    contained = {dropped.piece.name for dropped in context.dropped if dropped.why is Why.CONTAINED}
    assert {"is_cheap", "price_in_cents"} <= contained


def test_the_open_file_is_read_as_it_is_in_the_editor(index: RepositoryIndex):
    text = TILL.replace("    0\n", "    let rain = rain_tom\n")
    context = context_for(index, at(text, "rain_tom"), 1_000, count_words)
    assert "sell" not in names(context)
    edited = FILES["src/stock.rs"] + "pub fn restock_everything() {}\n"
    cursor = Cursor("src/stock.rs", edited, 0, shown=(0, 10))
    assert "restock_everything" in names(context_for(index, cursor, 2_000, count_words))


def test_recent_edits_raise_what_they_touched(index: RepositoryIndex):
    def score(recent: list[str]) -> float:
        context = context_for(index, at(TILL, "    0"), 1_000, count_words, recent)
        pieces = [*context.sent, *(dropped.piece for dropped in context.dropped)]
        return next((piece.score for piece in pieces if piece.name == "rain_tomorrow"), 0.0)

    assert score(["src/weather.rs"]) > score([])


def test_a_question_gets_what_it_asks_about(index: RepositoryIndex):
    context = context_for_question(index, "what does an item cost in cents?", 60, count_words)
    assert "price_in_cents" in context.text


@given(st.integers(0, 200))
@settings(deadline=None)
def test_no_budget_is_exceeded_and_nothing_is_lost(budget: int):
    index = index_files({path: text.encode() for path, text in FILES.items()})
    everything = accounted(context_for(index, at(TILL, "    0"), 10_000, count_words))
    context = context_for(index, at(TILL, "    0"), budget, count_words)
    assert context.tokens == count_words(context.text) <= budget
    assert accounted(context) == everything
    assert len(set(everything)) == len(everything)
    assert 0 <= context.relevance_kept <= 1


@given(st.integers(0, 60))
@settings(deadline=None)
def test_a_tokeniser_that_counts_more_for_the_whole_is_obeyed(budget: int):
    index = index_files({path: text.encode() for path, text in FILES.items()})
    context = context_for(index, at(TILL, "    0"), budget, lambda text: len(text) ** 2 // 2_000)
    assert len(context.text) ** 2 // 2_000 <= budget


@given(st.integers(0, len(TILL)), st.text(max_size=10))
@settings(deadline=None)
def test_the_cursor_may_stand_anywhere_in_anything(offset: int, typed: str):
    index = index_files({path: text.encode() for path, text in FILES.items()})
    text = TILL[:offset] + typed + TILL[offset:]
    context_for(index, Cursor("src/till.rs", text, offset + len(typed)), 100, count_words)
    context_for(index, Cursor("src/new.rs", typed, len(typed) + 3), 100, count_words)


@pytest.mark.parametrize(
    "text",
    [
        "fn f() { " + "(" * 20_000 + ")" * 20_000 + " }",
        "\0" * 100,
        "x" * 5_000_000,
        "use a::{" * 5_000,
        "é\r\nfn ü() {\r\n",
        "\ud800 lone",
        "",
    ],
    ids=["deep", "binary", "five megabytes", "uses", "unicode", "surrogate", "empty"],
)
def test_hostile_text_in_the_editor_is_borne(index: RepositoryIndex, text: str):
    context = context_for(index, Cursor("src/till.rs", text, len(text)), 100, count_words)
    assert context.tokens <= 100
    assert accounted(context_for(index, Cursor("src/till.rs", text, 0), 0, count_words)) is not None


def test_hostile_files_in_the_repository_are_borne():
    files = {
        "src/deep.rs": b"fn f() { " + b"(" * 20_000 + b")" * 20_000 + b" }",
        "src/binary.rs": b"\x7fELF\0\0",
        "src/large.rs": b"fn big() {}\n" * 420_000,
        "src/latin.rs": b"/// caf\xe9\npub fn latin() {}\n",
        "README.md": b"\xff\xfe\0",
        "odd\nname.rs": b"pub fn odd() {}\n",
        "caf\udce9.rs": b"pub fn undecodable() {}\n",
    }
    index = index_files(files)
    assert set(index.problems) == {"src/deep.rs", "src/binary.rs"}
    context = context_for(index, Cursor("src/main.rs", "latin odd undecodable", 21), 1_000, count_words)
    assert {"latin", "odd", "undecodable"} <= set(names(context))
    assert "odd\\nname.rs" in context.text
    context.text.encode()


def test_an_empty_repository_gives_an_empty_context():
    index = index_files({})
    assert context_for_question(index, "anything?", 100, count_words).sent == ()
    context = context_for(index, Cursor("a.rs", "fn a() {}", 0), 100, count_words)
    assert (context.text, context.tokens, context.relevance_kept) == ("", 0, 1.0)
    assert retrieve_places(index, "anything?") == []


def test_places_answer_words_and_identifiers(index: RepositoryIndex):
    first = retrieve_places(index, "where are items taken off the shelf?")[0]
    assert (first.path, first.name, first.lines) == ("src/stock.rs", "take_item", (6, 10))
    assert "pub fn take_item" in first.snippet
    assert Reason.NAME in first.why
    assert retrieve_places(index, "rain_tomorrow")[0].name == "rain_tomorrow"
    assert retrieve_places(index, "RainTomorrow")[0].name == "rain_tomorrow"
    assert any(place.path == "README.md" for place in retrieve_places(index, "charging cards"))
    assert retrieve_places(index, "where is the") == []
    assert len(retrieve_places(index, "item stock price", limit=2)) == 2


def test_a_tree_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    made = TestRepository(tmp_path / "shop")
    made.commit("Begin", dict(FILES))
    made.commit(
        "Rain", {"src/weather.rs": "pub fn rain_tomorrow() -> bool { true }\n", "big.md": b"x" * 300_000}
    )
    repository = open_repository(made.path)
    tree = tree_of(repository, "HEAD")
    store = FactStore(tmp_path / "store.sqlite3")
    first = index_tree(repository, tree, store, IsolatedWorker())
    assert "big.md" not in first.paths
    assert first.read("Cargo.toml") == FILES["Cargo.toml"].encode()

    def refuse(*_: object) -> None:
        raise AssertionError("read again")

    with monkeypatch.context() as patch:
        patch.setattr(gathering, "extract_all", refuse)
        patch.setattr(gathering, "extract", refuse)
        again = index_tree(repository, tree, store)
    assert again.definitions == first.definitions
    assert (again.uses == first.uses).all()
    fresh = index_tree(repository, tree)
    assert fresh.definitions == first.definitions


def test_the_history_says_what_changed_lately(tmp_path: Path):
    made = TestRepository(tmp_path / "shop")
    made.commit("Begin", {"a.rs": "1", "b.rs": "1", "odd\nname": "1"})
    made.commit("Change", {"b.rs": "2"})
    repository = open_repository(made.path)
    assert recently_changed(repository, "HEAD") == ["b.rs", "a.rs", "odd\nname"]
    assert recently_changed(repository, "HEAD", commits=1) == ["b.rs"]


def test_what_is_private_to_another_file_comes_after_what_is_not():
    files = {"src/a.rs": b"fn take_one() {}\n", "src/b.rs": b"pub fn take_one() {}\n"}
    text = "fn main() {\n    take_one();\n    \n}\n"
    context = context_for(
        index_files(files), Cursor("src/main.rs", text, text.index("\n}")), 1_000, count_words
    )
    scores = {piece.path: piece.score for piece in [*context.sent, *(one.piece for one in context.dropped)]}
    assert scores["src/b.rs"] > scores["src/a.rs"]
