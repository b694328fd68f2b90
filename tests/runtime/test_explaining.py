"""Explanations find what a model goes by, say when they do not, and stop in time."""

import asyncio
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.runtime.explaining import explain, origin_of
from rust_ai_ide.runtime.explaining.spans import MOST_SPANS, spans_of, without

BEFORE = """use std::fs;

const LIMIT: usize = 10;

fn first(items: &[u32]) -> u32 {
    let total = items.iter().sum();
    total
}

fn second(items: &[u32]) -> u32 {
    let """
AFTER = "\n}\n\nfn third() {}\n"
TEXT = "total = items.iter().sum();"


class Copier:
    """A model that goes by one line: it repeats it where it stands, and finds it as likely as it stands."""

    def __init__(self, line: str = "let total = ") -> None:
        self.line = line
        self.calls = 0

    async def score(self, before: str, after: str, text: str) -> float:
        self.calls += 1
        return math.log(0.8 if self.line in before + after else 0.1)

    async def complete(self, before: str, after: str) -> str:
        self.calls += 1
        return TEXT if self.line in before + after else "x = 1;"


class Constant(Copier):
    """A model that goes by nothing."""

    async def score(self, before: str, after: str, text: str) -> float:
        self.calls += 1
        return -1.0

    async def complete(self, before: str, after: str) -> str:
        self.calls += 1
        return TEXT


def explained(asker, **options):
    return asyncio.run(explain(asker, BEFORE, AFTER, TEXT, **options))


def test_the_line_a_model_goes_by_comes_first_and_the_order_beats_random_ones():
    asker, told = Copier(), []
    found = explained(asker, tell=lambda *event: told.append(event))
    assert found.parts[0].span.text == "    let total = items.iter().sum();"
    assert found.parts[0].share == pytest.approx(1)
    assert found.parts[0].drop == pytest.approx(math.log(8))
    assert found.likelihood == pytest.approx(0.8)
    assert {word.span.text for word in found.words if word.share > 0} == {"let", "total"}
    assert found.faithfulness.gain > 0.3
    assert found.faithfulness.deletion < found.faithfulness.deletion_baseline
    assert found.faithfulness.insertion > found.faithfulness.insertion_baseline
    assert found.calls == asker.calls == len(told) <= told[-1][2]
    assert [done for _, done, _ in told] == list(range(1, asker.calls + 1))


def test_the_smallest_edit_that_changes_the_line_is_found():
    found = explained(Copier()).counterfactual
    assert (found.edit.kind, found.edit.what) == ("rename", "total")
    assert (found.written, found.instead) == (TEXT, "x = 1;")


def test_a_line_that_only_follows_a_renaming_is_the_same():
    class Follower(Copier):
        async def complete(self, before, after):
            named = re.search(r"let (\w+) = .*;", before)
            return f"{named[1]} = items.iter().sum();" if named else "x = 1;"

    found = explained(Follower()).counterfactual
    assert found.edit.kind == "remove"
    assert found.edit.what == "let total = items.iter().sum();"


def test_a_model_that_goes_by_nothing_is_said_to():
    found = explained(Constant())
    assert all(part.share == 0 for part in found.parts)
    assert found.faithfulness.gain == pytest.approx(0)
    assert found.counterfactual.edit is None


def test_the_same_seed_gives_the_same_figures():
    assert explained(Copier(), seed=3).faithfulness == explained(Copier(), seed=3).faithfulness


def test_without_time_what_is_known_is_told():
    found = explained(Copier(), seconds=0)
    assert found.calls == 1
    assert found.parts == ()
    assert found.left_out == len(spans_of(BEFORE, AFTER))
    assert found.faithfulness is found.counterfactual is None
    assert found.as_json()["counterfactual"] is None


def test_lines_far_off_are_taken_together():
    before = "".join(f"let a{n} = {n};\n" for n in range(100)) + "    let b"
    spans = spans_of(before, "\nx;\n" * 50)
    assert len(spans) <= MOST_SPANS
    assert spans[0].text == "    let b"
    assert before[spans[-1].start :].startswith(spans[-1].text) or spans[-1].start > 0
    assert spans_of("", "") == []
    same = "x;\n" * 9 + "y"
    assert {span.text for span in spans_of(same, same)} == {"x;", "y"}


@given(st.text("ab \n;", max_size=200), st.text("ab \n;", max_size=200))
def test_parts_hold_every_character_once_and_their_lines_stay(before: str, after: str):
    spans = spans_of(before, after)
    for span in spans:
        side, shift = (before, len(before)) if span.start < 0 else (after, 0)
        assert side[span.start + shift : span.end + shift] == span.text
    emptied = without(before, after, spans)
    assert not "".join(emptied).strip()
    assert [text.count("\n") for text in emptied] == [before.count("\n"), after.count("\n")]
    assert without(before, after, []) == (before, after)


def test_a_copied_line_says_where_it_stands():
    found = origin_of(BEFORE, AFTER, TEXT)
    assert BEFORE[found.start : found.end] == TEXT
    assert found.match_length >= len("    let ")
    assert origin_of(BEFORE, AFTER, "nothing like it") is None
    assert origin_of("let a", "\nlet abc = 1;\n", "bc = 1;").start == len("\nlet a")
    assert origin_of("x", "x", "") is None


def test_a_real_model_is_asked_over_http(runtime):
    body = {"model": "sure", "input_prefix": BEFORE, "input_suffix": AFTER, "text": TEXT, "path": "a.rs"}
    events = list(runtime.stream("/explain", body))
    result = events[-1]["result"]
    assert all(event["done"] <= event["total"] for event in events[:-1])
    assert 0 < result["likelihood"] <= 1
    assert len(result["parts"]) == len(spans_of(BEFORE, AFTER))
    drops = [part["drop"] for part in result["parts"]]
    assert drops == sorted(drops, reverse=True)
    around = BEFORE + AFTER
    assert all(around[len(BEFORE) + w["start"] :].startswith(w["text"]) for w in result["words"])
    assert set(result["faithfulness"]) >= {"deletion", "insertion", "gain"}
    assert runtime.ask("/explain", body | {"text": " "})[0] == 400
    assert runtime.ask("/explain", body | {"path": 3})[0] == 400
    assert runtime.ask("/explain", body | {"model": "nothing"})[0] == 404
