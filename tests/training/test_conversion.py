"""Models of others become model folders that say the same, and what cannot be converted is told in one sentence."""

import json
import os
import re

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="conversion needs the extra train: make install-train")
pytest.importorskip("transformers", reason="conversion needs the extra train: make install-train")

from rust_ai_ide.runtime.manifest import InfillTokens, read_manifest, verify_files  # noqa: E402
from rust_ai_ide.training.conversion.converting import Request, convert  # noqa: E402
from rust_ai_ide.training.conversion.errors import ConversionFailed  # noqa: E402
from rust_ai_ide.training.conversion.importing import import_model  # noqa: E402
from tests.training.foreign import bigcode, gguf_file, llama  # noqa: E402


@pytest.fixture
def source(tmp_path, tokeniser_file):
    """The folder of a tiny Llama."""
    llama(tmp_path / "source", tokeniser_file)
    return tmp_path / "source"


def request(source, into):
    return Request(str(source), str(into), "foreign", "1", "Apache-2.0")


def converted(source, tmp_path):
    """Convert in this process, which is quicker, and return the manifest."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    convert(request(source, tmp_path / "into"), str(scratch))
    return read_manifest(tmp_path / "into")


def refusal(source, tmp_path):
    with pytest.raises(ConversionFailed) as caught:
        import_model(request(source, tmp_path / "into"))
    assert not [path for path in tmp_path.iterdir() if path.name.startswith((".into", "into"))]
    return str(caught.value)


def agreement(folder, network, tokens):
    """Return how well the scores of the folder's model follow those of the network."""
    from ctranslate2 import Generator

    names = json.loads((folder / "vocabulary.json").read_text())
    generator = Generator(str(folder), device="cpu", compute_type="int8", intra_threads=1)
    given = np.array(generator.forward_batch([[names[token] for token in tokens]]))[0]
    with torch.no_grad():
        wanted = network(input_ids=torch.tensor([tokens])).logits[0].numpy()
    return float(np.corrcoef(given.ravel(), wanted.ravel())[0, 1])


def test_a_llama_in_a_child_process(tmp_path, source, tokeniser_file, tokeniser):
    network = llama(tmp_path / "again", tokeniser_file)
    manifest = import_model(request(source, tmp_path / "into"))
    verify_files(tmp_path / "into", manifest)
    assert (manifest.family, manifest.context_length, manifest.begin, manifest.stop) == (
        "llama",
        256,
        ("<s>",),
        ("</s>",),
    )
    assert manifest.origin == "imported from source"
    assert (
        agreement(tmp_path / "into", network, tokeniser.encode("pub fn find_row(row: &str) -> u64 {")) > 0.99
    )


def test_a_llama_with_fewer_keys_than_queries(tmp_path, tokeniser_file, tokeniser):
    network = llama(tmp_path / "source", tokeniser_file, num_key_value_heads=2, tie_word_embeddings=True)
    converted(tmp_path / "source", tmp_path)
    assert agreement(tmp_path / "into", network, tokeniser.encode("pub fn find_row(row: &str)")) > 0.99


def test_a_starcoder(tmp_path, corpus):
    network = bigcode(tmp_path / "source", [file.text for file in corpus.training])
    manifest = converted(tmp_path / "source", tmp_path)
    assert manifest.family == "gpt_bigcode"
    assert manifest.infill == InfillTokens("<fim_prefix>", "<fim_suffix>", "<fim_middle>")
    assert (manifest.begin, manifest.stop) == ((), ("<|endoftext|>",))
    assert manifest.chat_template == "{{ messages[0].content }}"
    assert agreement(tmp_path / "into", network, list(range(10, 40))) > 0.99


@pytest.mark.parametrize("kind", ["Q8_0", "Q5_0", "Q4_0"])
def test_a_gguf_file(tmp_path, tokeniser_file, tokeniser, kind):
    network = llama(tmp_path / "source", tokeniser_file)
    gguf_file(tmp_path / "small.gguf", network, tokeniser, kind)
    manifest = converted(tmp_path / "small.gguf", tmp_path)
    assert manifest.origin == f"imported from small.gguf ({kind}), re-quantised"
    least = {"Q8_0": 0.99, "Q5_0": 0.95, "Q4_0": 0.9}[kind]
    assert agreement(tmp_path / "into", network, tokeniser.encode("pub fn find_row(row: &str)")) > least


