"""The socket that tails a run's log."""

import asyncio
from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings

from apps.common import selectors

POLL_SECONDS = 5.0 if settings.REDIS_URL else 0.3


class SignedInConsumer(AsyncJsonWebsocketConsumer):
    """A socket for signed-in users; `follow` runs as long as it is open."""

    follower: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Refuse strangers before the handshake is over."""
        if not self.scope["user"].is_authenticated:
            await self.close(code=4401)
            return
        await self.accept()
        self.follower = asyncio.create_task(self.follow())

    async def disconnect(self, code: int) -> None:
        """Stop following."""
        if self.follower:
            self.follower.cancel()

    async def follow(self) -> None:
        """Send what happens."""
        raise NotImplementedError


class RunConsumer(SignedInConsumer):
    """Sends the events of one run from the number the page has seen (`?after=`), then each new one."""

    async def follow(self) -> None:
        """Tail the log: the database says what happened, the channel layer only wakes us early."""
        run_id = self.scope["url_route"]["kwargs"]["run_id"]
        asked = parse_qs(self.scope["query_string"].decode()).get("after", ["0"])[0]
        seen = int(asked) if asked.isdecimal() else 0
        self.woken = asyncio.Event()
        if settings.REDIS_URL:
            await self.channel_layer.group_add(f"run.{run_id}", self.channel_name)
        finished = False
        while not finished:
            self.woken.clear()
            events, finished = await database_sync_to_async(_news)(run_id, seen)
            for event in events:
                await self.send_json(event)
                seen = event["number"]
            if not finished:
                await _wait(self.woken)
        await self.send_json({"number": seen, "kind": "finished"})

    async def run_logged(self, message: dict[str, Any]) -> None:
        """Wake the tail."""
        self.woken.set()


async def _wait(woken: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(woken.wait(), POLL_SECONDS)
    except TimeoutError:
        return


def _news(run_id: int, seen: int) -> tuple[list[dict[str, Any]], bool]:
    run = selectors.find_run(run_id)
    events = [
        {"number": e.number, "kind": e.kind, "message": e.message, "done": e.done, "total": e.total}
        for e in selectors.events_after(run_id, seen)
    ]
    return events, run is None or run.is_finished
