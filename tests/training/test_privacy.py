"""Private training clips what each file does to a step, hides it in noise, and says what that spent."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra train: make install-train")
pytest.importorskip("peft", reason="adapters need the extra train: make install-train")
pytest.importorskip("opacus", reason="private training needs the extra train: make install-train")

from rust_ai_ide.cli.main import main  # noqa: E402
from rust_ai_ide.observability.events import Cancelled  # noqa: E402
from rust_ai_ide.runtime.library import register_path  # noqa: E402
from rust_ai_ide.training.checkpoints import CheckpointUnusable  # noqa: E402
from rust_ai_ide.training.corpus import SourceFile  # noqa: E402
from rust_ai_ide.training.finetuning.base import read_base  # noqa: E402
from rust_ai_ide.training.finetuning.config import loop_config  # noqa: E402
from rust_ai_ide.training.finetuning.job import finetune  # noqa: E402
from rust_ai_ide.training.finetuning.networks import optimisers, trainable  # noqa: E402
from rust_ai_ide.training.privacy.config import Mechanism, Privacy  # noqa: E402
from rust_ai_ide.training.privacy.errors import PrivacyRefused  # noqa: E402
from rust_ai_ide.training.privacy.optimising import PrivateOptimiser  # noqa: E402
from rust_ai_ide.training.privacy.records import Chance, RecordSampler, records_of  # noqa: E402
from rust_ai_ide.training.privacy.training import PrivateTraining  # noqa: E402
from rust_ai_ide.training.samples import SampleConfig  # noqa: E402
from rust_ai_ide.training.states import trained_weights  # noqa: E402
from rust_ai_ide.training.tokeniser import CodeTokeniser  # noqa: E402
from rust_ai_ide.training.twin import twin  # noqa: E402
from tests.training.finetuning import curve, dataset, job, quick, tiny_base  # noqa: E402
from tests.training.rust import rust  # noqa: E402

FILES = tuple(SourceFile("made", f"{seed}.rs", rust(seed)) for seed in range(8))
SETTINGS = {"method": "lora", "steps": 12, "batch": 4, "micro": 2, "length": 64}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A library of its own for each test."""
    monkeypatch.setenv("RUST_AI_IDE_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="module")
def place(tmp_path_factory, tokeniser_file):
    """A folder with a base and a dataset."""
    folder = tmp_path_factory.mktemp("private")
    tiny_base(folder / "base", tokeniser_file)
    dataset(folder / "data")
    return folder


def private(place, epsilon=8.0, **settings):
    """Return the job of a private training."""
    return replace(
        job(place, **{"register": "never", **SETTINGS, **settings}), privacy=Privacy(epsilon=epsilon)
    )


def training(place, folder, noise=1.0, secret=b"s" * 32, share=0.5, clip=1.0, steps=12, network=None):
    """Return the loop of a private training on the files above, and its network."""
    base = read_base(place / "base")
    config = quick(**{**SETTINGS, "steps": steps})
    network = network or trainable(base, config)
    tokeniser, chance = CodeTokeniser(base.folder / "tokenizer.model"), Chance(secret)
    sampler = RecordSampler(records_of(FILES), tokeniser, SampleConfig(), 0, share, chance)
    mechanism = Mechanism(len(FILES), share, clip, noise, 0.01)
    loop = loop_config(config, base.shape, "a test")
    (inner,) = optimisers(network, config)
    return PrivateTraining(
        folder, sampler, loop, network, optimiser=inner, mechanism=mechanism, chance=chance
    )


def weights(network):
    """Return the weights of the adapter, end to end."""
    return torch.cat([value.flatten() for value in trained_weights(network).values()])


def test_it_learns_something_and_spends_no_more_than_it_may(place, tmp_path):
    made = finetune(private(place, into=str(tmp_path)))
    assert 0.9 * 8 < made.privacy.epsilon <= 8
    assert (made.privacy.records, made.privacy.steps, made.privacy.unit) == (9, 12, "file")
    assert made.privacy.delta < 1 / 9
    adapter = torch.load(tmp_path / "run" / "best.pt", weights_only=True)["network"]
    assert all(bool(value.abs().max() > 0) for name, value in adapter.items() if "lora_B" in name)
    first, second = twin(place / "base"), twin(tmp_path / made.folder)
    moved = [
        name
        for name, value in first.state_dict().items()
        if not torch.equal(value, second.state_dict()[name])
    ]
    assert moved
    assert all("_proj" in name for name in moved)
    tokens = torch.arange(10, 40)[None]
    assert not torch.allclose(first(input_ids=tokens).logits, second(input_ids=tokens).logits, atol=1e-4)
    card = " ".join((tmp_path / "model" / "README.md").read_text().split())
    assert "Epsilon 8.00 at delta 0.011 for adding or leaving out one file of 9, by DP-SGD" in card
    assert "Not protected are the files that were kept back" in card
    kept = json.loads((tmp_path / "result.json").read_text())
    assert kept["privacy"]["epsilon"] == made.privacy.epsilon
    assert finetune(private(place, into=str(tmp_path))) == made


def test_other_budgets_and_plain_training_do_not_go_on_from_its_checkpoint(place, tmp_path):
    finetune(private(place, into=str(tmp_path)))
    with pytest.raises(CheckpointUnusable, match="other settings"):
        finetune(private(place, epsilon=4.0, into=str(tmp_path)))
    with pytest.raises(CheckpointUnusable, match="other settings"):
        finetune(replace(private(place, into=str(tmp_path)), privacy=None))


def test_the_gradient_of_each_file_is_clipped(place, tmp_path):
    loop = training(place, tmp_path, noise=0.0)
    base = read_base(place / "base")
    sampler = RecordSampler(
        records_of(FILES), CodeTokeniser(base.folder / "tokenizer.model"), SampleConfig(), 0, 0.5, Chance()
    )
    windows = sampler.windows_of(range(len(FILES)), 0, 64)
    plain = [
        torch.cat([part.flatten() for part in loop._gradients(windows[row : row + 1])]) for row in range(8)
    ]
    bound = 0.5 * min(float(gradient.norm()) for gradient in plain)
    network = loop.network
    moved = [weight for weight in network.parameters() if weight.requires_grad]
    (inner,) = optimisers(network, quick(**SETTINGS))
    optimiser = PrivateOptimiser(network, inner, Mechanism(8, 0.5, bound, 0.0, 0.01), Chance())
    optimiser.attach()

    def summed(rows):
        """Return the clipped gradients of rows, added up."""
        for weight in moved:
            weight.summed_grad = None
        loop._back(windows[rows])
        optimiser.take()
        return torch.cat([weight.summed_grad.flatten() for weight in moved])

    for row in range(len(FILES)):
        gradient = summed([row])
        assert float(gradient.norm()) == pytest.approx(bound, rel=1e-3)
        assert float(gradient.norm()) <= bound
        torch.testing.assert_close(
            gradient / gradient.norm(), plain[row] / plain[row].norm(), atol=1e-4, rtol=1e-3
        )
    everything = summed(list(range(8)))
    for row in range(len(FILES)):
        without = summed([other for other in range(8) if other != row])
        assert float((everything - without).norm()) <= bound * (1 + 1e-4)
    optimiser.detach()
    assert not any(hasattr(weight, "grad_sample") for weight in network.parameters())


def test_noise_is_added_and_is_that_of_the_secret(place, tmp_path):
    runs = {
        name: weights(training(place, tmp_path / name, noise, secret).run())
        for name, noise, secret in (
            ("one", 1.0, b"1" * 32),
            ("one again", 1.0, b"1" * 32),
            ("two", 1.0, b"2" * 32),
            ("none", 0.0, b"1" * 32),
        )
    }
    assert torch.equal(runs["one"], runs["one again"])
    for other in ("two", "none"):
        assert not torch.allclose(runs["one"], runs[other], atol=1e-4)


def test_the_noise_has_the_size_that_was_said(place, tmp_path):
    loop = training(place, tmp_path, noise=3.0, share=1e-9, clip=0.5)
    moved = [weight for weight in loop.network.parameters() if weight.requires_grad]
    seen = []
    loop._private._private.original_optimizer.step = lambda: seen.extend(
        weight.grad.flatten() for weight in moved
    )
    loop._private.attach()
    for _ in range(20):
        loop.do_step()
    noise = torch.cat(seen)
    assert float(noise.std()) * 8 * 1e-9 == pytest.approx(3.0 * 0.5, rel=0.05)
    assert abs(float(noise.mean())) < 0.05 * float(noise.std())


def test_a_step_without_a_record_is_noise_alone_and_counts(place, tmp_path):
    loop = training(place, tmp_path, share=1e-9, steps=3)
    before = weights(loop.network).clone()
    loop.run()
    assert not torch.equal(weights(loop.network), before)
    assert loop.spent().steps == 3
    assert all(
        np.isfinite(json.loads(line)["loss"]) for line in (tmp_path / "log.jsonl").read_text().splitlines()
    )


def test_cancelled_it_goes_on_with_the_same_noise_and_counts_every_step(place, tmp_path):
    whole = training(place, tmp_path / "whole")
    wanted = weights(whole.run())

    def stop(event):
        if event.done == 7:
            raise Cancelled

    with pytest.raises(Cancelled):
        training(place, tmp_path / "cut").run(report=stop)
    again = training(place, tmp_path / "cut", secret=b"x" * 32)
    assert again.spent().steps == 7
    assert torch.equal(weights(again.run()), wanted)
    assert again.spent() == whole.spent()
    assert whole.spent().steps == 12


def test_a_file_and_its_copies_are_one_record_and_a_window_is_of_one_record(place):
    copies = (*FILES, replace(FILES[0], text="fn changed() {}\n"), replace(FILES[1], crate="other"))
    records = records_of(copies)
    assert [len(record) for record in records] == [2, 1, 1, 1, 1, 1, 1, 1, 1]
    letters = tuple((SourceFile("made", f"{letter}.rs", f"{letter}\n" * 200),) for letter in "xyz")
    tokeniser = CodeTokeniser(place / "base" / "tokenizer.model")
    sampler = RecordSampler(letters, tokeniser, SampleConfig(), 0, 0.5, Chance(b"s" * 32))
    for letter, window in zip("xyz", sampler.windows_of(range(3), 5, 64), strict=True):
        known = set(tokeniser.encode("".join(other for other in "xyz" if other != letter)))
        others = {token for token in known if tokeniser.pieces()[token] in set("xyz") - {letter}}
        assert others
        assert not others & set(window.tolist())


def test_records_are_taken_each_by_its_own_chance(place):
    tokeniser = CodeTokeniser(place / "base" / "tokenizer.model")
    sampler = RecordSampler(records_of(FILES), tokeniser, SampleConfig(), 0, 0.25, Chance(b"s" * 32))
    sizes = [len(sampler.windows(step, 0, 64)) for step in range(120)]
    assert np.mean(sizes) == pytest.approx(2, abs=0.4)
    assert np.var(sizes) == pytest.approx(8 * 0.25 * 0.75, abs=0.6)
    assert min(sizes) == 0
    other = RecordSampler(records_of(FILES), tokeniser, SampleConfig(), 0, 0.25, Chance())
    assert [len(other.windows(step, 0, 64)) for step in range(40)] != sizes[:40]


def test_a_network_whose_rows_are_not_independent_is_refused(place, tmp_path):
    network = trainable(read_base(place / "base"), quick(**SETTINGS))
    network.get_input_embeddings().register_forward_hook(lambda _, __, out: out + out.mean(0, keepdim=True))
    with pytest.raises(PrivacyRefused, match="cannot be trained privately"):
        training(place, tmp_path, network=network).run()


def test_it_ends_early_on_what_was_kept_back_and_spends_less(place, tmp_path):
    shutil.copytree(place / "base", tmp_path / "base")
    dataset(tmp_path / "data", kept_back="".join(f"{number * 7919 % 9973}\n" for number in range(400)))
    made = finetune(private(tmp_path, steps=60, patience=1, check_every=2))
    assert made.privacy.steps == len(curve(tmp_path / "into")) < 60
    assert made.privacy.epsilon < 7


def test_the_command_says_what_was_spent(place, tmp_path, capsys):
    register_path(str(place / "base"))
    line = [
        "train",
        "finetune",
        "--base",
        "tiny@1",
        "--dataset",
        str(place / "data"),
        "--steps",
        "4",
        "--batch",
        "2",
    ]
    line += ["--length", "64", "--learning-rate", "0.01", "--register", "never"]
    lora = [*line, "--into", str(tmp_path / "into"), "--method", "lora"]
    assert main([*lora, "--private-epsilon", "6", "--private-delta", "0.05"]) == 0
    said = capsys.readouterr().out
    assert "at delta 0.05 for adding or leaving out one file of 9, by DP-SGD" in said
    assert "The files that were kept back are not protected." in said
    assert main([*lora, "--private-epsilon", "6", "--private-delta", "0.05", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["privacy"]["epsilon"] <= 6
    assert main([*line, "--into", str(tmp_path / "full"), "--private-epsilon", "6"]) == 2
    assert (
        "method is full: Only adapters are trained privately; choose the method lora."
        in capsys.readouterr().err
    )
    assert main([*lora, "--private-delta", "0.5"]) == 2
    assert "Give either an epsilon or a noise multiplier." in capsys.readouterr().err


def test_a_gpt_bigcode_is_trained_privately(tmp_path, tokeniser_file):
    tiny_base(tmp_path / "base", tokeniser_file, family="gpt_bigcode")
    dataset(tmp_path / "data")
    made = finetune(private(tmp_path))
    assert made.privacy.steps == 12
    assert made.privacy.epsilon <= 8
