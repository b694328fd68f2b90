"""Converting a model of others from its page."""

import pytest
from django.urls import reverse

from apps.common.models import Run, RunState
from apps.models.models import ModelVersion
from rust_ai_ide.runtime.library import delete_model
from tests.runtime.tiny import train_tokeniser

pytestmark = pytest.mark.django_db(transaction=True)


def values(**changes):
    return {"source": "/tmp", "name": "theirs", "version": "1", "licence": "MIT"} | changes


@pytest.mark.parametrize(
    "change",
    [
        {"source": ""},
        {"source": "relative"},
        {"source": "/nonexistent"},
        {"name": "../x"},
        {"version": "a b"},
        {"licence": ""},
        {"quantisation": "int4"},
        {"adapter": "relative"},
        {"adapter": "/nonexistent"},
    ],
)
def test_what_cannot_be_converted_is_told_before_a_run_starts(owner, change):
    answer = owner.post(reverse("convert-model"), values(**change))
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert not Run.objects.exists()


def test_a_shared_server_opens_no_files(owner, settings, tmp_path):
    settings.OPEN_BY_PATH = False
    assert owner.post(reverse("convert-model"), values(source=str(tmp_path))).status_code == 400


def test_downloads_are_off_until_the_settings_allow_them(owner, settings):
    wanted = {"repository": "me/small", "revision": "a" * 40}
    assert owner.post(reverse("convert-model"), values(**wanted)).status_code == 400
    settings.ALLOW_DOWNLOADS = True
    for change in ({"revision": "main"}, {"repository": "../x"}):
        assert owner.post(reverse("convert-model"), values(**wanted | change)).status_code == 400
    assert not Run.objects.exists()


def test_a_hub_that_is_away_is_a_sentence_in_the_run(owner, work, settings):
    settings.ALLOW_DOWNLOADS = True
    settings.MODEL_HUB = "http://127.0.0.1:9"
    owner.post(reverse("convert-model"), values(repository="me/small", revision="a" * 40))
    work()
    run = Run.objects.get()
    assert run.state == RunState.FAILED
    assert "start it again" in run.error


def test_a_folder_without_a_model_fails_with_a_sentence_in_the_run(owner, work, tmp_path):
    pytest.importorskip("torch", reason="needs make install-train")
    owner.post(reverse("convert-model"), values(source=str(tmp_path)))
    work()
    run = Run.objects.get()
    assert run.state == RunState.FAILED
    assert "config.json" in run.error
    assert not ModelVersion.objects.filter(name="theirs").exists()


@pytest.mark.timeout(240)
def test_a_llama_becomes_a_version_that_is_loaded_and_completes(owner, work, tmp_path, workbench_runtime):
    pytest.importorskip("torch", reason="needs make install-train")
    from tests.training.foreign import llama

    train_tokeniser(tmp_path)
    llama(tmp_path / "theirs", tmp_path / "tokenizer.model")
    owner.post(reverse("convert-model"), values(source=str(tmp_path / "theirs")))
    work()
    assert Run.objects.get().error == ""
    version = ModelVersion.objects.get(name="theirs")
    owner.post(reverse("load-model", args=[version.pk]))
    work()
    request = {"model": "theirs@1", "prompt": "fn main", "max_tokens": 3, "temperature": 0}
    status, answer = workbench_runtime.ask("/v1/completions", request)
    assert status == 200
    assert answer["usage"]["completion_tokens"] >= 1
    workbench_runtime.ask("/unload", {"model": "theirs@1"})
    owner.post(reverse("delete-model", args=[version.pk]))
    assert not ModelVersion.objects.filter(name="theirs").exists()


@pytest.mark.timeout(240)
@pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning")
def test_a_llama_with_an_adapter_is_converted_and_compared(owner, work, tmp_path):
    pytest.importorskip("peft", reason="needs make install-train")
    from tests.training.foreign import llama, lora

    train_tokeniser(tmp_path)
    network = llama(tmp_path / "base", tmp_path / "tokenizer.model")
    lora(tmp_path / "adapter", network, target_modules=["q_proj", "down_proj"])
    chosen = {"adapter": str(tmp_path / "adapter"), "compares": "1", "quantisation": "float16"}
    owner.post(reverse("convert-model"), values(source=str(tmp_path / "base"), **chosen))
    work()
    assert Run.objects.get().error == ""
    version = ModelVersion.objects.get(name="theirs")
    try:
        assert (version.quantisation, version.base_model) == ("float16", "base")
        assert "merged with the adapter adapter" in version.origin
        assert "Bits per byte" in owner.get(reverse("model-version", args=[version.pk])).content.decode()
    finally:
        delete_model("theirs")
