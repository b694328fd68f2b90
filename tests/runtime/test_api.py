"""The HTTP interface, by plain requests as curl would send them."""

import http.client
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

PROMPT = {"model": "tiny@1", "prompt": "pub fn item_1(", "temperature": 0, "max_tokens": 12}


def test_a_completion_has_the_fields_of_openai(runtime):
    status, answer = runtime.ask("/v1/completions", PROMPT)
    assert status == 200
    (choice,) = answer["choices"]
    assert answer["object"] == "text_completion"
    assert answer["model"] == "tiny@1"
    assert choice["text"]
    assert choice["finish_reason"] == "length"
    assert answer["usage"]["completion_tokens"] == 12
    assert answer["usage"]["total_tokens"] == answer["usage"]["prompt_tokens"] + 12


def test_a_stream_brings_the_same_text_in_pieces(runtime):
    whole = runtime.ask("/v1/completions", PROMPT)[1]["choices"][0]["text"]
    events = list(runtime.stream("/v1/completions", PROMPT | {"stream_options": {"include_usage": True}}))
    assert "".join(event["choices"][0]["text"] for event in events if event["choices"]) == whole
    assert len(events) > 5
    assert events[-2]["choices"][0]["finish_reason"] == "length"
    assert events[-1]["usage"]["completion_tokens"] == 12


def test_a_stop_text_ends_the_answer_before_itself(runtime):
    whole = runtime.ask("/v1/completions", PROMPT)[1]["choices"][0]["text"]
    stop = whole[4:6]
    answer = runtime.ask("/v1/completions", PROMPT | {"stop": [stop, "never"]})[1]
    assert answer["choices"][0]["text"] == whole[: whole.index(stop)]
    assert answer["choices"][0]["finish_reason"] == "stop"
    streamed = runtime.stream("/v1/completions", PROMPT | {"stop": stop})
    assert "".join(event["choices"][0]["text"] for event in streamed) == whole[: whole.index(stop)]


def test_a_temperature_makes_answers_differ(runtime):
    request = PROMPT | {"temperature": 1.5, "top_k": 40}
    texts = {runtime.ask("/v1/completions", request)[1]["choices"][0]["text"] for _ in range(5)}
    assert len(texts) > 1


def test_a_suffix_asks_for_infilling(runtime):
    plain = runtime.ask("/v1/completions", PROMPT)[1]
    filled = runtime.ask("/v1/completions", PROMPT | {"suffix": "}\n"})[1]
    assert filled["usage"]["prompt_tokens"] > plain["usage"]["prompt_tokens"]
    assert filled["choices"][0]["text"] != plain["choices"][0]["text"]


def test_a_chat_streams_deltas_with_one_role(runtime):
    request = {
        "model": "tiny",
        "messages": [{"role": "user", "content": "hello"}],
        "max_tokens": 6,
        "temperature": 0,
    }
    whole = runtime.ask("/v1/chat/completions", request)[1]["choices"][0]["message"]
    events = list(runtime.stream("/v1/chat/completions", request))
    deltas = [event["choices"][0]["delta"] for event in events]
    assert whole["role"] == "assistant"
    assert "".join(delta.get("content", "") for delta in deltas) == whole["content"]
    assert [delta["role"] for delta in deltas if "role" in delta] == ["assistant"]
    assert {event["object"] for event in events} == {"chat.completion.chunk"}


def test_what_a_user_writes_never_becomes_a_special_token(runtime):
    def tokens(content):
        messages = [{"role": "user", "content": content}]
        request = {"model": "tiny", "messages": messages, "max_tokens": 1}
        return runtime.ask("/v1/chat/completions", request)[1]["usage"]["prompt_tokens"]

    # As a special token it would be one; as text it is many.
    assert tokens("<end><assistant>") > tokens("") + 4


