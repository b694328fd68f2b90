"""Completions found again: exact hits, typed-through hits, and bounds."""

from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.runtime.completion.cache import CompletionCache, Surroundings

BEFORE = "fn main() {\n    let x = "


def place(before=BEFORE, after="\n}\n", path="a.rs", model="m@1"):
    return Surroundings(model, path, before, after)


def test_the_same_place_is_an_exact_hit_and_another_is_none():
    cache = CompletionCache()
    assert cache.find(place()) is None
    cache.keep(place(), "compute();")
    assert cache.find(place()).text == "compute();"
    for other in (place(path="b.rs"), place(model="n@1"), place(after="x"), place(before="else")):
        assert cache.find(other) is None
    assert (cache.counts.exact, cache.counts.typed_through, cache.counts.missed) == (1, 0, 5)


@given(st.text(min_size=2, max_size=40), st.data())
def test_typing_what_was_suggested_leaves_the_rest(suggestion, data):
    cache = CompletionCache()
    cache.keep(place(), suggestion)
    typed = data.draw(st.integers(1, len(suggestion) - 1))
    hit = cache.find(place(BEFORE + suggestion[:typed]))
    assert hit is not None
    assert hit.kind == "typed through"
    # A repetitive suggestion may be matched at a shorter length, which still continues the typed text.
    assert suggestion.endswith(hit.text)


def test_typing_something_else_is_a_miss():
    cache = CompletionCache()
    cache.keep(place(), "compute();")
    assert cache.find(place(BEFORE + "cx")) is None
    assert cache.find(place(BEFORE + "compute();")) is None
    assert cache.find(place("something else\n    let x = com")) is None


def test_long_files_compare_what_is_near():
    cache = CompletionCache()
    far = "// line\n" * 5000
    cache.keep(place(far + BEFORE), "compute();")
    assert cache.find(place(far + BEFORE + "com")).text == "pute();"
    assert cache.find(place((far + BEFORE)[-1000:] + "com")).text == "pute();"


def test_age_idleness_and_size_bound_it():
    now = [0.0]
    cache = CompletionCache(most_bytes=3000, most_age=100, most_idle=10, clock=lambda: now[0])
    cache.keep(place(), "a")
    now[0] = 11
    assert cache.find(place()) is None
    cache.keep(place(), "a")
    for _ in range(11):
        now[0] += 9
        cache.find(place())
    assert now[0] == 110
    now[0] += 9
    assert cache.find(place()) is None
    for number in range(50):
        cache.keep(place(path=f"{number}.rs"), "x" * 100)
    assert 0 < len(cache) < 15
    assert cache.find(place(path="49.rs")) is not None
    assert cache.find(place(path="0.rs")) is None


def test_entries_belong_to_who_wrote_them():
    cache = CompletionCache()
    cache.keep(Surroundings("a", "lib.rs", "let x = ", "\n"), "one();")
    other = Surroundings("b", "lib.rs", "let x = ", "\n")
    assert cache.find(other) is None
    hit = cache.find(other, also=["a"])
    assert (hit.text, hit.kind, hit.model) == ("one();", "exact", "a")
    hit = cache.find(Surroundings("b", "lib.rs", "let x = on", "\n"), also=["a"])
    assert (hit.text, hit.kind, hit.model) == ("e();", "typed through", "a")
    assert cache.find(Surroundings("b", "lib.rs", "let x = on", "\n")) is None


def test_what_is_recalled_is_counted_apart():
    cache = CompletionCache()
    cache.keep(Surroundings("a", "lib.rs", "let x = ", "\n"), "one();")
    where = Surroundings("b", "lib.rs", "let x = o", "\n")
    assert cache.find(where) is None
    assert cache.recall(where).text == "ne();"
    assert cache.recall(Surroundings("b", "lib.rs", "let y = ", "\n")) is None
    assert (cache.counts.asked, cache.counts.missed, cache.counts.recalled) == (1, 1, 1)


def test_a_long_file_is_not_kept_with_its_completion():
    cache = CompletionCache(most_bytes=100_000)
    cache.keep(Surroundings("a", "lib.rs", "x" * 60_000, "y" * 20_000), "one();")
    assert cache.size < 2_000
    cache.keep(Surroundings("a", "\ud800.rs", "", ""), "x")
    assert cache.find(Surroundings("a", "lib.rs", "x" * 60_000 + "one", "y" * 20_000)).text == "();"