def change(source, **values):
    file = source / "config.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"model_type": "mamba"}, "type 'mamba'"),
        ({"hidden_size": 10**9}, "1000000000 as width"),
        ({"hidden_size": -1}, "-1 as width"),
        ({"num_hidden_layers": "many"}, "many as number of layers"),
        ({"vocab_size": True}, "True as vocabulary"),
        ({"num_attention_heads": 7}, "does not divide"),
        (
            {"quantization_config": {"quant_method": "gptq", "bits": 4}},
            "quantised by gptq.*llama.cpp or Ollama",
        ),
        ({"quantization_config": {"quant_method": "bitsandbytes"}}, "quantised by bitsandbytes"),
    ],
)
def test_an_absurd_configuration_is_told(tmp_path, source, values, sentence):
    change(source, **values)
    assert re.search(sentence, refusal(source, tmp_path))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("config.json", "no config.json"),
        ("model.safetensors", "no model.safetensors"),
        ("tokenizer.model", "no tokeniser"),
    ],
)
def test_a_missing_file_is_told(tmp_path, source, name, sentence):
    (source / name).unlink()
    assert sentence in refusal(source, tmp_path)


@pytest.mark.parametrize("kept", [0, 4, 100, 5_000, -1])
def test_cut_weights_are_told(tmp_path, source, kept):
    file = source / "model.safetensors"
    file.write_bytes(file.read_bytes()[:kept])
    assert "model.safetensors" in refusal(source, tmp_path)


def test_more_layers_than_there_are_weights_for_are_told(tmp_path, source):
    change(source, num_hidden_layers=3)
    assert "lack" in refusal(source, tmp_path)


def test_a_pickle_is_never_opened(tmp_path, source):
    class Bomb:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "exploded"),)

    (source / "model.safetensors").unlink()
    torch.save({"weight": Bomb()}, source / "pytorch_model.bin")
    assert "pickle" in refusal(source, tmp_path)
    assert not (tmp_path / "exploded").exists()


def test_code_that_a_folder_brings_along_is_not_run(tmp_path, source):
    change(source, auto_map={"AutoModelForCausalLM": "evil.Evil", "AutoConfig": "evil.Evil"})
    (source / "evil.py").write_text(
        f"import os; os.mkdir({str(tmp_path / 'exploded')!r})\nclass Evil: pass\n"
    )
    import_model(request(source, tmp_path / "into"))
    assert not (tmp_path / "exploded").exists()


def test_an_index_cannot_name_files_elsewhere(tmp_path, source):
    (source / "model.safetensors.index.json").write_text(
        json.dumps({"weight_map": {"a": "../other.safetensors"}})
    )
    assert "does not name files of this folder" in refusal(source, tmp_path)


def test_a_gguf_file_that_is_cut_or_of_another_family_is_told(tmp_path, tokeniser_file, tokeniser):
    network = llama(tmp_path / "source", tokeniser_file)
    file = tmp_path / "small.gguf"
    gguf_file(file, network, tokeniser, "Q8_0", family="mamba")
    assert "GGUF files of 'mamba'" in refusal(file, tmp_path)
    file.write_bytes(file.read_bytes()[:5_000])
    assert "no GGUF file, or not all of it" in refusal(file, tmp_path)
    file.write_bytes(b"nothing")
    assert "is no GGUF file" in refusal(file, tmp_path)


def test_a_conversion_that_needs_too_much_is_stopped(tmp_path, source):
    with pytest.raises(ConversionFailed, match="within 100 MB"):
        import_model(request(source, tmp_path / "into"), memory=100 * 1024 * 1024)
    with pytest.raises(ConversionFailed, match="longer than 0"):
        import_model(request(source, tmp_path / "into"), seconds=0.2)
    assert not list(tmp_path.glob(".into*"))
