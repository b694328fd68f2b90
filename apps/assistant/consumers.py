"""The sockets of the editor and of the chat."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator
from typing import Any

from channels.db import database_sync_to_async

from apps.assistant import services
from apps.assistant.attending import attend
from apps.assistant.chatting import answer
from apps.assistant.completing import complete, read_wanted
from apps.assistant.explaining import explain, read_asked
from apps.assistant.selectors import open_answer
from apps.common.consumers import SignedInConsumer
from apps.common.markdown import markdown_html
from rust_ai_ide.errors import RustAiIdeError

RENDER_SECONDS = 0.08
BEAT_SECONDS = 4.0


class CompletionConsumer(SignedInConsumer):
    """Streams completions and their explanations, one at a time; each message has the `id` of its request."""

    answering: asyncio.Task[None] | None = None

    async def follow(self) -> None:
        """Say nothing unasked."""

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Take what the editor sends at once.

        Channels would first look for old database connections, in a thread that pages' work may hold up.
        """
        if message["type"] == "websocket.receive":
            await self.websocket_receive(message)
        else:
            await super().dispatch(message)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        """Take a request (`complete`, `explain` or `attend`), or give up the last one (`cancel`)."""
        self._stop()
        values = content if isinstance(content, dict) else {}
        request = values.get("id")
        if values.get("kind") not in {"complete", "explain", "attend"} or not isinstance(request, int):
            return
        client = f"editor {self.channel_name}"
        try:
            if values["kind"] == "complete":
                events = complete(read_wanted(values), client)
            elif values["kind"] == "explain":
                events = explain(read_asked(values), client)
            else:
                events = attend(read_asked(values))
        except RustAiIdeError as error:
            await self.send_json({"id": request, "kind": "error", "message": str(error)})
            return
        self.answering = asyncio.create_task(self._answer(request, events))

    async def disconnect(self, code: int) -> None:
        """Stop the model, too."""
        self._stop()
        await super().disconnect(code)

    async def _answer(self, request: int, events: AsyncGenerator[dict[str, Any]]) -> None:
        try:
            # Closing the events, as a newer request does, closes the connection to whoever writes.
            async with contextlib.aclosing(events):
                async for event in events:
                    await self.send_json({"id": request, **event})
        except RustAiIdeError as error:
            await self.send_json({"id": request, "kind": "error", "message": str(error)})

    def _stop(self) -> None:
        if self.answering is not None:
            self.answering.cancel()


class ChatConsumer(SignedInConsumer):
    """Writes the answer that a conversation waits for, while its page is open."""

    async def follow(self) -> None:
        """Claim the answer, stream it as rendered Markdown, and say when it is kept."""
        waiting = await database_sync_to_async(open_answer)(
            self.scope["url_route"]["kwargs"]["conversation_id"]
        )
        if waiting is None or not await database_sync_to_async(services.claim)(waiting):
            await self.send_json({"kind": "kept"})
            return
        text, shown_at, beat_at = "", 0.0, time.monotonic()
        async with contextlib.aclosing(answer(waiting)) as pieces:
            async for said in pieces:
                text += said.text
                now = time.monotonic()
                if now - shown_at > RENDER_SECONDS:
                    shown_at = now
                    await self.send_json({"kind": "text", "html": markdown_html(text)})
                if now - beat_at > BEAT_SECONDS:
                    beat_at = now
                    await database_sync_to_async(services.beat)(waiting)
        await self.send_json({"kind": "kept"})

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        """Stop when asked to; what was written so far is kept."""
        if isinstance(content, dict) and content.get("kind") == "stop" and self.follower is not None:
            self.follower.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.follower
            await self.send_json({"kind": "kept"})
