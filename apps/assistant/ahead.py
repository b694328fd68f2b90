"""Asking for something before it is known to be needed."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from typing import TypeVar

T = TypeVar("T")


@contextlib.asynccontextmanager
async def ahead(items: AsyncGenerator[T]) -> AsyncIterator[AsyncIterator[T]]:
    """Ask for the first item at once; yield an iterator over all of them. Leaving the block closes `items`."""
    first = asyncio.ensure_future(anext(items))

    async def following() -> AsyncIterator[T]:
        try:
            yield await first
        except StopAsyncIteration:
            return
        async for item in items:
            yield item

    try:
        yield following()
    finally:
        first.cancel()
        # Whoever left the block has no more use for it, nor for why it failed.
        with contextlib.suppress(Exception, asyncio.CancelledError):
            await first
        await items.aclose()
