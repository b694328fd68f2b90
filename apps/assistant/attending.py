"""Where a model's attention lies while it writes a suggestion, worked out in a child process that holds PyTorch."""

import asyncio
import threading
from collections.abc import AsyncGenerator
from dataclasses import asdict
from functools import cache
from typing import Any

from apps.assistant.completing import AFTER_SENT, BEFORE_SENT
from apps.assistant.explaining import Asked, model_to_ask
from rust_ai_ide.runtime.errors import InvalidConfig, Overloaded
from rust_ai_ide.source.isolation import MEGABYTE, IsolatedWorker
from rust_ai_ide.training.attention import attention_map, check_possible

SECONDS = 60.0
MEMORY = 8 * 1024 * MEGABYTE
"""Of address space, of which PyTorch takes much more than it uses."""
_free = threading.BoundedSemaphore(1)


@cache
def _worker() -> IsolatedWorker:
    return IsolatedWorker(memory=MEMORY)


async def attend(asked: Asked) -> AsyncGenerator[dict[str, Any]]:
    """Yield a `progress` event, then one `attention`; places count characters from the cursor.

    Leaving the iterator ends the child process. Raises RustAiIdeError where there is no map to be had.
    """
    if not asked.model:
        raise InvalidConfig("No model wrote this, so there is no attention to look at.", "model")
    folder = await asyncio.to_thread(check_possible, await model_to_ask(asked.model))
    if not _free.acquire(blocking=False):
        raise Overloaded("Another attention map is being worked out; try again in a moment.")
    worker = _worker()
    try:
        yield {"kind": "progress", "activity": "Reading the model into PyTorch", "done": 0, "total": 1}
        wanted = asked.wanted
        before, after = wanted.before[-BEFORE_SENT:], wanted.after[:AFTER_SENT]
        work = (attention_map, folder, wanted.path, before, after, asked.text)
        found = await asyncio.to_thread(worker.call, *work, timeout=SECONDS)
        yield {"kind": "attention", **asdict(found)}
    finally:
        # What PyTorch takes is given back at once.
        worker.stop()
        _free.release()
