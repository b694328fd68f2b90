"""Loading and losing: what a runtime refuses to load, and that it comes back as it was."""

import json
import os
import shutil
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.runtime.serving import running
from tests.runtime.tiny import tiny_model


@pytest.fixture
def home(library, tmp_path):
    shutil.copytree(library / "models", tmp_path / "models")
    return tmp_path


def test_two_loads_at_once_load_one_model(runtime):
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda n: runtime.ask("/load", {"model": "tiny"}), range(2)))
    assert [status for status, _ in answers] == [200, 200]
    assert [row["id"] for row in runtime.ask("/status")[1]["models"]].count("tiny@1") == 1


def test_unloading_waits_for_the_running_request_and_refuses_new_ones(home):
    with running(home, "--model", "long@1") as runtime:
        request = {"model": "long", "prompt": "pub fn", "max_tokens": 2500, "temperature": 0}
        stream = runtime.stream("/v1/completions", request)
        next(stream)
        with ThreadPoolExecutor(1) as pool:
            unloading = pool.submit(runtime.ask, "/unload", {"model": "long"})
            runtime.wait(lambda status: any(row["is_leaving"] for row in status["models"]))
            assert runtime.ask("/v1/completions", request)[0] == 404
            events = list(stream)
            assert events[-1]["choices"][0]["finish_reason"] == "length"
            assert unloading.result()[0] == 200
        assert runtime.ask("/status")[1]["models"] == []


def test_a_killed_runtime_comes_back_with_what_was_loaded(home):
    with running(home, models=0) as runtime:
        for model in ("tiny", "long"):
            assert runtime.ask("/load", {"model": model, "options": {"threads": 1}})[0] == 200
        os.kill(runtime.process.pid, signal.SIGKILL)
        runtime.process.wait()
    with running(home, models=2) as runtime:
        assert {row["id"] for row in runtime.ask("/status")[1]["models"]} == {"tiny@1", "long@1"}
        runtime.ask("/unload", {"model": "tiny"})
    with running(home) as runtime:
        assert [row["id"] for row in runtime.ask("/status")[1]["models"]] == ["long@1"]


def test_a_model_that_killed_the_process_while_loading_is_not_tried_again_by_itself(home):
    note = {"tiny@1": {"options": {"threads": 1}, "is_loaded": False}}
    (home / "loaded-models.json").write_text(json.dumps(note))
    with running(home) as runtime:
        status = runtime.ask("/status")[1]
        assert status["models"] == []
        assert "died while it loaded" in status["failures"]["tiny@1"]
        assert runtime.ask("/load", {"model": "tiny"})[0] == 200
        assert runtime.ask("/status")[1]["failures"] == {}


def test_a_model_beyond_the_memory_limit_is_refused_with_both_figures(home):
    with running(home, "--memory-mb", "60", models=0) as runtime:
        status, body = runtime.ask("/load", {"model": "long", "options": {"prompt_length": 19_000}})
        assert status == 507
        assert body["error"]["code"] == "OutOfMemory"
        assert body["error"]["needed"] > body["error"]["available"]
        assert runtime.ask("/health")[0] == 200


def test_a_prompt_is_bounded_to_what_fits_into_memory(home):
    with running(home, "--memory-mb", "400", models=0) as runtime:
        row = runtime.ask("/load", {"model": "long"})[1]
        assert 512 <= row["longest_prompt"] < 19_999
        assert row["need"]["total"] <= 400 * 1024 * 1024


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda folder: (folder / "model.bin").unlink(), "lacks its file model.bin"),
        (lambda folder: _cut(folder / "model.bin"), "bytes instead of"),
        (lambda folder: _flip(folder / "model.bin"), "wrong SHA-256"),
        (lambda folder: _flip(folder / "tokenizer.model"), "wrong SHA-256"),
        (lambda folder: _manifest(folder, context_length=10**12), "context_length"),
        (lambda folder: _manifest(folder, context_length="long"), "context_length"),
        (lambda folder: _manifest(folder, files={}), "model.bin"),
    ],
)
def test_a_damaged_folder_is_refused_with_the_reason(home, harm, said):
    with running(home, "--model", "long@1") as runtime:
        harm(home / "models" / "tiny@1")
        status, body = runtime.ask("/load", {"model": "tiny@1"})
        assert status in {400, 404}
        if status == 400:
            assert said in body["error"]["message"]
        assert runtime.ask("/v1/completions", {"model": "long", "prompt": "pub", "max_tokens": 2})[0] == 200


def test_cut_weights_with_a_matching_manifest_are_refused(home):
    from dataclasses import replace

    from rust_ai_ide.runtime.manifest import read_manifest, record_files

    folder = home / "models" / "tiny@1"
    _cut(folder / "model.bin")
    replace(read_manifest(folder), files=record_files(folder)).write(folder)
    with running(home, models=0) as runtime:
        status, body = runtime.ask("/load", {"model": "tiny@1"})
        assert status == 400
        assert "cut off" in body["error"]["message"]


def _cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _manifest(folder, **values):
    file = folder / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | values))


def test_the_computed_need_covers_what_loading_and_answering_takes(tmp_path):
    tiny_model(
        tmp_path / "models" / "wide@1", name="wide", width=512, layers=8, context_length=1024, stops=False
    )
    with running(tmp_path, models=0) as runtime:
        before = runtime.ask("/status")[1]["memory_used"]
        row = runtime.ask("/load", {"model": "wide"})[1]
        room = row["longest_prompt"]
        prompt = "Some(y) " * 2000
        runtime.ask("/infill", {"model": "wide", "input_prefix": prompt, "n_predict": 16})
        used = runtime.ask("/status")[1]["memory_used"] - before
        assert room == 1023
        assert 0.3 * row["need"]["total"] < used < row["need"]["total"]
