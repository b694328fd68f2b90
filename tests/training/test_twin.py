"""The twin in PyTorch computes what the model folder computes."""

from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra train: make install-train")

import ctranslate2  # noqa: E402

from rust_ai_ide.runtime.errors import InvalidConfig  # noqa: E402
from rust_ai_ide.training.export import Description, write_model  # noqa: E402
from rust_ai_ide.training.network import NetworkConfig, build  # noqa: E402
from rust_ai_ide.training.tokeniser import CodeTokeniser  # noqa: E402
from rust_ai_ide.training.twin import twin  # noqa: E402
from tests.docs.reading import ROOT  # noqa: E402
from tests.runtime.tiny import tiny_model  # noqa: E402

STARTER = ROOT / "models" / "starter"
SMALL = NetworkConfig(width=64, layers=2, heads=4, inner=96, context=128)
CODE = "use std::collections::HashMap;\n\npub fn len(&self) -> usize {\n    self.items.len()\n}\n"


def log_probabilities(network, tokens):
    with torch.inference_mode():
        scores = network(input_ids=torch.tensor([tokens])).logits[0]
    likely = torch.log_softmax(scores, -1)
    return [float(likely[place, token]) for place, token in enumerate(tokens[1:])]


def scored(folder, tokens):
    pieces = CodeTokeniser(folder / "tokenizer.model").pieces()
    # In 32 bits both compute with the very numbers that the folder holds.
    generator = ctranslate2.Generator(str(folder), compute_type="float32")
    (result,) = generator.score_batch([[pieces[token] for token in tokens]])
    return result.log_probs


def tokens_of(folder):
    tokeniser = CodeTokeniser(folder / "tokenizer.model")
    return [tokeniser.begin, *tokeniser.encode(CODE)]


@pytest.mark.parametrize(
    "shape", [SMALL, replace(SMALL, key_heads=1), replace(SMALL, key_heads=2, tied=False, rope_base=5000.0)]
)
def test_it_finds_the_same_tokens_as_likely(tmp_path, tokeniser, tokeniser_file, shape):
    network = build(replace(shape, vocabulary=tokeniser.size), seed=3)
    description = Description("small", "1", "MIT", "made by a test", "", "# Small")
    write_model(network, tokeniser_file, description, tmp_path / "small")
    tokens = tokens_of(tmp_path / "small")
    expected = scored(tmp_path / "small", tokens)
    assert log_probabilities(twin(tmp_path / "small"), tokens) == pytest.approx(expected, abs=1e-3)


def test_the_shipped_model_has_one():
    tokens = tokens_of(STARTER)
    assert log_probabilities(twin(STARTER), tokens) == pytest.approx(scored(STARTER, tokens), abs=1e-3)


def test_another_kind_of_model_has_none(tmp_path):
    manifest = tiny_model(tmp_path / "other")
    replace(manifest, family="gpt_bigcode").write(tmp_path / "other")
    with pytest.raises(InvalidConfig, match="neither a plain Llama"):
        twin(tmp_path / "other")
