"""Model versions on their page, loading them into a real runtime, and the interface for outside clients."""

import asyncio
import json

import pytest
from django.test import AsyncClient, Client
from django.urls import reverse

from apps.common.models import Run, RunState
from apps.models.models import ApiKey, ModelEvent, ModelVersion
from apps.models.registry import sync_registry
from apps.models.runtimes import runtimes
from rust_ai_ide.runtime.library import delete_model
from tests.runtime.tiny import tiny_model

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def versions(library, workbench_runtime):
    sync_registry()
    return {row.identifier: row for row in ModelVersion.objects.all()}


def test_the_page_lists_what_is_there_and_what_is_loaded(owner, versions):
    page = owner.get(reverse("models")).content.decode()
    assert "tiny@1" in page
    assert "long@1" in page
    assert page.count("Unload</button>") >= 2
    assert ModelVersion.objects.filter(is_active=True).count() == 1


def test_unloading_and_loading_are_runs(owner, work, versions, workbench_runtime):
    owner.post(reverse("unload-model", args=[versions["tiny@1"].pk]))
    work()
    assert Run.objects.get().state == RunState.DONE
    assert {row["id"] for row in workbench_runtime.ask("/status")[1]["models"]} == {"long@1", "sure@1"}
    owner.post(reverse("load-model", args=[versions["tiny@1"].pk]))
    work()
    assert "tiny@1" in [row["id"] for row in workbench_runtime.ask("/status")[1]["models"]]
    assert [event.action for event in ModelEvent.objects.all()] == ["load", "unload"]


def test_a_load_that_fails_says_why_on_the_page(owner, work, versions, library):
    row = versions["tiny@1"]
    owner.post(reverse("unload-model", args=[row.pk]))
    work()
    weights = library / "models" / "tiny@1" / "model.bin"
    good = weights.read_bytes()
    try:
        weights.write_bytes(good[:-1] + b"?")
        owner.post(reverse("load-model", args=[row.pk]))
        work()
        assert "wrong SHA-256" in owner.get(reverse("models")).content.decode()
    finally:
        weights.write_bytes(good)


def test_with_no_runtime_the_page_says_so_and_loading_fails_with_a_sentence(owner, work, library, settings):
    settings.RUNTIME_URLS = ["http://127.0.0.1:9"]
    runtimes.cache_clear()
    sync_registry()
    assert "not running" in owner.get(reverse("models")).content.decode()
    owner.post(reverse("load-model", args=[ModelVersion.objects.first().pk]))
    work()
    run = Run.objects.get()
    assert run.state == RunState.FAILED
    assert "not running" in run.error


def test_one_version_is_active(owner, versions):
    owner.post(reverse("activate-model", args=[versions["long@1"].pk]))
    assert list(ModelVersion.objects.filter(is_active=True)) == [versions["long@1"]]
    owner.post(reverse("delete-model", args=[versions["long@1"].pk]))
    assert ModelVersion.objects.filter(name="long").exists()


def test_a_registered_folder_is_kept_when_its_source_goes(owner, versions, tmp_path):
    source = tmp_path / "mine"
    tiny_model(source, name="mine")
    owner.post(reverse("register-model"), {"path": str(source)})
    for file in source.iterdir():
        file.unlink()
    row = ModelVersion.objects.get(name="mine")
    again = owner.post(reverse("register-model"), {"path": str(source)})
    assert again.status_code == 400
    owner.post(reverse("delete-model", args=[row.pk]))
    assert not ModelVersion.objects.filter(name="mine").exists()


@pytest.mark.parametrize("path", ["", "relative", "/nonexistent", "/etc"])
def test_a_folder_that_holds_no_model_is_refused_with_a_sentence(owner, path):
    answer = owner.post(reverse("register-model"), {"path": path})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


def test_registering_never_follows_a_name_out_of_the_models_folder(owner, library, tmp_path):
    source = tmp_path / "evil"
    tiny_model(source)
    manifest = json.loads((source / "manifest.json").read_text())
    for name in ("../evil", "/tmp/evil", "a/b", "..", ""):
        (source / "manifest.json").write_text(json.dumps(manifest | {"name": name}))
        assert owner.post(reverse("register-model"), {"path": str(source)}).status_code == 400
    pickled = manifest["files"] | {"weights.pkl": manifest["files"]["model.bin"]}
    (source / "manifest.json").write_text(json.dumps(manifest | {"name": "x", "files": pickled}))
    assert owner.post(reverse("register-model"), {"path": str(source)}).status_code == 400


def test_a_key_is_shown_once_and_opens_the_interface_until_revoked(owner, client, versions, settings):
    page = owner.post(reverse("make-model-key"), {"name": "editor"}).content.decode()
    key = page.split('<code class="key">')[1].split("<")[0]
    assert key not in owner.get(reverse("model-keys")).content.decode()
    outside = AsyncClient()

    def ask(**headers):
        body = {"model": "tiny@1", "prompt": "pub fn", "max_tokens": 3}
        return _ask(outside, "/v1/completions", body, **headers)

    status, answer = ask(Authorization=f"Bearer {key}")
    assert status == 200
    assert json.loads(answer)["usage"]["completion_tokens"] == 3
    assert ask()[0] == 401
    assert ask(Authorization=f"Bearer {key}x")[0] == 401
    owner.post(reverse("revoke-model-key", args=[ApiKey.objects.get().pk]))
    assert ask(Authorization=f"Bearer {key}")[0] == 401


