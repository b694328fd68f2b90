"""Who may answer a chat, the best first: a local model that chats, then the endpoints, as they do at the moment."""

import contextlib
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass

from asgiref.sync import sync_to_async

from apps.models.endpoints import chat_endpoint, is_allowed
from apps.models.models import Endpoint, ModelVersion
from apps.models.runtimes import runtime_for
from apps.models.selectors import chatting_version
from rust_ai_ide.runtime.endpoints import chat_stream
from rust_ai_ide.runtime.errors import InvalidConfig
from rust_ai_ide.runtime.library import known_models
from rust_ai_ide.runtime.prompting import Message
from rust_ai_ide.runtime.routing import RateLimit, Router
from rust_ai_ide.runtime.tokens import load_tokeniser

CHARACTERS_A_TOKEN = 3
TEMPERATURE = 0.2
router = Router()
rate_limit = RateLimit(per_minute=30, burst=10)

Stream = Callable[[Sequence[Message], int], AsyncGenerator[str]]


@dataclass(frozen=True)
class ChatSource:
    """One that can answer. `where` says where a question goes; `ask(messages, most_tokens)` yields the answer."""

    name: str
    where: str
    context_length: int
    count_tokens: Callable[[str], int]
    ask: Stream
    is_here: bool = True


def chat_sources() -> list[ChatSource]:
    """Return who may answer now, in the order to try."""
    version = chatting_version()
    sources = [_local(version)] if version else []
    sources += [_remote(endpoint) for endpoint in Endpoint.objects.all() if is_allowed(endpoint)]
    by_name = {source.name: source for source in sources}
    return [by_name[name] for name in router.order(list(by_name))]


def _local(version: ModelVersion) -> ChatSource:
    model = version.identifier

    async def ask(messages: Sequence[Message], most_tokens: int) -> AsyncGenerator[str]:
        turns = [{"role": message.role, "content": message.content} for message in messages]
        request = {"model": model, "messages": turns, "max_tokens": most_tokens, "temperature": TEMPERATURE}
        client = await sync_to_async(runtime_for)(model)
        async for event in client.stream("/v1/chat/completions", request, "chat"):
            for choice in event.get("choices", []):
                if choice["delta"].get("content"):
                    yield choice["delta"]["content"]

    return ChatSource(model, "on this machine", version.context_length, _counter(model), ask)


def _remote(endpoint: Endpoint) -> ChatSource:
    async def ask(messages: Sequence[Message], most_tokens: int) -> AsyncGenerator[str]:
        called = chat_endpoint(endpoint)
        async for piece in chat_stream(called, messages, max_tokens=most_tokens, temperature=TEMPERATURE):
            yield piece

    return ChatSource(
        _name(endpoint),
        f"at {endpoint.url}",
        endpoint.context_length,
        lambda text: len(text) // CHARACTERS_A_TOKEN + 1,
        ask,
        is_here=False,
    )


def _counter(model: str) -> Callable[[str], int]:
    known = known_models().get(model)
    if known is None:
        return lambda text: len(text) // CHARACTERS_A_TOKEN + 1
    tokeniser = load_tokeniser(known[0])
    return lambda text: len(tokeniser.encode(text))


async def try_endpoint(endpoint: Endpoint) -> float:
    """Ask an endpoint for one word; return the seconds to its first. Raises RuntimeFailure, or what forbids it."""
    if not is_allowed(endpoint):
        raise InvalidConfig(f"{endpoint.name} is off, or the settings do not allow it.", "endpoint")
    source = _remote(endpoint)
    began = time.perf_counter()
    with router.trying(source.name) as answered:
        async with contextlib.aclosing(source.ask([Message("user", "Say: yes")], 8)) as pieces:
            async for _ in pieces:
                answered()
                break
        answered()
    return time.perf_counter() - began


def health_of(endpoint: Endpoint) -> tuple[str, str]:
    """Return how an endpoint did lately, and its last problem."""
    return router.health(_name(endpoint))


def _name(endpoint: Endpoint) -> str:
    return f"{endpoint.name} ({endpoint.model})"
