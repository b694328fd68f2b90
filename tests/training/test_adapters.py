"""A LoRA adapter merged into its base answers as the two do together, and one that does not fit is told."""

import json
import shutil

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="adapters need the extra train: make install-train")
pytest.importorskip("peft", reason="adapters need the extra train: make install-train")

from safetensors.torch import load_file, save_file  # noqa: E402

from rust_ai_ide.runtime.manifest import read_manifest  # noqa: E402
from rust_ai_ide.training.conversion.adapters import CONFIG, WEIGHTS, inspect_adapter, merge_adapter  # noqa: E402
from rust_ai_ide.training.conversion.converting import Request, convert  # noqa: E402
from rust_ai_ide.training.conversion.errors import ConversionFailed  # noqa: E402
from rust_ai_ide.training.conversion.importing import import_model  # noqa: E402
from rust_ai_ide.training.conversion.inspecting import inspect_folder, read_sizes  # noqa: E402
from tests.training.foreign import bigcode, llama, lora  # noqa: E402

pytestmark = [
    # PEFT asks for what Transformers calls otherwise now, and only warns of what we refuse.
    pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning"),
    pytest.mark.filterwarnings("ignore:Found missing adapter keys:UserWarning"),
    pytest.mark.filterwarnings("ignore:Setting `save_embedding_layers`:UserWarning"),
    pytest.mark.filterwarnings("ignore:Model has `tie_word_embeddings=True`:UserWarning"),
]
TOKENS = list(range(10, 40))


def adapter(folder, network, **settings):
    """Write an adapter and return what base and adapter say of TOKENS."""
    return scores(lora(folder, network, **settings))


def scores(network):
    with torch.no_grad():
        return network(input_ids=torch.tensor([TOKENS])).logits[0].numpy()


@pytest.fixture
def source(tmp_path, tokeniser_file):
    """The folder of a tiny Llama with tied embeddings."""
    llama(tmp_path / "base", tokeniser_file, tie_word_embeddings=True)
    return tmp_path / "base"


def loaded(folder):
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()


@pytest.fixture
def fitting(tmp_path, source):
    """The folder of an adapter for it."""
    adapter(tmp_path / "lora", loaded(source), target_modules=["q_proj", "v_proj", "down_proj"])
    return tmp_path / "lora"


def request(source, tmp_path, **values):
    return Request(str(source), str(tmp_path / "into"), "tuned", "1", "MIT", **values)


def refusal(source, folder, tmp_path):
    """Return why the adapter is refused; the work is done in this process, which is quicker."""
    (tmp_path / "scratch").mkdir(exist_ok=True)
    chosen = request(source, tmp_path, adapter=str(folder))

    def work():
        inspect_adapter(folder, read_sizes(inspect_folder(source).config))
        convert(chosen, str(tmp_path / "scratch"))

    with pytest.raises(ConversionFailed) as caught:
        work()
    assert not (tmp_path / "into").exists()
    return str(caught.value)


def said(folder, tokens=TOKENS):
    """Return the scores of a model folder of ours."""
    from ctranslate2 import Generator

    names = json.loads((folder / "vocabulary.json").read_text())
    generator = Generator(str(folder), device="cpu", compute_type="float32", intra_threads=1)
    return np.array(generator.forward_batch([[names[token] for token in tokens]]))[0]


@pytest.mark.parametrize(
    ("tied", "how"), [(True, {}), (False, {"use_rslora": True}), (True, {"use_dora": True})]
)
def test_a_merged_llama_answers_as_base_and_adapter(tmp_path, tokeniser_file, tied, how):
    network = llama(tmp_path / "base", tokeniser_file, tie_word_embeddings=tied, num_key_value_heads=2)
    before = scores(network)
    wanted = adapter(tmp_path / "lora", network, target_modules="all-linear", **how)
    chosen = request(tmp_path / "base", tmp_path, adapter=str(tmp_path / "lora"), quantisation="float32")
    manifest = import_model(chosen)
    assert manifest.base_model == "base"
    assert manifest.origin == "imported from base, merged with the adapter lora"
    given = said(tmp_path / "into")
    assert np.abs(given - wanted).max() < 1e-3
    assert np.abs(before - wanted).max() > 0.1


def test_a_merged_starcoder_in_8_bits_answers_as_base_and_adapter(tmp_path, corpus):
    network = bigcode(tmp_path / "base", [file.text for file in corpus.training])
    before = scores(network)
    wanted = adapter(tmp_path / "lora", network, target_modules=["c_attn", "c_fc"])
    (tmp_path / "scratch").mkdir()
    convert(request(tmp_path / "base", tmp_path, adapter=str(tmp_path / "lora")), str(tmp_path / "scratch"))
    assert read_manifest(tmp_path / "into").family == "gpt_bigcode"
    given = said(tmp_path / "into")
    assert np.corrcoef(given.ravel(), wanted.ravel())[0, 1] > 0.99
    assert np.corrcoef(before.ravel(), wanted.ravel())[0, 1] < 0.97