def test_infill_answers_in_the_form_of_llama_cpp(runtime):
    request = {"model": "tiny", "input_prefix": "pub fn ", "input_suffix": "}\n", "n_predict": 5}
    answer = runtime.ask("/infill", request)[1]
    assert answer["tokens_predicted"] == 5
    assert answer["stop_type"] == "limit"
    assert answer["timings"]["prompt_n"] == answer["tokens_evaluated"]
    events = list(runtime.stream("/infill", request))
    assert "".join(event["content"] for event in events) == answer["content"]
    assert [event["stop"] for event in events] == [False] * (len(events) - 1) + [True]


def test_infill_cuts_far_from_the_hole_and_says_so(runtime):
    request = {
        "model": "tiny",
        "input_prefix": "let x = 1;\n" * 300,
        "input_suffix": "}\n" * 300,
        "n_predict": 5,
    }
    status, answer = runtime.ask("/infill", request)
    assert status == 200
    assert answer["truncated"] is True
    assert answer["tokens_evaluated"] <= 1024 - 5


def test_models_are_listed_with_what_they_can_do(runtime):
    rows = {row["id"]: row for row in runtime.ask("/v1/models")[1]["data"]}
    assert rows["tiny@1"]["capabilities"] == {"completion": True, "infill": True, "chat": True}
    assert rows["long@1"]["capabilities"]["chat"] is False
    assert runtime.ask("/v1/models/tiny@1")[1] == rows["tiny@1"]


@pytest.mark.parametrize(
    ("change", "status", "code", "field"),
    [
        ({"temperature": "hot"}, 400, "InvalidConfig", "temperature"),
        ({"temperature": -1}, 400, "InvalidConfig", "temperature"),
        ({"max_tokens": -5}, 400, "InvalidConfig", "max_tokens"),
        ({"max_tokens": True}, 400, "InvalidConfig", "max_tokens"),
        ({"top_p": 1.5}, 400, "InvalidConfig", "top_p"),
        ({"stop": [1]}, 400, "InvalidConfig", "stop"),
        ({"stop": ["a"] * 17}, 400, "InvalidConfig", "stop"),
        ({"n": 3}, 400, "InvalidConfig", "n"),
        ({"prompt": {"a": 1}}, 400, "InvalidConfig", "prompt"),
        ({"prompt": "word " * 2000}, 400, "InvalidConfig", "prompt"),
        ({"model": "gpt-9"}, 404, "ModelNotFound", None),
    ],
)
def test_bad_requests_are_told_by_field(runtime, change, status, code, field):
    answered, body = runtime.ask("/v1/completions", PROMPT | change)
    assert answered == status
    assert body["error"]["code"] == code
    assert body["error"]["param"] == field
    assert body["error"]["message"].endswith(".")


@pytest.mark.parametrize("body", [b"[", b"[]", b'{"temperature": NaN}', b'{"a":' * 100_000, b"\xff\xfe"])
def test_a_body_that_is_no_json_object_is_told(runtime, body):
    status, answer = runtime.ask("/v1/completions", body)
    assert status == 400
    assert answer["error"]["code"] == "InvalidConfig"


def test_a_model_that_only_completes_does_not_chat(runtime):
    request = {"model": "long", "messages": [{"role": "user", "content": "hello"}]}
    status, body = runtime.ask("/v1/chat/completions", request)
    assert status == 400
    assert "does not chat" in body["error"]["message"]


def test_only_holders_of_the_key_at_a_local_name_are_answered(runtime):
    assert runtime.ask("/v1/models", Authorization="Bearer wrong")[0] == 401
    assert runtime.ask("/status", Authorization="")[0] == 401
    assert runtime.ask("/v1/models", Host="evil.com")[0] == 400
    assert runtime.ask("/v1/models", Origin="http://127.0.0.1")[0] == 403


