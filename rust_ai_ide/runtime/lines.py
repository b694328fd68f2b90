"""Lines to complete, and who writes them: what is asked of a model, and what comes back piece by piece."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from rust_ai_ide.runtime.client import RuntimeClient, RuntimeUnreachable

MOST_TOKENS = 32
STOP = "\n"


@dataclass(frozen=True, slots=True)
class Hole:
    """What stands before and after the cursor of a file, as far as it is sent; `path` is "" where it is not told."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Written:
    """A piece of a line. `log_probability` is that of its token, None where the server does not tell.

    The last piece may have no text and hold the log-probabilities of all tokens.
    """

    text: str
    log_probability: float | None = None
    all_log_probabilities: tuple[float, ...] | None = None


async def runtime_line(
    runtime: RuntimeClient, model: str, hole: Hole, client: str
) -> AsyncGenerator[Written]:
    """Yield the line that a model of a runtime writes, one request at a time for each client.

    Raises RuntimeUnreachable or Refused; leaving the iterator stops the model.
    """
    request = {
        "model": model,
        "path": hole.path,
        "input_prefix": hole.before,
        "input_suffix": hole.after,
        "n_predict": MOST_TOKENS,
        "stop": [STOP],
        "slot": "editor",
    }
    async with contextlib.aclosing(runtime.stream("/infill", request, client)) as events:
        async for event in events:
            if event.get("content"):
                yield Written(event["content"], event["log_probability"])
            if event.get("stop"):
                yield Written("", None, tuple(event["log_probabilities"]))


async def timed(
    pieces: AsyncGenerator[Written], who: str, *, first: float, whole: float
) -> AsyncGenerator[Written]:
    """Yield the pieces, the first within `first` seconds and all within `whole`. Raises RuntimeUnreachable."""
    clock = asyncio.get_running_loop().time
    began = clock()
    deadline = began + first
    async with contextlib.aclosing(pieces):
        while True:
            try:
                async with asyncio.timeout_at(deadline):
                    piece = await anext(pieces)
            except StopAsyncIteration:
                return
            except TimeoutError as error:
                raise RuntimeUnreachable(f"{who} did not answer in time.") from error
            yield piece
            deadline = began + whole
