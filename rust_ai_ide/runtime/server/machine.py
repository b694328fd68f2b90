"""What the runtime's machine has, which models fit into it, and tuning them on it."""

import asyncio
import contextlib
import json
import threading
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.observability.events import Cancelled, Event, Progressed
from rust_ai_ide.runtime.errors import InvalidConfig, Overloaded, RuntimeFailure
from rust_ai_ide.runtime.hardware import this_machine
from rust_ai_ide.runtime.library import find_model
from rust_ai_ide.runtime.machine_report import hardware_report, tuning_report
from rust_ai_ide.runtime.server.answers import error_body, read_body
from rust_ai_ide.runtime.trials import tune

_tuning = threading.Lock()


async def hardware(request: Request) -> Response:
    """Answer with the machine, what fits into it, and what was measured of each model."""
    return JSONResponse(await asyncio.to_thread(hardware_report))


async def tune_model(request: Request) -> Response:
    """Measure a model's settings on this machine: a stream of events, the last one with the result.

    A client that goes away stops it after the setting that is being tried. One model is tuned at a time.
    """
    model = (await read_body(request)).get("model")
    if not isinstance(model, str) or not model:
        raise InvalidConfig("model must name a model.", "model")
    find_model(model)
    if not _tuning.acquire(blocking=False):
        raise Overloaded("Another model is being tuned; try again when that is done.")
    loop, gone = asyncio.get_running_loop(), threading.Event()
    told: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

    def tell(value: dict[str, Any] | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is gone when the process stops
            loop.call_soon_threadsafe(told.put_nowait, value)

    def report(event: Event) -> None:
        if gone.is_set():
            raise Cancelled("Cancelled")
        if isinstance(event, Progressed):
            tell({"activity": event.activity, "done": event.done, "total": event.total})
        else:
            tell({"warning": event.message})

    def work() -> None:
        try:
            tell({"result": tuning_report(tune(model, this_machine(), report))})
        except RustAiIdeError as error:
            tell(error_body(error if isinstance(error, RuntimeFailure) else RuntimeFailure(str(error))))
        finally:
            _tuning.release()
            tell(None)

    async def lines() -> AsyncIterator[str]:
        try:
            while (value := await told.get()) is not None:
                yield f"data: {json.dumps(value)}\n\n"
        finally:
            gone.set()

    # No thread of the loop's own: the process must be able to end while a setting is tried.
    threading.Thread(target=work, name="tuning", daemon=True).start()
    return StreamingResponse(lines(), media_type="text/event-stream")
