"""Settings that cannot work are told before the training, each with its remedy; presets have none of them."""

import math
from dataclasses import replace

import pytest

from rust_ai_ide.runtime.hardware import Gpu
from rust_ai_ide.runtime.manifest import InfillTokens, Manifest
from rust_ai_ide.training.families.llama import LLAMA
from rust_ai_ide.training.finetuning.base import Base
from rust_ai_ide.training.finetuning.config import FinetuneConfig
from rust_ai_ide.training.finetuning.errors import FinetuningRefused
from rust_ai_ide.training.finetuning.estimates import count_trained, count_weights, estimate_memory
from rust_ai_ide.training.finetuning.presets import SIZES, TASKS, get_config_preset, size_of, with_method
from rust_ai_ide.training.finetuning.validation import validate_training_config
from rust_ai_ide.training.network import NetworkConfig
from tests.training.finetuning import MACHINE

SMALL = NetworkConfig()
LARGE = NetworkConfig(32_000, 4096, 32, 32, 11_008, 16_384)
GOOD = FinetuneConfig(steps=100)


def base(tmp_path, shape=SMALL):
    infill = InfillTokens("<|prefix|>", "<|suffix|>", "<|middle|>", "spm")
    manifest = Manifest("starter", "1", "llama", "MIT", shape.context, "int8", infill=infill)
    return Base(tmp_path, manifest, shape, ())


def test_good_settings_have_no_problem(tmp_path):
    assert validate_training_config(GOOD, base(tmp_path), MACHINE) == []


@pytest.mark.parametrize(
    ("settings", "field", "remedy"),
    [
        ({"rate": 0.0}, "rate", "learning rate from"),
        ({"rate": 10.0}, "rate", "learning rate from"),
        ({"rate": -1e-3}, "rate", "learning rate from"),
        ({"rate": math.nan}, "rate", "learning rate from"),
        ({"rate": "fast"}, "rate", "learning rate from"),
        ({"steps": 0}, "steps", "in steps or in minutes"),
        ({"steps": -5}, "steps", "10,000,000 steps"),
        ({"steps": True}, "steps", "10,000,000 steps"),
        ({"steps": 2.5}, "steps", "10,000,000 steps"),
        ({"length": 100.5}, "length", "64 to 1,024 tokens"),
        ({"minutes": 5.0}, "minutes", "not both"),
        ({"minutes": math.inf}, "minutes", "100,000 minutes"),
        ({"batch": 0}, "batch", "1 to 4,096 windows"),
        ({"micro": 0}, "micro", "At least 1 window"),
        ({"micro": 64}, "micro", "has 16 windows"),
        ({"length": 2048}, "length", "64 to 1,024 tokens"),
        ({"length": 5}, "length", "64 to 1,024 tokens"),
        ({"warm_up": 0}, "warm_up", "at least 1 step"),
        ({"warm_up": 500}, "warm_up", "100 steps"),
        ({"decay": 1.0}, "decay", "below 1"),
        ({"weight_decay": 7.0}, "weight_decay", "from 0 to 1"),
        ({"clip": 0.0}, "clip", "above 0"),
        ({"infill": 2.0}, "infill", "from 0 to 1"),
        ({"device": "cuda"}, "device", "no graphics card"),
        ({"device": "tpu"}, "device", "auto, cpu, cuda"),
        ({"check_every": 0}, "check_every", "every 1 or more steps"),
        ({"patience": -1}, "patience", "0 is never"),
        ({"save_every": -1.0}, "save_every", "0 or more"),
        ({"seed": -1}, "seed", "at least 0"),
        ({"threads": 400}, "threads", "1 to 2 threads"),
        ({"method": "qlora"}, "method", "lora and full"),
        ({"precision": "float16"}, "precision", "do not train in float16"),
        ({"precision": "int4"}, "precision", "bfloat16 and float32"),
        ({"method": "lora", "rank": 0}, "rank", "1 to 256"),
        ({"method": "lora", "rank": 4096}, "rank", "1 to 256"),
        ({"method": "lora", "alpha": 0.0}, "alpha", "above 0"),
    ],
)
def test_a_problem_names_field_value_and_remedy(tmp_path, settings, field, remedy):
    (problem,) = validate_training_config(replace(GOOD, **settings), base(tmp_path), MACHINE)
    assert problem.field == field
    assert (
        problem.value == f"{settings[field]:g}"
        if isinstance(settings[field], float)
        else str(settings[field])
    )
    assert remedy in problem.remedy
    assert problem.remedy.endswith(".")


def test_all_problems_are_told_at_once(tmp_path):
    bad = replace(GOOD, rate=0.0, batch=0, precision="float16")
    assert [each.field for each in validate_training_config(bad, base(tmp_path), MACHINE)] == [
        "rate",
        "batch",
        "precision",
    ]


