"""A tiny network learns, and a killed training goes on as if nothing had happened."""

import json
import math
import os
import signal
import subprocess
import sys
import time

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra train: make install-train")

from rust_ai_ide.observability.events import Cancelled, Progressed  # noqa: E402
from rust_ai_ide.training.checkpoints import CheckpointUnusable  # noqa: E402
from rust_ai_ide.training.corpus import SourceFile  # noqa: E402
from rust_ai_ide.training.evaluation.cursors import cursors  # noqa: E402
from rust_ai_ide.training.evaluation.likelihood import bits_per_byte, stretches  # noqa: E402
from rust_ai_ide.training.evaluation.lines import line_figures  # noqa: E402
from rust_ai_ide.training.network import NetworkConfig, build, greedy, parameters  # noqa: E402
from rust_ai_ide.training.optimisers import OptimiserConfig, make_optimisers, rate_at  # noqa: E402
from rust_ai_ide.training.pretraining import Pretraining, PretrainingConfig  # noqa: E402
from rust_ai_ide.training.samples import SampleConfig, Sampler  # noqa: E402
from tests.training.rust import rust  # noqa: E402
from tests.training.tiny import tiny_config, tiny_training  # noqa: E402


def weights(training):
    return torch.cat([weight.detach().flatten() for weight in training.network.parameters()])


@pytest.fixture(scope="module")
def trained(tmp_path_factory, corpus, tokeniser):
    """A training of thirty steps that has ended."""
    training = tiny_training(tmp_path_factory.mktemp("run"), corpus, tokeniser, steps=30)
    training.run()
    return training


def test_the_loss_falls_and_every_weight_moves(tmp_path, corpus, tokeniser, trained):
    fresh = tiny_training(tmp_path, corpus, tokeniser, steps=30)
    for name, weight in fresh.network.named_parameters():
        assert not torch.equal(weight, trained.network.get_parameter(name)), f"{name} has not moved"
    log = [json.loads(line) for line in (trained.folder / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in log] == list(range(1, 31))
    assert log[0]["loss"] == pytest.approx(math.log(tokeniser.size), rel=0.05)
    assert log[-1]["loss"] < 0.7 * log[0]["loss"]


def test_the_same_seed_gives_the_same_weights(tmp_path, corpus, tokeniser, trained):
    again = tiny_training(tmp_path, corpus, tokeniser, steps=30)
    again.run()
    assert torch.equal(weights(again), weights(trained))


def test_a_stopped_training_goes_on_as_if_it_had_not_been(tmp_path, corpus, tokeniser, trained):
    def stop(event):
        if isinstance(event, Progressed) and event.done == 11:
            raise Cancelled

    first = tiny_training(tmp_path, corpus, tokeniser, steps=30)
    with pytest.raises(Cancelled):
        first.run(report=stop)
    second = tiny_training(tmp_path, corpus, tokeniser, steps=30)
    assert second.step == 11
    second.run()
    assert torch.equal(weights(second), weights(trained))


def test_a_killed_training_leaves_a_whole_checkpoint(tmp_path, corpus, tokeniser, tokeniser_file):
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.training.tiny", str(tmp_path), str(tokeniser_file)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    log = tmp_path / "log.jsonl"
    deadline = time.monotonic() + 60
    while not (log.exists() and log.read_text().count("\n") > 5):
        assert time.monotonic() < deadline, "the training does not begin"
        time.sleep(0.05)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    resumed = tiny_training(tmp_path, corpus, tokeniser, steps=10_000, save_every=0.0)
    assert resumed.step >= 5
    resumed.do_step()


def test_a_checkpoint_of_other_settings_is_refused(tmp_path, corpus, tokeniser):
    tiny_training(tmp_path, corpus, tokeniser, steps=1).run()
    with pytest.raises(CheckpointUnusable, match="other settings"):
        tiny_training(tmp_path, corpus, tokeniser, steps=1, seed=1)
    (tmp_path / "checkpoint.pt").write_bytes(b"half")
    with pytest.raises(CheckpointUnusable, match="cannot be read"):
        tiny_training(tmp_path, corpus, tokeniser, steps=1)


def test_a_checkpoint_that_would_run_code_is_refused(tmp_path, corpus, tokeniser):
    class Bomb:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "exploded"),)

    torch.save({"settings": Bomb()}, tmp_path / "checkpoint.pt")
    with pytest.raises(CheckpointUnusable, match="cannot be read"):
        tiny_training(tmp_path, corpus, tokeniser, steps=1)
    assert not (tmp_path / "exploded").exists()