def test_a_stream_passes_through_in_pieces(owner, versions):
    key = (
        owner.post(reverse("make-model-key"), {"name": "e"})
        .content.decode()
        .split('class="key">')[1]
        .split("<")[0]
    )
    body = {"prompt": "pub fn", "max_tokens": 6, "temperature": 0, "stream": True, "model": "long@1"}
    status, answer = _ask(AsyncClient(), "/v1/completions", body, Authorization=f"Bearer {key}")
    assert status == 200
    assert answer.count("data: {") > 3
    assert answer.endswith("data: [DONE]\n\n")


def test_a_session_may_use_the_interface_only_with_the_pages_token(owner, versions, django_user_model):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(django_user_model.objects.get())
    body = json.dumps({"prompt": "pub", "max_tokens": 1, "model": "tiny@1"})
    assert strict.post("/v1/completions", body, content_type="application/json").status_code == 401


def test_an_unknown_model_and_a_wrong_method_are_told(owner, versions):
    key = (
        owner.post(reverse("make-model-key"), {"name": "e"})
        .content.decode()
        .split('class="key">')[1]
        .split("<")[0]
    )
    headers = {"Authorization": f"Bearer {key}"}
    status, answer = _ask(AsyncClient(), "/v1/completions", {"model": "gpt-9", "prompt": "a"}, **headers)
    assert status == 404
    assert json.loads(answer)["error"]["code"] == "ModelNotFound"
    assert owner.get("/v1/completions").status_code == 405


def _ask(client, path, body, **headers):
    async def ask():
        answer = await client.post(path, json.dumps(body), content_type="application/json", headers=headers)
        if not answer.streaming:
            return answer.status_code, answer.content.decode()
        return answer.status_code, b"".join([piece async for piece in answer.streaming_content]).decode()

    return asyncio.run(ask())


def test_a_version_is_encrypted_loaded_and_decrypted_from_its_page(owner, work, versions, workbench_runtime):
    row = versions["tiny@1"]
    page = reverse("model-version", args=[row.pk])
    request = {"model": "tiny@1", "prompt": "pub fn", "max_tokens": 8, "temperature": 0}
    before = workbench_runtime.ask("/v1/completions", request)[1]["choices"]
    assert ">Encrypt</button>" in owner.get(page).content.decode()
    try:
        owner.post(reverse("encrypt-model", args=[row.pk]))
        work()
        assert Run.objects.get().error == ""
        assert ">Decrypt</button>" in owner.get(page).content.decode()
        assert 'title="Its files are encrypted"' in owner.get(reverse("models-state")).content.decode()
        owner.post(reverse("unload-model", args=[row.pk]))
        work()
        owner.post(reverse("load-model", args=[row.pk]))
        work()
        assert workbench_runtime.ask("/v1/completions", request)[1]["choices"] == before
    finally:
        owner.post(reverse("decrypt-model", args=[row.pk]))
        work()
    assert ">Encrypt</button>" in owner.get(page).content.decode()
    assert [event.action for event in ModelEvent.objects.all()] == ["decrypt", "load", "unload", "encrypt"]


def test_one_that_came_with_the_workbench_is_not_encrypted(owner, versions):
    row = ModelVersion.objects.filter(is_shipped=True).first()
    answer = owner.post(reverse("encrypt-model", args=[row.pk]))
    assert answer.status_code == 400
    assert "came with the workbench" in answer.content.decode()
    assert not Run.objects.exists()


def test_a_version_is_quantised_from_its_page_and_both_are_compared(owner, work, library):
    tiny_model(library / "models" / "wide@1", name="wide", quantisation="float32")
    sync_registry()
    row = ModelVersion.objects.get(name="wide")
    page, address = reverse("model-version", args=[row.pk]), reverse("quantise-model", args=[row.pk])
    assert '<option value="int8">' in owner.get(page).content.decode()
    for wrong in ({"quantisation": "int4"}, {"quantisation": "float32"}, {"version": "1"}, {"version": ""}):
        answer = owner.post(address, {"quantisation": "int8", "version": "8"} | wrong)
        assert answer.status_code == 400
        assert 'role="alert"' in answer.content.decode()
    try:
        owner.post(address, {"quantisation": "int8", "version": "8"})
        work()
        assert Run.objects.get().error == ""
        made = ModelVersion.objects.get(name="wide", version="8")
        assert made.quantisation == "int8"
        for shown in (reverse("models"), reverse("model-version", args=[made.pk])):
            assert "Bits per byte" in owner.get(shown).content.decode()
        assert (
            'name="quantisation"' not in owner.get(page.replace(str(row.pk), str(made.pk))).content.decode()
        )
        assert ModelEvent.objects.first().action == "quantise"
    finally:
        for version in ("1", "8"):
            delete_model(f"wide@{version}")


def test_a_version_whose_folder_is_gone_says_so(owner, versions, library):
    row = versions["long@1"]
    folder = library / "models" / "long@1"
    folder.rename(library / "aside")
    try:
        page = owner.get(reverse("model-version", args=[row.pk]))
        assert "is gone" in page.content.decode()
        assert owner.post(reverse("quantise-model", args=[row.pk]), {}).status_code == 400
    finally:
        (library / "aside").rename(folder)