def test_infilling_needs_a_base_that_infills(tmp_path):
    plain = base(tmp_path)
    plain = replace(plain, manifest=replace(plain.manifest, infill=None))
    (problem,) = validate_training_config(GOOD, plain, MACHINE)
    assert (problem.field, "preset continuation" in problem.remedy) == ("infill", True)
    assert validate_training_config(replace(GOOD, infill=0.0), plain, MACHINE) == []


def test_a_batch_that_does_not_fit_is_told_with_what_would(tmp_path):
    wide = replace(GOOD, micro=16, batch=16, length=1024)
    needs = estimate_memory(wide, SMALL).total
    tight = replace(MACHINE, memory_available=needs - 1)
    (problem,) = validate_training_config(wide, base(tmp_path), tight)
    assert problem.field == "micro"
    assert "one window at once would fit" in problem.remedy
    assert f"{needs / 2**20:,.0f} MB" in problem.remedy
    roomy = replace(MACHINE, memory_available=needs)
    assert validate_training_config(wide, base(tmp_path), roomy) == []
    (problem,) = validate_training_config(GOOD, base(tmp_path, LARGE), MACHINE)
    assert "choose a smaller model" in problem.remedy
    between = replace(MACHINE, memory_available=40_000_000_000)
    (problem,) = validate_training_config(GOOD, base(tmp_path, LARGE), between)
    assert "LoRA, one window at once and gradient checkpointing would fit" in problem.remedy


def test_memory_is_what_the_settings_ask_for():
    plain = estimate_memory(GOOD, SMALL)
    assert plain.optimiser == 2 * plain.gradients == 8 * count_weights(SMALL)
    assert estimate_memory(replace(GOOD, micro=8), SMALL).activations == 2 * plain.activations
    assert estimate_memory(replace(GOOD, gradient_checkpointing=True), SMALL).activations < plain.activations
    lora = estimate_memory(replace(GOOD, method="lora"), SMALL)
    assert lora.optimiser < plain.optimiser / 4
    assert lora.weights == plain.weights


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("shape", [SMALL, replace(LARGE, width=2048, layers=8)])
def test_a_preset_has_no_problem(tmp_path, task, shape):
    roomy = replace(MACHINE, memory_available=32_000_000_000)
    config = get_config_preset(task, shape, size_of(shape), roomy)
    assert validate_training_config(config, base(tmp_path, shape), roomy) == []
    assert config.infill == TASKS[task]
    other = with_method(config, "lora" if config.method == "full" else "full")
    assert (other.method != config.method, other.rate != config.rate) == (True, True)


def test_a_preset_follows_size_and_machine():
    assert [size_of(SMALL), size_of(LARGE)] == ["small", "large"]
    methods = [get_config_preset("completion", SMALL, size, MACHINE).method for size in SIZES]
    assert methods == ["full", "lora", "lora"]
    amx = replace(MACHINE, features=("amx_bf16",))
    assert get_config_preset("completion", SMALL, "small", amx).precision == "bfloat16"
    assert get_config_preset("completion", SMALL, "small", MACHINE).precision == "float32"
    poor = replace(MACHINE, memory_available=900_000_000)
    tight = get_config_preset("completion", SMALL, "small", poor)
    assert tight.micro < get_config_preset("completion", SMALL, "small", MACHINE).micro


def test_a_graphics_card_is_used_with_half_the_bits(tmp_path):
    card = replace(MACHINE, gpus=(Gpu("card", 8_000_000_000),), gpu_compute_types=("bfloat16", "float32"))
    config = replace(get_config_preset("completion", SMALL, "small", card), device="cuda")
    assert config.precision == "bfloat16"
    assert validate_training_config(config, base(tmp_path), card) == []
    assert get_config_preset("completion", SMALL, "small", MACHINE).precision == "float32"


@pytest.mark.parametrize(("task", "size"), [("chat", "small"), ("completion", "huge")])
def test_an_unknown_preset_is_told(task, size):
    with pytest.raises(FinetuningRefused, match="There is no"):
        get_config_preset(task, SMALL, size, MACHINE)


@pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning")
@pytest.mark.parametrize(
    "shape", [replace(SMALL, layers=2), replace(SMALL, layers=2, tied=False, key_heads=2)]
)
def test_weights_are_counted_right(shape):
    pytest.importorskip("torch", reason="training needs the extra train: make install-train")
    peft = pytest.importorskip("peft", reason="adapters need the extra train: make install-train")
    from rust_ai_ide.training.network import build, parameters

    network = build(shape)
    assert count_weights(shape) == parameters(network)
    adapted = peft.get_peft_model(network, peft.LoraConfig(r=4, target_modules=list(LLAMA.lora_layers)))
    trained = sum(weight.numel() for weight in adapted.parameters() if weight.requires_grad)
    assert count_trained(replace(GOOD, method="lora", rank=4), shape) == trained