def test_a_budget_of_time_is_kept(tmp_path, corpus, tokeniser):
    training = tiny_training(tmp_path, corpus, tokeniser, seconds=2.0)
    begin = time.monotonic()
    training.run()
    assert 1.0 < time.monotonic() - begin < 60
    rates = [json.loads(line)["rate"] for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert rates[-1] < 0.2 * max(rates)


def test_what_is_checked_is_logged(tmp_path, corpus, tokeniser):
    training = tiny_training(tmp_path, corpus, tokeniser, steps=2, check_every=0.0)
    training.run(lambda network: {"probes": 3.0})
    assert all(json.loads(line)["probes"] == 3 for line in (tmp_path / "log.jsonl").read_text().splitlines())


def test_every_weight_has_one_optimiser():
    network = build(tiny_config(300))
    held = [
        id(weight)
        for optimiser in make_optimisers(network, OptimiserConfig())
        for group in optimiser.param_groups
        for weight in group["params"]
    ]
    assert sorted(held) == sorted(id(weight) for weight in network.parameters())


def test_the_rate_rises_holds_and_falls():
    config = OptimiserConfig(rate=1.0, warm_up=10, decay=0.5, least=0.0)
    assert rate_at(0, 100, config) == pytest.approx(0.1)
    assert rate_at(10, 100, config) == rate_at(49, 100, config) == 1.0
    assert rate_at(75, 100, config) == pytest.approx(0.5)
    assert rate_at(99, 100, config) == pytest.approx(0.02)
    assert rate_at(5000, 0, config) == 1.0


def test_a_network_that_knows_nothing_needs_all_bits(corpus, tokeniser):
    network = build(tiny_config(tokeniser.size)).eval()
    files = corpus.validation[:3]
    tokens = sum(len(tokeniser.encode(file.text)) for file in files)
    size = sum(len(file.text.encode()) for file in files)
    expected = tokens * math.log2(tokeniser.size) / size
    assert bits_per_byte(network, tokeniser, files, 128) == pytest.approx(expected, rel=0.02)


def test_training_lowers_the_bits_per_byte(corpus, tokeniser, trained):
    fresh = build(tiny_config(tokeniser.size)).eval()
    trained.network.eval()
    files = corpus.validation[:3]
    assert bits_per_byte(trained.network, tokeniser, files, 128) < 0.8 * bits_per_byte(
        fresh, tokeniser, files, 128
    )


def test_no_crate_decides_the_measure_by_its_length():
    long = [SourceFile("long", f"{seed}.rs", rust(seed, items=200)) for seed in range(30)]
    short = [SourceFile("short", "0.rs", rust(99, items=2))]
    taken = stretches([*long, *short], of_each=3, characters=2000)
    assert [file.crate for file in taken] == ["long"] * 3 + ["short"]
    assert all(len(file.text) <= 2000 for file in taken)
    assert taken == stretches([*long, *short], of_each=3, characters=2000)
    assert taken[-1] == short[0]


def test_greedy_ends_at_an_end(tokeniser, trained):
    tokens = [tokeniser.begin, *tokeniser.encode("pub fn ")]
    found = greedy(trained.network, tokens, 5, frozenset())
    assert len(found) == 5
    assert greedy(trained.network, tokens, 5, frozenset(found[1:2])) == found[: found.index(found[1])]


def test_lines_are_compared_by_their_rests(corpus):
    places = cursors(corpus.validation, 50)
    assert len(places) == 50
    assert all(place.rest.strip() and "\n" not in place.rest for place in places)
    perfect = line_figures(places, lambda place: place.rest + "\nmore")
    assert (perfect.count, perfect.exact, perfect.similarity) == (50, 1.0, 1.0)
    assert line_figures(places, lambda place: "").exact == 0


def test_the_starter_has_the_size_that_is_told():
    assert 6_000_000 < parameters(build(NetworkConfig())) < 10_000_000


def test_windows_reach_the_whole_context(corpus, tokeniser, tmp_path):
    lengths = []

    class Listening(Sampler):
        def windows(self, step, count, length):
            lengths.append(length)
            return super().windows(step, count, length)

    config = PretrainingConfig(
        network=tiny_config(tokeniser.size), steps=4, tokens=256, length=64, long_every=2, threads=1
    )
    Pretraining(tmp_path, Listening(corpus.training, tokeniser, SampleConfig()), config).run()
    assert lengths == [64, 128, 64, 128]