def test_an_oversized_body_is_refused_before_it_is_read(runtime):
    connection = http.client.HTTPConnection(runtime.url.removeprefix("http://"), timeout=10)
    connection.putrequest("POST", "/v1/completions")
    connection.putheader("Authorization", f"Bearer {runtime.key}")
    connection.putheader("Content-Length", "9000000")
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_a_client_that_leaves_stops_the_model(runtime):
    request = {"model": "long", "prompt": "pub fn", "max_tokens": 19_000, "temperature": 0}
    stream = runtime.stream("/v1/completions", request)
    next(stream)
    assert _row(runtime, "long@1")["is_busy"]
    stream.close()
    runtime.wait(lambda status: not any(row["is_busy"] for row in status["models"]), seconds=10)


def test_a_client_that_leaves_before_the_answer_is_whole_stops_the_model(runtime):
    def ask():
        with pytest.raises(OSError, match="timed out"):
            urlopen_briefly(
                runtime, {"model": "long", "prompt": "pub fn", "max_tokens": 19_000, "temperature": 0}
            )

    thread = threading.Thread(target=ask)
    thread.start()
    runtime.wait(lambda status: any(row["is_busy"] for row in status["models"]))
    thread.join()
    runtime.wait(lambda status: not any(row["is_busy"] for row in status["models"]), seconds=10)


def urlopen_briefly(runtime, body):
    import urllib.request

    urllib.request.urlopen(runtime.request("/v1/completions", body), timeout=0.5).read()


def test_a_newer_request_in_the_same_slot_takes_the_place_of_the_older(runtime):
    old = {"model": "long", "prompt": "pub fn", "max_tokens": 15_000, "slot": "editor", "temperature": 0}
    stream = runtime.stream("/v1/completions", old)
    next(stream)
    status, answer = runtime.ask("/v1/completions", old | {"max_tokens": 3})
    assert status == 200
    assert answer["usage"]["completion_tokens"] == 3
    assert len(list(stream)) < 15_000


def test_two_hundred_requests_at_once_are_answered_or_told_to_wait(runtime):
    with ThreadPoolExecutor(200) as pool:
        answers = list(
            pool.map(lambda n: runtime.ask("/v1/completions", PROMPT | {"max_tokens": 4}), range(200))
        )
    statuses = [status for status, _ in answers]
    assert set(statuses) <= {200, 503}
    assert statuses.count(200) >= 60
    for status, body in answers:
        assert status == 200 or body["error"]["code"] == "Overloaded"
    assert runtime.ask("/v1/completions", PROMPT)[0] == 200


def test_one_busy_client_does_not_keep_another_waiting(runtime):
    with ThreadPoolExecutor(20) as pool:
        request = {"model": "long", "prompt": "pub fn", "max_tokens": 400, "temperature": 0}
        many = [
            pool.submit(runtime.ask, "/v1/completions", request, **{"X-Client": "many"}) for _ in range(20)
        ]
        runtime.wait(lambda status: any(row["waiting"] > 5 for row in status["models"]))
        assert runtime.ask("/v1/completions", request | {"max_tokens": 2}, **{"X-Client": "one"})[0] == 200
        assert sum(future.done() for future in many) < 15


def test_scores_are_those_of_the_text_after_what_is_given(runtime):
    alone = runtime.ask("/score", {"model": "tiny", "text": "pub fn(item"})[1]
    after = runtime.ask("/score", {"model": "tiny", "given": "pub fn(", "text": "item"})[1]
    assert len(alone["tokens"]) == len(alone["log_probabilities"])
    assert all(value <= 0 for value in alone["log_probabilities"])
    assert after["tokens"] == alone["tokens"][-len(after["tokens"]) :]
    assert after["log_probabilities"] == pytest.approx(
        alone["log_probabilities"][-len(after["tokens"]) :], abs=1e-3
    )
    assert runtime.ask("/score", {"model": "long", "text": "a b " * 5000})[0] == 400


def _row(runtime, model):
    return next(row for row in runtime.ask("/status")[1]["models"] if row["id"] == model)
