"""Another version of a model in a narrower type: what CTranslate2 itself would make, with figures of both."""

import json

import pytest

from rust_ai_ide.observability.events import Progressed, Warned
from rust_ai_ide.runtime.comparing import figures_of
from rust_ai_ide.runtime.encrypting import encrypt_model
from rust_ai_ide.runtime.errors import InvalidConfig, OutOfMemory
from rust_ai_ide.runtime.files import open_model
from rust_ai_ide.runtime.library import SHIPPED, delete_model, known_models, own_folder
from rust_ai_ide.runtime.manifest import read_manifest, verify_files
from rust_ai_ide.runtime.quantisations import QUANTISATIONS, check_quantisation
from rust_ai_ide.runtime.quantising import narrower, quantise_model
from rust_ai_ide.runtime.specifications import write_quantised
from rust_ai_ide.runtime.weights import read_shapes
from tests.runtime.tiny import tiny_model


@pytest.fixture
def folder(library):
    """A model of our own with weights of 32 bits."""
    made = own_folder() / "wide@1"
    tiny_model(made, name="wide", quantisation="float32")
    yield made
    for model in [model for model in known_models() if model.startswith("wide@")]:
        delete_model(model)


@pytest.mark.parametrize("quantisation", ["int8", "int16", "float16"])
def test_the_weights_are_those_that_a_conversion_makes(tmp_path, folder, quantisation):
    tiny_model(tmp_path / "wanted", name="wide", quantisation=quantisation)
    write_quantised(str(folder), str(tmp_path), quantisation)
    assert (tmp_path / "model.bin").read_bytes() == (tmp_path / "wanted" / "model.bin").read_bytes()


def test_a_version_is_added_with_figures_of_both(folder):
    told = []
    made = quantise_model("wide", "int8", "small", told.append)
    assert made == read_manifest(own_folder() / "wide@small")
    verify_files(own_folder() / "wide@small", made)
    assert (made.quantisation, made.origin) == ("int8", "quantised from wide@1")
    assert read_shapes(own_folder() / "wide@small").weight_type == "int8"
    before, after = made.figures
    assert (before.quantisation, after.quantisation) == ("float32", "int8")
    assert after.size < before.size
    assert before.bits_per_byte == pytest.approx(after.bits_per_byte, rel=0.05)
    assert min(before.memory, after.memory, before.first_token, after.tokens_per_second) > 0
    assert isinstance(told[-1], Progressed)
    assert told[-1].done == told[-1].total == 2
    assert not [path for path in own_folder().iterdir() if path.name.startswith(".")]
    with pytest.raises(InvalidConfig, match="already"):
        quantise_model("wide@1", "int8", "small")


def test_what_cannot_be_made_smaller_is_told(folder):
    with pytest.raises(InvalidConfig, match=r"stored as int8.*convert the original again"):
        quantise_model("tiny", "float16", "2")
    with pytest.raises(InvalidConfig, match="would be no smaller"):
        quantise_model("wide", "float32", "2")
    with pytest.raises(InvalidConfig, match="cannot be a version"):
        quantise_model("wide", "int8", "../2")
    assert narrower(SHIPPED / "starter") == ()
    assert "int8" in narrower(folder)
    encrypt_model("wide")
    assert narrower(folder) == ()
    with pytest.raises(InvalidConfig, match="decrypt it first"):
        quantise_model("wide", "int8", "2")


@pytest.mark.parametrize("wanted", ["int4", "GPTQ", "awq", "q4_0", "nf4"])
def test_four_bits_are_refused_with_the_way_out(wanted):
    with pytest.raises(InvalidConfig, match="no 4-bit arithmetic.*llama.cpp or Ollama"):
        check_quantisation(wanted)


def test_an_unknown_type_is_told():
    with pytest.raises(InvalidConfig, match=", ".join(QUANTISATIONS)):
        check_quantisation("int7")


def test_too_little_memory_is_told_before_anything_is_written(folder, monkeypatch):
    monkeypatch.setattr("rust_ai_ide.runtime.quantising.memory_available", lambda limit: 1000)
    with pytest.raises(OutOfMemory, match="Quantising wide@1"):
        quantise_model("wide", "int8", "2")
    assert [model for model in known_models() if model.startswith("wide@")] == ["wide@1"]


def test_a_version_that_cannot_be_measured_is_added_all_the_same(folder, monkeypatch):
    monkeypatch.setattr("rust_ai_ide.runtime.trials.memory_available", lambda limit: 1000)
    told = []
    assert quantise_model("wide", "int8", "2", told.append).figures == ()
    assert isinstance(told[-1], Warned)


def test_bits_per_byte_are_those_of_the_scores(folder):
    model = open_model(folder)
    assert figures_of(model).bits_per_byte > 1
    shipped = figures_of(open_model(SHIPPED / "starter"))
    assert 0.5 < shipped.bits_per_byte < 2.5


GOOD = {
    "quantisation": "int8",
    "size": 1,
    "memory": 1,
    "prompt_tokens": 1,
    "first_token": 1.5,
    "tokens_per_second": 2,
    "bits_per_byte": 0.5,
}


@pytest.mark.parametrize(
    "value",
    [
        3,
        [3],
        [{"size": 1}],
        {"a": 1},
        [GOOD] * 9,
        *([GOOD | wrong] for wrong in ({"size": "x"}, {"memory": -1})),
    ],
)
def test_figures_that_are_none_are_refused(folder, tmp_path, value):
    values = json.loads((folder / "manifest.json").read_text())
    for figures in ([], [GOOD]):
        (tmp_path / "manifest.json").write_text(json.dumps(values | {"figures": figures}))
        assert len(read_manifest(tmp_path).figures) == len(figures)
    (tmp_path / "manifest.json").write_text(json.dumps(values | {"figures": value}))
    with pytest.raises(InvalidConfig, match="figures"):
        read_manifest(tmp_path)
