"""The loaded models of a runtime process: loading within bounds, answering in turn, unloading when idle."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from rust_ai_ide.runtime.errors import ModelLoading, ModelNotFound, OutOfMemory
from rust_ai_ide.runtime.files import ModelFiles, open_model
from rust_ai_ide.runtime.generating import Answer, LoadedModel, LoadOptions, Piece
from rust_ai_ide.runtime.hardware import fingerprint
from rust_ai_ide.runtime.library import find_model
from rust_ai_ide.runtime.manifest import Manifest
from rust_ai_ide.runtime.memory import MemoryNeed, memory_available, memory_need
from rust_ai_ide.runtime.parameters import InferenceParams
from rust_ai_ide.runtime.queueing import FairQueue, Job
from rust_ai_ide.runtime.tuning import tuned
from rust_ai_ide.runtime.weights import read_shapes

T = TypeVar("T")
DRAIN_SECONDS = 30.0
SHORTEST_PROMPT = 512
"""A model for which not even such a prompt fits into memory is refused."""


@dataclass(eq=False)
class Served:
    """A loaded model with its waiting line and its thread."""

    model: LoadedModel
    options: LoadOptions
    queue: FairQueue = field(default_factory=FairQueue)
    thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "model"))
    is_leaving: bool = False
    answered: int = 0
    loaded_at: float = field(default_factory=time.time)
    loop: asyncio.Task[None] | None = None

    async def serve(self) -> None:
        """Do one job after the other, for ever."""
        running = asyncio.get_running_loop()
        while True:
            job = await self.queue.next()
            try:
                await running.run_in_executor(self.thread, job.work)
            finally:
                self.queue.running = None
                self.answered += 1


class ModelHost:
    """Loads, answers, unloads. Belongs to one event loop; `memory_limit` bounds the process, in bytes (0: none)."""

    def __init__(self, memory_limit: int = 0) -> None:
        self.memory_limit = memory_limit
        self._served: dict[str, Served] = {}
        self._turn = asyncio.Lock()
        self.loading: set[str] = set()

    def models(self) -> list[Served]:
        """Return the loaded models."""
        return list(self._served.values())

    def served(self, wanted: str) -> Served:
        """Return a loaded model by id or name; an empty name means the only or the latest loaded one."""
        candidates = [
            served
            for key, served in self._served.items()
            if not served.is_leaving and wanted in {"", key, served.model.manifest.name}
        ]
        if not candidates:
            if wanted in self.loading or (not wanted and self.loading):
                raise ModelLoading(f"{wanted or 'The model'} is being loaded; try again in a moment.")
            loaded = ", ".join(self._served) or "none"
            raise ModelNotFound(f"The model {wanted[:80]!r} is not loaded. Loaded: {loaded}.")
        return candidates[-1]

    async def load(self, wanted: str, options: LoadOptions) -> LoadedModel:
        """Load a model of the library, once: a second call with the same options finds it loaded.

        Raises ModelNotFound, InvalidConfig for a damaged folder, OutOfMemory before anything is loaded.
        """
        folder, manifest = find_model(wanted)
        self.loading |= {manifest.id, manifest.name}
        try:
            async with self._turn:
                present = self._served.get(manifest.id)
                if present is not None:
                    if options == present.options:
                        return present.model
                    await self._leave(manifest.id, DRAIN_SECONDS)
                model = await asyncio.to_thread(self._load, folder, manifest, options)
                served = Served(model, options)
                served.loop = asyncio.create_task(served.serve())
                self._served[manifest.id] = served
                return model
        finally:
            self.loading -= {manifest.id, manifest.name}

    def _load(self, folder: Path, manifest: Manifest, options: LoadOptions) -> LoadedModel:
        files = open_model(folder, manifest)
        files.verify()
        options = tuned(options, manifest, fingerprint())
        need, prompt_length = self._fitting(files, options)
        return LoadedModel(files, replace(options, prompt_length=prompt_length), need)

    def _fitting(self, files: ModelFiles, options: LoadOptions) -> tuple[MemoryNeed, int]:
        manifest, shapes = files.manifest, read_shapes(files.folder)
        available = memory_available(self.memory_limit)
        length = min(options.prompt_length or manifest.context_length, manifest.context_length)
        while True:
            need = memory_need(
                shapes,
                prompt_length=length,
                context_length=manifest.context_length,
                compute_type=options.compute_type,
                decrypted=files.decrypted_size,
            )
            if need.total <= available:
                return need, length
            # A bound that the caller chose is kept; the whole window gives way to what fits.
            if options.prompt_length or length <= SHORTEST_PROMPT:
                raise OutOfMemory(f"{manifest.id} with prompts of {length:,} tokens", need.total, available)
            length = max(SHORTEST_PROMPT, length // 2)

    async def unload(self, wanted: str, drain_seconds: float = DRAIN_SECONDS) -> None:
        """Take a model out of service: refuse new requests, let the running one end, then free the memory."""
        model = self.served(wanted).model
        async with self._turn:
            if model.manifest.id in self._served:
                await self._leave(model.manifest.id, drain_seconds)

    async def _leave(self, model_id: str, drain_seconds: float) -> None:
        served = self._served[model_id]
        served.is_leaving = True
        served.queue.fail_all(ModelNotFound(f"{model_id} is being unloaded; choose another model."))
        deadline = asyncio.get_running_loop().time() + drain_seconds
        while served.queue.running is not None:
            if asyncio.get_running_loop().time() > deadline:
                served.queue.running.cancelled.set()
            await asyncio.sleep(0.01)
        if served.loop is not None:
            served.loop.cancel()
        await asyncio.get_running_loop().run_in_executor(served.thread, served.model.unload)
        served.thread.shutdown(wait=False)
        del self._served[model_id]

    async def close(self) -> None:
        """Unload everything, at once."""
        for model_id in list(self._served):
            await self._leave(model_id, 0)

    async def answer(
        self,
        wanted: str,
        prompt: Callable[[LoadedModel], list[str]],
        parameters: InferenceParams,
        *,
        client: str = "",
        slot: str = "",
    ) -> AsyncIterator[Piece | Answer]:
        """Yield the pieces of an answer as they come, then the Answer. Closing the iterator stops the model."""
        served = self.served(wanted)
        loop = asyncio.get_running_loop()
        events: asyncio.Queue[Piece | Answer | Exception] = asyncio.Queue()

        def tell(event: Piece | Answer | Exception) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is gone when the process stops
                loop.call_soon_threadsafe(events.put_nowait, event)

        def work() -> None:
            try:
                tokens = prompt(served.model)
                tell(served.model.answer(tokens, parameters, tell, job.cancelled.is_set))
            except Exception as error:  # told to the caller, whose request it is
                tell(error)

        job = Job(client, work, events.put_nowait, slot)
        served.queue.put(job)
        try:
            while True:
                event = await events.get()
                if isinstance(event, Exception):
                    raise event
                yield event
                if isinstance(event, Answer):
                    return
        finally:
            job.cancelled.set()

    async def call(self, wanted: str, function: Callable[[LoadedModel], T], *, client: str = "") -> T:
        """Return what `function` says of the model, run in its turn on the model's thread."""
        served = self.served(wanted)
        loop = asyncio.get_running_loop()
        result: asyncio.Future[Any] = loop.create_future()

        def settle(value: Any, error: Exception | None) -> None:
            if not result.done():
                result.set_exception(error) if error else result.set_result(value)

        def work() -> None:
            try:
                value, failure = function(served.model), None
            except Exception as error:  # told to the caller
                value, failure = None, error
            loop.call_soon_threadsafe(settle, value, failure)

        job = Job(client, work, lambda error: settle(None, error))
        served.queue.put(job)
        try:
            value: T = await result
        finally:
            job.cancelled.set()
        return value
