"""The interface for other editors, by the client that most of them use."""

import json
import re
import time

import openai
import pytest

from tests.operation.client import Client
from tests.runtime.tiny import tiny_model
from tests.serving import serving


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    home = tmp_path_factory.mktemp("openai") / "home"
    tiny_model(home / "models" / "tiny@1", chat=True, context_length=1024)
    (home / "loaded-models.json").write_text(json.dumps({"tiny@1": {"options": {}, "is_loaded": True}}))
    with serving(home) as server:
        signed_in = Client(server)
        _, page = signed_in.send("/models/keys/make/", {"name": "openai"})
        found = re.search(r'class="key">([^<]+)<', page)
        assert found
        made = openai.OpenAI(base_url=f"{server.url}/v1", api_key=found[1], max_retries=0, timeout=20)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and "Unload</button>" not in signed_in.get("/models/"):
            time.sleep(0.1)
        yield made
        made.close()


def test_models_are_listed(client):
    assert [model.id for model in client.models.list()] == ["tiny@1"]
    assert client.models.retrieve("tiny@1").id == "tiny@1"


def test_a_completion_whole_and_streamed(client):
    request = {"model": "tiny@1", "prompt": "pub fn", "suffix": "}", "max_tokens": 8, "temperature": 0}
    whole = client.completions.create(**request)
    streamed = client.completions.create(**request, stream=True)
    assert "".join(chunk.choices[0].text for chunk in streamed) == whole.choices[0].text
    assert whole.usage.completion_tokens <= 8


def test_a_chat_whole_and_streamed(client):
    request = {
        "model": "tiny@1",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "hello"}],
        "max_completion_tokens": 8,
        "temperature": 0,
    }
    whole = client.chat.completions.create(**request)
    streamed = client.chat.completions.create(**request, stream=True)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in streamed)
    assert text == whole.choices[0].message.content


def test_errors_are_the_clients_own_exceptions(client):
    with pytest.raises(openai.NotFoundError):
        client.completions.create(model="gpt-9", prompt="a")
    with pytest.raises(openai.BadRequestError) as caught:
        client.completions.create(model="tiny@1", prompt="a", temperature=-3)
    assert caught.value.param == "temperature"
    with pytest.raises(openai.AuthenticationError):
        client.with_options(api_key="wrong").models.list()
