"""The family of StarCoder is built, trained, fine-tuned, written and read back as Llamas are."""

from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra train: make install-train")
peft = pytest.importorskip("peft", reason="adapters need the extra train: make install-train")

import ctranslate2  # noqa: E402

from rust_ai_ide.observability.events import Cancelled, Progressed  # noqa: E402
from rust_ai_ide.runtime.errors import InvalidConfig  # noqa: E402
from rust_ai_ide.runtime.manifest import read_manifest  # noqa: E402
from rust_ai_ide.training.conversion.adapters import merge_adapter  # noqa: E402
from rust_ai_ide.training.export import Description, write_model, write_weights  # noqa: E402
from rust_ai_ide.training.families.gpt_bigcode import GPT_BIGCODE  # noqa: E402
from rust_ai_ide.training.finetuning.estimates import count_trained, count_weights  # noqa: E402
from rust_ai_ide.training.finetuning.job import finetune  # noqa: E402
from rust_ai_ide.training.losses import summed_loss  # noqa: E402
from rust_ai_ide.training.network import build, parameters  # noqa: E402
from rust_ai_ide.training.twin import network_config, twin  # noqa: E402
from tests.training.finetuning import curve, dataset, job, quick, tiny_base  # noqa: E402
from tests.training.tiny import tiny_config, tiny_training  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")
FAMILY = GPT_BIGCODE.name
TOKENS = [1, *range(40, 90), *range(60, 20, -3)]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A library of its own for each test."""
    monkeypatch.setenv("RUST_AI_IDE_HOME", str(tmp_path / "home"))


def strong(shape):
    """Return a network whose weights, biases and norms are all far from where they begin."""
    network = build(shape, seed=3).eval()
    with torch.no_grad():
        for weight in network.parameters():
            weight.add_(torch.randn_like(weight) * 0.2)
    return network


def logits(network, tokens=TOKENS):
    with torch.inference_mode():
        return network(input_ids=torch.tensor([tokens])).logits[0]


def log_probabilities(network):
    likely = torch.log_softmax(logits(network), -1)
    return [float(likely[place, token]) for place, token in enumerate(TOKENS[1:])]


@pytest.fixture
def written(tmp_path, tokeniser, tokeniser_file):
    """Write a network in 32 bits as a model folder, and return what was written and where."""

    def write(**changes):
        network = strong(replace(tiny_config(tokeniser.size, FAMILY), **changes))
        description = Description("small", "1", "MIT", "made by a test", "", "# Small")
        write_model(network, tokeniser_file, description, tmp_path / "small")
        write_weights(network, tokeniser.pieces(), tmp_path / "small", "float32")
        return network, tmp_path / "small"

    return write


@pytest.mark.parametrize("changes", [{}, {"tied": False, "epsilon": 1e-2}, {"heads": 4, "inner": 48}])
def test_what_was_written_comes_back_and_answers_alike(written, tokeniser, changes):
    network, folder = written(**changes)
    assert read_manifest(folder).family == FAMILY
    back = twin(folder)
    assert torch.allclose(logits(back), logits(network), atol=1e-4)
    generator = ctranslate2.Generator(str(folder), compute_type="float32")
    (result,) = generator.score_batch([[tokeniser.pieces()[token] for token in TOKENS]])
    assert result.log_probs == pytest.approx(log_probabilities(back), abs=1e-4)
    assert network_config(folder).context == 128


def test_another_activation_has_no_twin(tmp_path, tokeniser, tokeniser_file):
    network = build(tiny_config(tokeniser.size, FAMILY))
    network.config.activation_function = "relu"
    description = Description("small", "1", "MIT", "made by a test", "", "# Small")
    write_model(network, tokeniser_file, description, tmp_path / "small")
    with pytest.raises(InvalidConfig, match="no twin"):
        twin(tmp_path / "small")


def test_its_weights_are_counted_from_the_shape(tokeniser):
    for shape in (tiny_config(512, FAMILY), replace(tiny_config(512, FAMILY), tied=False, heads=4)):
        assert count_weights(shape) == parameters(build(shape))
    adapted = peft.get_peft_model(
        build(shape), peft.LoraConfig(r=4, target_modules=list(GPT_BIGCODE.lora_layers))
    )
    trained = sum(weight.numel() for weight in adapted.parameters() if weight.requires_grad)
    assert count_trained(quick(method="lora"), shape) == trained


@pytest.mark.parametrize("inner", [64, 256])
@pytest.mark.parametrize("halves", [False, True])
def test_what_it_keeps_for_the_way_back_is_foretold(inner, halves):
    kept = []
    for layers in (2, 4):
        shape = replace(tiny_config(512, FAMILY), width=64, inner=inner, layers=layers)
        network = build(shape)
        weights = {weight.untyped_storage().data_ptr() for weight in network.parameters()}
        seen = {}

        def pack(tensor, weights=weights, seen=seen):
            storage = tensor.untyped_storage()
            if storage.data_ptr() not in weights:
                seen[storage.data_ptr()] = storage.nbytes()
            return tensor

        tokens = torch.zeros((4, 128), dtype=torch.int64)
        with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
            summed_loss(network, tokens, tokens, use_bfloat16=halves)
        kept.append(sum(seen.values()) / tokens.numel())
    measured, foretold = (kept[1] - kept[0]) / 2, GPT_BIGCODE.kept_inside(shape) * (2 if halves else 4)
    # Copies of the weights in 16 bits are counted with the weights.
    copies = sum(r * c for r, c in GPT_BIGCODE.matrices(shape)) * 2 / tokens.numel() if halves else 0
    assert 0.9 * (measured - copies) <= foretold <= 2 * measured


def test_it_learns_from_scratch_and_goes_on_after_a_stop(tmp_path, corpus, tokeniser):
    whole = tiny_training(tmp_path / "whole", corpus, tokeniser, FAMILY, steps=12)
    first = whole.do_step()
    whole.run()
    assert whole.do_step() < 0.9 * first

    def stop(event):
        if isinstance(event, Progressed) and event.done == 5:
            raise Cancelled

    with pytest.raises(Cancelled):
        tiny_training(tmp_path / "cut", corpus, tokeniser, FAMILY, steps=12, save_every=0.0).run(report=stop)
    again = tiny_training(tmp_path / "cut", corpus, tokeniser, FAMILY, steps=12)
    assert again.step == 5
    again.run()
    straight = tiny_training(tmp_path / "whole", corpus, tokeniser, FAMILY, steps=12).network.state_dict()
    assert all(torch.equal(value, straight[name]) for name, value in again.network.state_dict().items())


@pytest.mark.parametrize("method", ["full", "lora"])
def test_it_is_fine_tuned(tmp_path, tokeniser_file, method):
    tiny_base(tmp_path / "base", tokeniser_file, family=FAMILY)
    dataset(tmp_path / "data")
    made = finetune(job(tmp_path, method=method, steps=25))
    losses = curve(tmp_path / "into")
    assert losses[25] < losses[1]
    assert made.comparison.after.bits_per_byte < made.comparison.before.bits_per_byte
    manifest = read_manifest(tmp_path / "into/model")
    assert (manifest.id, manifest.family) == ("tiny@2", FAMILY)
    before, after = twin(tmp_path / "base").state_dict(), twin(tmp_path / "into/model").state_dict()
    inside = [name for name in before if name.endswith(("c_attn.weight", "c_proj.weight", "c_fc.weight"))]
    assert len(inside) == 8
    assert not any(torch.allclose(before[name], after[name], atol=1e-5) for name in inside)
    if method == "lora":
        place = tmp_path / "into/adapter"
        adapted = peft.PeftModel.from_pretrained(twin(tmp_path / "base"), place).eval()
        merged = merge_adapter(twin(tmp_path / "base"), place, TOKENS)
        assert torch.allclose(logits(merged), logits(adapted), atol=1e-4)
        assert not torch.allclose(logits(merged), logits(twin(tmp_path / "base")), atol=1e-2)
