"""Attention of the shipped model, looked at in its twin."""

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra train: make install-train")

from rust_ai_ide.errors import RustAiIdeError  # noqa: E402
from rust_ai_ide.runtime.files import open_model  # noqa: E402
from rust_ai_ide.runtime.generating import LoadedModel, LoadOptions  # noqa: E402
from rust_ai_ide.runtime.memory import memory_need  # noqa: E402
from rust_ai_ide.runtime.parameters import InferenceParams  # noqa: E402
from rust_ai_ide.runtime.server.infill import prompt_between  # noqa: E402
from rust_ai_ide.runtime.weights import read_shapes  # noqa: E402
from rust_ai_ide.training.attention import (  # noqa: E402
    attention_map,
    attention_rows,
    check_possible,
    read_prompt,
)
from rust_ai_ide.training.twin import twin  # noqa: E402
from tests.docs.reading import ROOT  # noqa: E402

STARTER = ROOT / "models" / "starter"
AFTER = "\n}\n"
BEFORES = [
    "pub fn len(&self) -> usize {\n    self.",
    "impl Default for Config {\n    fn default() -> Self {\n        Self ",
    "use std::collections::",
    "fn main() {\n    println",
    "    let mut total = 0;\n    for item in items {\n        total ",
]


@pytest.fixture(scope="module")
def network():
    return twin(STARTER)


@pytest.fixture(scope="module")
def model():
    files = open_model(STARTER)
    need = memory_need(read_shapes(STARTER), prompt_length=512, context_length=1024, compute_type="default")
    return LoadedModel(files, LoadOptions(), need)


@pytest.mark.parametrize("before", BEFORES)
def test_the_twin_writes_the_token_that_the_runtime_writes(network, model, before):
    tokens, _ = prompt_between(model, "src/lib.rs", before, AFTER, room=512)
    pieces = []
    model.answer(tokens, InferenceParams(max_tokens=1, temperature=0), pieces.append, lambda: False)
    written = pieces[0].text
    prompt = read_prompt(STARTER, model.manifest, "src/lib.rs", before, AFTER, "x")
    with torch.inference_mode():
        scores = network(input_ids=torch.tensor([prompt.ids[: len(tokens)]])).logits[0, -1]
    likeliest = read_pieces()[int(scores.argmax())]
    assert model.tokeniser.decode([likeliest]) == written


def read_pieces():
    from rust_ai_ide.training.tokeniser import CodeTokeniser

    return CodeTokeniser(STARTER / "tokenizer.model").pieces()


def test_each_row_sums_to_one_and_sees_nothing_later(network, model):
    prompt = read_prompt(STARTER, model.manifest, "src/lib.rs", BEFORES[0], AFTER, "items.len()")
    rows = attention_rows(network, prompt.ids)
    assert rows.shape == (len(prompt.ids), len(prompt.ids))
    assert rows.sum(axis=1) == pytest.approx(1, abs=1e-4)
    assert (rows[torch.ones(rows.shape).triu(1).bool().numpy()] == 0).all()


@pytest.mark.parametrize("word", ["quokka_total", "zebra_crossing", "the_lamp_post"])
def test_the_source_of_a_copy_gets_more_than_its_share(word):
    others = "".join(f"    let number_{n} = {n} * {n + 3};\n" for n in range(8))
    before = f"fn first() {{\n    let {word} = 1;\n{others}    {word[:4]}"
    found = attention_map(STARTER, "src/lib.rs", before, AFTER, f"{word[4:]} += 2;")
    assert found.sink + found.marks + found.line + found.text == pytest.approx(1, abs=1e-3)
    assert 0 < sum(place.share for place in found.lines) <= 1.001
    start = before.index(word) - len(before)
    (source,) = [place for place in found.words if place.start == start]
    assert source.end - source.start == len(word)
    assert source.share > 2 * source.size


def test_places_are_those_of_the_text(model):
    before, after = "fn größe() {\n    let x = ", ";\n}\n"
    prompt = read_prompt(STARTER, model.manifest, "src/lib.rs", before, after, "1")
    places = [place for place in prompt.places if place is not None]
    assert min(start for start, _ in places) == -len(before) - len("// src/lib.rs\n")
    assert max(end for _, end in places) == len(after)
    assert sum(end - start for start, end in places) == len(before + after) + len("// src/lib.rs\n")
    assert len(prompt.ids) == len(prompt.places)


def test_any_plain_llama_of_the_library_has_a_map(library):
    found = attention_map(check_possible("tiny@1"), "src/lib.rs", BEFORES[0], AFTER, "x.len()")
    assert found.sink + found.marks + found.line + found.text == pytest.approx(1, abs=1e-3)


def test_a_model_that_is_not_there_is_told(library):
    with pytest.raises(RustAiIdeError, match="There is no model"):
        check_possible("nobody@1")