def test_what_the_adapter_does_not_name_stays_the_same_to_the_bit(source, fitting):
    base = loaded(source).state_dict()
    before = {name: value.clone() for name, value in base.items()}
    merged = merge_adapter(loaded(source), fitting, TOKENS)
    changed = {name for name, value in merged.state_dict().items() if not torch.equal(value, before[name])}
    assert {name.split(".")[-2] for name in changed} == {"q_proj", "v_proj", "down_proj"}
    assert merged.get_output_embeddings().weight is merged.get_input_embeddings().weight


def test_an_adapter_of_tied_embeddings_is_refused(tmp_path, source):
    adapter(tmp_path / "lora", loaded(source), target_modules=["embed_tokens"])
    assert "shares with its head" in refusal(source, tmp_path / "lora", tmp_path)


def test_an_adapter_of_the_head_alone_merges_where_it_is_not_tied(tmp_path, tokeniser_file):
    llama(tmp_path / "base", tokeniser_file, tie_word_embeddings=False)
    wanted = adapter(tmp_path / "lora", loaded(tmp_path / "base"), target_modules=["lm_head"])
    merged = merge_adapter(loaded(tmp_path / "base"), tmp_path / "lora", TOKENS)
    assert np.abs(scores(merged) - wanted).max() < 1e-3


def change(folder, **values):
    file = folder / CONFIG
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"r": 0}, "0 as rank"),
        ({"r": 65}, "65 as rank, where a number from 1 to 64"),
        ({"r": 10**9}, "as rank"),
        ({"r": "many"}, "many as rank"),
        ({"rank_pattern": {"q_proj": -1}}, "-1 as rank"),
        ({"lora_alpha": "much"}, "much as lora_alpha"),
        ({"lora_alpha": None}, "None as lora_alpha"),
        ({"peft_type": "IA3"}, "kind 'IA3'"),
        ({"bias": "all"}, "has biases"),
        ({"modules_to_save": ["lm_head"]}, "uses modules_to_save"),
        ({"r": 5}, "does not fit this base"),
        ({"target_modules": ["nowhere"]}, "does not fit this base"),
        ({"target_modules": ["q_proj", "v_proj"]}, "it brings along"),
        ({"target_modules": ["q_proj", "v_proj", "down_proj", "k_proj"]}, "it lacks"),
    ],
)
def test_an_absurd_or_foreign_adapter_is_told(tmp_path, source, fitting, values, sentence):
    change(fitting, **values)
    assert sentence in refusal(source, fitting, tmp_path)


def test_an_adapter_of_a_base_of_another_width_is_told(tmp_path, tokeniser_file, fitting):
    llama(tmp_path / "wide", tokeniser_file, hidden_size=128)
    assert "does not fit this base" in refusal(tmp_path / "wide", fitting, tmp_path)


def test_an_adapter_without_effect_is_told(tmp_path, source, fitting):
    weights = load_file(fitting / WEIGHTS)
    save_file({name: torch.zeros_like(value) for name, value in weights.items()}, fitting / WEIGHTS)
    assert "no effect" in refusal(source, fitting, tmp_path)


def test_an_adapter_that_is_no_number_is_told(tmp_path, source, fitting):
    weights = load_file(fitting / WEIGHTS)
    first = sorted(weights)[0]
    save_file({**weights, first: torch.full_like(weights[first], float("nan"))}, fitting / WEIGHTS)
    assert "does not answer as the adapter does" in refusal(source, fitting, tmp_path)


@pytest.mark.parametrize("name", [CONFIG, WEIGHTS])
def test_a_missing_or_cut_file_is_told(tmp_path, source, fitting, name):
    good = (fitting / name).read_bytes()
    (fitting / name).write_bytes(good[:40])
    assert name in refusal(source, fitting, tmp_path)
    (fitting / name).unlink()
    assert name in refusal(source, fitting, tmp_path)
    shutil.rmtree(fitting)
    assert "no folder" in refusal(source, fitting, tmp_path)


def test_a_pickled_adapter_is_never_opened(tmp_path, source, fitting):
    import os

    class Bomb:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "exploded"),)

    (fitting / WEIGHTS).unlink()
    torch.save({"weight": Bomb()}, fitting / "adapter_model.bin")
    assert "pickle" in refusal(source, fitting, tmp_path)
    assert not (tmp_path / "exploded").exists()


def test_an_adapter_for_a_gguf_file_is_told(tmp_path, fitting):
    (tmp_path / "small.gguf").write_bytes(b"GGUF")
    with pytest.raises(ConversionFailed, match="safetensors of its base"):
        import_model(request(tmp_path / "small.gguf", tmp_path, adapter=str(fitting)))


def test_a_refusal_in_the_child_process_leaves_nothing(tmp_path, source, fitting):
    change(fitting, target_modules=["nowhere"])
    with pytest.raises(ConversionFailed, match="does not fit this base"):
        import_model(request(source, tmp_path, adapter=str(fitting)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base", "lora"]
