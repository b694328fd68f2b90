"""`/explain`: what a suggestion rests on, as a stream of progress and one result."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from rust_ai_ide.runtime.errors import InvalidConfig, RuntimeFailure
from rust_ai_ide.runtime.explaining import explain
from rust_ai_ide.runtime.generating import MOST_SCORED, LoadedModel
from rust_ai_ide.runtime.host import ModelHost
from rust_ai_ide.runtime.parameters import InferenceParams
from rust_ai_ide.runtime.server.answers import client_of, error_body, read_body
from rust_ai_ide.runtime.server.infill import prompt_between

LINE = InferenceParams(max_tokens=32, stop=("\n",))
MOST_TEXT = 2_000
"""Characters of a suggestion that is explained."""


async def explain_suggestion(request: Request) -> Response:
    """Explain `text` between `input_prefix` and `input_suffix`; a client that goes away stops it.

    Each question is a job of its own, so that completions of others come between them.
    """
    host: ModelHost = request.app.state.host
    values = await read_body(request)
    names = ("model", "path", "input_prefix", "input_suffix", "text")
    model, path, before, after, text = (values.get(name, "") for name in names)
    for name in names:
        if not isinstance(values.get(name, ""), str):
            raise InvalidConfig(f"{name} must be a text.", name)
    if not text.strip() or len(text) > MOST_TEXT:
        raise InvalidConfig(f"text must be a suggestion of at most {MOST_TEXT:,} characters.", "text")
    asker = HostedAsker(host, host.served(model).model.manifest.id, path, client_of(request))
    return StreamingResponse(_events(asker, before, after, text), media_type="text/event-stream")


@dataclass(frozen=True)
class HostedAsker:
    """Asks a loaded model, in turn with everybody else."""

    host: ModelHost
    model: str
    path: str
    client: str

    async def score(self, before: str, after: str, text: str) -> float:
        """Return the mean natural logarithm of the probability of the tokens of `text`."""

        def scored(model: LoadedModel) -> float:
            tokens = model.tokeniser.encode(text)
            room = min(MOST_SCORED, model.window, model.longest_prompt) - len(tokens)
            prompt, _ = prompt_between(model, self.path, before, after, room=room)
            values = model.score([*prompt, *tokens])[-len(tokens) :]
            return sum(values) / len(values)

        return await self.host.call(self.model, scored, client=self.client)

    async def complete(self, before: str, after: str) -> str:
        """Return the line that the model finds likeliest."""

        def completed(model: LoadedModel) -> str:
            room = min(model.longest_prompt, model.window - LINE.max_tokens)
            prompt, _ = prompt_between(model, self.path, before, after, room=room)
            pieces: list[str] = []
            model.answer(prompt, LINE, lambda piece: pieces.append(piece.text), lambda: False)
            return "".join(pieces)

        return await self.host.call(self.model, completed, client=self.client)


async def _events(asker: HostedAsker, before: str, after: str, text: str) -> AsyncIterator[str]:
    told: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

    def tell(activity: str, done: int, total: int) -> None:
        told.put_nowait({"activity": activity, "done": done, "total": total})

    async def work() -> None:
        try:
            found = await explain(asker, before, after, text, tell=tell)
            told.put_nowait({"result": found.as_json()})
        except RuntimeFailure as error:
            told.put_nowait(error_body(error))
        finally:
            told.put_nowait(None)

    working = asyncio.create_task(work())
    try:
        while (event := await told.get()) is not None:
            yield f"data: {json.dumps(event)}\n\n"
        await working
    finally:
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working
