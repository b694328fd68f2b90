"""Where a network is trained: refused where it is not there, changed between two runs, and followed by its inputs."""

from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra train: make install-train")

from rust_ai_ide.training.devices import DeviceUnusable, device_for, device_of, free_on_card  # noqa: E402
from rust_ai_ide.training.evaluation.likelihood import bits_per_byte  # noqa: E402
from rust_ai_ide.training.families.known import FAMILIES  # noqa: E402
from rust_ai_ide.training.finetuning.config import FinetuneConfig, loop_config  # noqa: E402
from rust_ai_ide.training.network import build, greedy, parameters  # noqa: E402
from rust_ai_ide.training.pretraining import PretrainingConfig  # noqa: E402
from rust_ai_ide.training.sizes import SIZES, sized  # noqa: E402
from tests.training.tiny import tiny_config, tiny_training  # noqa: E402

without_card = pytest.mark.skipif(torch.cuda.is_available(), reason="there is a graphics card")


@without_card
def test_a_device_that_is_not_there_is_refused_and_auto_does_without():
    assert device_for("auto") == device_for("cpu") == "cpu"
    assert free_on_card() is None
    with pytest.raises(DeviceUnusable, match="finds no graphics card"):
        device_for("cuda")
    with pytest.raises(DeviceUnusable, match="choose auto, cpu, cuda"):
        device_for("tpu")


def test_a_checkpoint_goes_on_whatever_device_is_asked_for(tmp_path, corpus, tokeniser):
    tiny_training(tmp_path, corpus, tokeniser, steps=2, device="cpu").run()
    again = tiny_training(tmp_path, corpus, tokeniser, steps=4, device="auto")
    assert again.step == 2
    again.run()
    settings = [
        loop_config(FinetuneConfig(device=name), tiny_config(512), "").settings for name in ("auto", "cpu")
    ]
    assert settings[0] == settings[1]
    assert replace(PretrainingConfig(), device="cpu").settings == PretrainingConfig().settings


@pytest.mark.parametrize("family", FAMILIES)
def test_what_a_network_reads_goes_where_it_is(family, tokeniser, corpus):
    network = build(tiny_config(tokeniser.size, family)).to("meta")
    assert device_of(network).type == "meta"
    seen = []

    def look(_module, _arguments, named):
        seen.append(named["input_ids"].device.type)

    network.register_forward_pre_hook(look, with_kwargs=True)
    # Tensors of "meta" have no values, so nothing comes of either.
    with pytest.raises(RuntimeError, match="meta"):
        greedy(network, [1, 2], 1, frozenset())
    with pytest.raises(RuntimeError, match="meta"):
        bits_per_byte(network, tokeniser, corpus.validation[:1], 64)
    assert seen == ["meta", "meta"]


@pytest.mark.parametrize(("size", "millions"), [("small", 7), ("medium", 14), ("large", 32)])
def test_the_sizes_are_what_they_are_said_to_be(size, millions):
    for family in FAMILIES:
        with torch.device("meta"):
            count = parameters(build(sized(size, family)))
        assert count / 1e6 == pytest.approx(millions, rel=0.1 if family == "llama" else 0.2)
    assert SIZES[size].width // SIZES[size].heads == 64
