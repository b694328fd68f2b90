"""Models behind other servers, asked to chat: any that speaks OpenAI's interface, OpenAI itself, and Anthropic.

An address is called as it stands: no redirects, no proxies of the environment, TLS checked.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from rust_ai_ide.runtime.client import CONNECT_SECONDS, SILENCE_SECONDS, Refused, RuntimeUnreachable
from rust_ai_ide.runtime.connecting import connection, lines_of
from rust_ai_ide.runtime.errors import InvalidConfig
from rust_ai_ide.runtime.prompting import Message

ANTHROPIC_VERSION = "2023-06-01"
MOST_LINE = 1_000_000


class EndpointKind(StrEnum):
    """Whose interface an endpoint speaks."""

    COMPATIBLE = "compatible"
    OPENAI = "openai"
    ANTHROPIC = "anthropic"


HOSTS = {
    EndpointKind.OPENAI: "https://api.openai.com/v1",
    EndpointKind.ANTHROPIC: "https://api.anthropic.com/v1",
}


@dataclass(frozen=True)
class ChatEndpoint:
    """A model behind an address; `url` ends before `/chat/completions`, or for Anthropic before `/messages`."""

    kind: EndpointKind
    url: str
    model: str
    key: str = ""


def checked_url(kind: EndpointKind, url: str) -> str:
    """Return an endpoint's address without a slash at its end. Raises InvalidConfig for what cannot be one."""
    if kind in HOSTS and not url.strip():
        return HOSTS[kind]
    address = url.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        port_is_good = parts.port is None or 0 < parts.port < 65536
    except ValueError:
        port_is_good = False
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_good:
        raise InvalidConfig("The address must be like http://127.0.0.1:11434/v1.", "url")
    if parts.username or parts.password or parts.query or parts.fragment or any(c.isspace() for c in address):
        raise InvalidConfig("The address may hold neither a user, a password, a query nor spaces.", "url")
    if kind in HOSTS and parts.scheme != "https":
        raise InvalidConfig("This provider is only asked over https.", "url")
    return address


async def chat_stream(
    endpoint: ChatEndpoint, messages: Sequence[Message], *, max_tokens: int, temperature: float
) -> AsyncIterator[str]:
    """Yield the text of an answer as it comes. Raises RuntimeUnreachable or Refused."""
    import httpx2

    if endpoint.kind == EndpointKind.ANTHROPIC:
        path, headers, body = _anthropic(endpoint, messages)
        read = _anthropic_text
    else:
        path, headers, body = _openai(endpoint, messages)
        read = _openai_text
    body |= {"model": endpoint.model, "max_tokens": max_tokens, "temperature": temperature, "stream": True}
    try:
        async with (
            connection(connect=CONNECT_SECONDS * 5, silence=SILENCE_SECONDS) as client,
            client.stream("POST", endpoint.url + path, json=body, headers=headers) as answer,
        ):
            if answer.status_code != 200:
                raise refusal(endpoint, answer.status_code, (await answer.aread())[:10_000])
            async for line in lines_of(answer, MOST_LINE):
                if line.startswith("data:") and line != "data: [DONE]":
                    text = read(json.loads(line.removeprefix("data:")))
                    if text:
                        yield text
    except (httpx2.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RuntimeUnreachable(f"{host_of(endpoint)} does not answer: {type(error).__name__}.") from error


def _openai(
    endpoint: ChatEndpoint, messages: Sequence[Message]
) -> tuple[str, dict[str, str], dict[str, Any]]:
    headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
    turns = [{"role": message.role, "content": message.content} for message in messages]
    return "/chat/completions", headers, {"messages": turns}


def _openai_text(event: Mapping[str, Any]) -> str:
    if "error" in event:
        raise ValueError("error in the stream")
    return "".join(choice.get("delta", {}).get("content") or "" for choice in event.get("choices", []))


def _anthropic(
    endpoint: ChatEndpoint, messages: Sequence[Message]
) -> tuple[str, dict[str, str], dict[str, Any]]:
    headers = {"x-api-key": endpoint.key, "anthropic-version": ANTHROPIC_VERSION}
    system = "\n\n".join(message.content for message in messages if message.role == "system")
    turns = [{"role": m.role, "content": m.content} for m in messages if m.role != "system"]
    return "/messages", headers, {"system": system, "messages": turns}


def _anthropic_text(event: Mapping[str, Any]) -> str:
    if event.get("type") == "error":
        raise ValueError("error in the stream")
    return str(event.get("delta", {}).get("text") or "") if event.get("type") == "content_block_delta" else ""


def refusal(endpoint: ChatEndpoint, status: int, body: bytes) -> Refused:
    """Return what an endpoint's refusal says, in one sentence."""
    try:
        said = str(json.loads(body)["error"]["message"])[:300]
    except (ValueError, KeyError, TypeError):
        said = f"status {status}"
    if status in {401, 403}:
        said = f"it does not accept the key ({said})"
    return Refused(f"{host_of(endpoint)} refused: {said}", "", status)


def host_of(endpoint: ChatEndpoint) -> str:
    """Return host and port, as errors name an endpoint."""
    return urlsplit(endpoint.url).netloc
