"""A search tries settings by real trainings, prunes, keeps what it found, and goes on after a kill."""

import json
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest

pytest.importorskip("torch", reason="training needs the extra train: make install-train")
pytest.importorskip("peft", reason="adapters need the extra train: make install-train")
optuna = pytest.importorskip("optuna", reason="searching needs the extra train: make install-train")

from rust_ai_ide.observability.events import Cancelled, Progressed, Warned  # noqa: E402
from rust_ai_ide.training.searching.errors import SearchFailed, SearchRefused  # noqa: E402
from rust_ai_ide.training.searching.job import search  # noqa: E402
from rust_ai_ide.training.searching.samplers import SAMPLERS, make_sampler  # noqa: E402
from rust_ai_ide.training.searching.space import Choice, Range  # noqa: E402
from tests.training.finetuning import dataset, tiny_base  # noqa: E402
from tests.training.searching import SPACE, wanted  # noqa: E402


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A library of its own for each test."""
    monkeypatch.setenv("RUST_AI_IDE_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="module")
def place(tmp_path_factory, tokeniser_file):
    """A folder with a base and a dataset."""
    folder = tmp_path_factory.mktemp("searching")
    tiny_base(folder / "base", tokeniser_file)
    dataset(folder / "data")
    return folder


def outcome(result):
    """Return what a search found, without the times that it took."""
    return [(trial.number, trial.state, trial.settings, trial.value) for trial in result.trials]


@pytest.fixture(scope="module")
def whole(place, tmp_path_factory):
    """A search of six trials that was not interrupted, and its folder."""
    folder = tmp_path_factory.mktemp("whole")
    return search(wanted(place, folder, trials=6)), folder


def test_the_best_settings_are_those_of_the_least_loss(whole):
    result, folder = whole
    assert [trial.number for trial in result.trials] == list(range(6))
    ended = [trial.value for trial in result.trials if trial.state == "complete"]
    assert result.best.value == min(ended) < max(ended)
    assert result.config.rate == result.best.settings["rate"]
    kept = json.loads((folder / "results.json").read_text())
    assert kept["best"] == result.best.number
    assert [trial["value"] for trial in kept["trials"]] == [trial.value for trial in result.trials]
    assert json.loads((folder / "best.json").read_text())["rate"] == result.best.settings["rate"]
    assert "complete, best" in [row[1] for row in result.as_text()]


def test_a_trial_is_a_training_whose_log_stays_and_whose_weights_do_not(whole):
    result, folder = whole
    for trial in result.trials:
        lines = (folder / "trials" / f"{trial.number:04}" / "log.jsonl").read_text().splitlines()
        losses = [json.loads(line)["validation"] for line in lines if "validation" in line]
        assert trial.state == "pruned" or min(losses) == trial.value
    assert not list(folder.rglob("*.pt"))
    assert not (folder / "model").exists()


@pytest.mark.parametrize("name", ["trials.svg", "settings.svg"])
def test_the_pictures_say_in_words_what_they_show(whole, name):
    result, folder = whole
    root = ElementTree.parse(folder / name).getroot()
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    assert [part.tag for part in root][:2] == [f"{space}title", f"{space}desc"]
    assert root.get("aria-labelledby") == f"{root[0].get('id')} {root[1].get('id')}"
    assert "results.json" in root[1].text
    words = [part.text for part in root.iter(f"{space}title")]
    shown = [trial for trial in result.trials if trial.value is not None]
    for trial in shown:
        assert any(f"Trial {trial.number}, {trial.state}: {trial.value:.4f}" in each for each in words)
    left, top, width, height = map(float, root.get("viewBox").split())
    for part in root.iter(f"{space}circle"):
        assert left < float(part.get("cx")) < width
        assert top < float(part.get("cy")) < height


def test_the_same_seed_finds_the_same_and_another_seed_other_settings(place, whole, tmp_path):
    assert outcome(search(wanted(place, tmp_path / "again", trials=6))) == outcome(whole[0])
    other = search(wanted(place, tmp_path / "other", trials=1, seed=1))
    assert other.trials[0].settings != whole[0].trials[0].settings


def test_a_hopeless_trial_is_pruned(place, tmp_path):
    space = {"rate": Choice((1e-2, 9e-3, 8e-3, 7e-3, 1e-7))}
    result = search(wanted(place, tmp_path, space=space, sampler="grid", trials=5, seed=7))
    by_rate = {trial.settings["rate"]: trial.state for trial in result.trials}
    assert result.trials[-1].settings["rate"] == 1e-7, "choose a seed whose grid ends with it"
    assert by_rate.pop(1e-7) == "pruned"
    assert set(by_rate.values()) == {"complete"}


def test_a_grid_is_tried_once_whatever_is_asked_for(place, tmp_path):
    told = []
    space = {"rate": Range(1e-4, 1e-2, log=True, points=3), "batch": Choice((1, 2))}
    few = search(wanted(place, tmp_path, space=space, sampler="grid", trials=4), told.append)
    assert len(few.trials) == 4
    assert [event.message for event in told if isinstance(event, Warned)] == [
        "The grid has 6 points, of which 4 were tried."
    ]
    result = search(wanted(place, tmp_path, space=space, sampler="grid", trials=50))
    tried = sorted((trial.settings["rate"], trial.settings["batch"]) for trial in result.trials)
    assert tried == [(pytest.approx(rate), size) for rate in (1e-4, 1e-3, 1e-2) for size in (1, 2)]
    assert outcome(result)[:4] == outcome(few)


def test_the_genetic_search_breeds_from_its_first_generation(place, tmp_path):
    space = {"rate": Range(1e-3, 1e-2), "weight_decay": Choice((0.0, 0.1))}
    result = search(
        wanted(place, tmp_path, space=space, sampler="genetic", trials=14, config={"check_every": 6})
    )
    assert len(result.trials) == 14
    study = optuna.load_study(
        study_name=None,
        storage=optuna.storages.JournalStorage(
            optuna.storages.journal.JournalFileBackend(str(tmp_path / "trials.log"))
        ),
    )
    generations = [
        value for trial in study.trials for key, value in trial.system_attrs.items() if "gen" in key
    ]
    assert max(generations) >= 1


@pytest.mark.parametrize(
    ("name", "kind"),
    [("bayesian", "TPESampler"), ("grid", "GridSampler"), ("genetic", "NSGAIISampler")],
)
def test_samplers_are_what_they_are_called(name, kind):
    assert type(make_sampler(name, SPACE, 0, 0)).__name__ == kind
    assert name in SAMPLERS


def test_an_adapter_has_its_rank_searched_with_alpha_twice_that(place, tmp_path):
    space = {"rank": Choice((1, 3))}
    result = search(
        wanted(
            place, tmp_path, space=space, sampler="grid", trials=2, config={"method": "lora", "rate": 1e-2}
        )
    )
    assert {(t.settings["rank"], t.settings["alpha"]) for t in result.trials} == {(1, 2.0), (3, 6.0)}
    assert result.config.alpha == 2.0 * result.config.rank


def test_the_usual_space_serves_where_none_is_given(place, tmp_path):
    result = search(
        wanted(place, tmp_path, space={}, trials=1, config={"method": "lora", "rate": 1e-3, "steps": 8})
    )
    assert set(result.best.settings) == {"rate", "weight_decay", "warm_up", "rank", "alpha"}


def test_killed_it_goes_on_to_the_same_trials(place, whole, tmp_path):
    into = tmp_path / "killed"
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.training.searching", str(place), str(into)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    log = into / "trials" / "0002" / "log.jsonl"
    deadline = time.monotonic() + 90
    while not (log.exists() and log.read_text().count("\n") >= 3):
        assert time.monotonic() < deadline, "the search does not begin"
        assert child.poll() is None or log.exists(), "the search ended by itself"
        time.sleep(0.01)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    journal = into / "trials.log"
    before = journal.read_text()
    journal.write_text(before + '{"op_code": 8, "wor')
    told = []
    result = search(wanted(place, into, trials=6), told.append)
    assert journal.read_text().startswith(before)
    assert outcome(result) == outcome(whole[0])
    begun = {event.activity.split(" (")[0] for event in told if isinstance(event, Progressed)}
    assert not begun & {"Trial 0", "Trial 1"}, "a finished trial was run again"


def test_cancelled_it_goes_on(place, whole, tmp_path):
    def stop(event):
        if isinstance(event, Progressed) and event.activity.startswith("Trial 2") and event.done == 4:
            raise Cancelled

    with pytest.raises(Cancelled):
        search(wanted(place, tmp_path, trials=6), stop)
    assert not (tmp_path / "results.json").exists()
    assert outcome(search(wanted(place, tmp_path, trials=6))) == outcome(whole[0])


def test_more_trials_go_on_where_fewer_ended(place, whole, tmp_path):
    search(wanted(place, tmp_path, trials=2))
    assert outcome(search(wanted(place, tmp_path, trials=6))) == outcome(whole[0])


def test_a_search_with_other_settings_does_not_go_on_in_its_folder(place, tmp_path):
    search(wanted(place, tmp_path, trials=1))
    for change in ({"seed": 4}, {"sampler": "genetic"}, {"space": {"clip": Choice((1.0,))}}):
        with pytest.raises(SearchRefused, match="other settings, base or dataset"):
            search(wanted(place, tmp_path, **change))
    (tmp_path / "trials.log").write_text("half\nhalf\n")
    with pytest.raises(SearchRefused, match=r"trials\.log is damaged; remove it"):
        search(wanted(place, tmp_path, trials=1))


def test_a_search_without_one_whole_trial_says_so(place, tmp_path, monkeypatch):
    torch = pytest.importorskip("torch")
    start = wanted(place, tmp_path, trials=2, config={"clip": 1e30})
    monkeypatch.setattr(torch.nn.functional, "cross_entropy", _endless(torch))
    with pytest.raises(SearchFailed, match="None of the 2 trials came to an end"):
        search(replace(start, space={"rate": Choice((1e-2, 9e-3))}))


def _endless(torch):
    """Return a loss that is no number, as that of a training that diverges."""
    plain = torch.nn.functional.cross_entropy
    return lambda *given, **named: plain(*given, **named) * float("inf")
