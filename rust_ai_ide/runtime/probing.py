"""A first piece that is late: slow, or never to come? Whoever writes it is asked whether it is well."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def probed(
    pieces: AsyncGenerator[T], probe: Callable[[], Awaitable[object]], *, after: float
) -> AsyncGenerator[T]:
    """Yield the pieces; where none came within `after` seconds, await `probe()` once and raise what it raises."""
    first = asyncio.ensure_future(anext(pieces))
    async with contextlib.aclosing(pieces):
        try:
            await asyncio.wait({first}, timeout=after)
            if not first.done():
                await probe()
            piece = await first
        except StopAsyncIteration:
            return
        finally:
            first.cancel()
            # A generator can only be closed once nobody waits in it.
            with contextlib.suppress(Exception, asyncio.CancelledError):
                await first
        yield piece
        async for piece in pieces:
            yield piece
