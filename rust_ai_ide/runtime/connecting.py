"""Connections to model servers: no redirects, no proxies of the environment, TLS checked."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from functools import cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    import httpx2

KEPT_SECONDS = 3.0
"""How long a connection is kept that nobody uses: less than the five after which a runtime closes it."""
_kept: "WeakKeyDictionary[asyncio.AbstractEventLoop, httpx2.AsyncClient]" = WeakKeyDictionary()


@cache
def certificates() -> ssl.SSLContext:
    """Return how TLS is checked. Reading the certificates takes longer than a short completion: once is enough."""
    import httpx2

    return httpx2.create_ssl_context(trust_env=False)


def connection(*, connect: float, silence: float) -> "httpx2.AsyncClient":
    """Return a client that waits so many seconds at most for a connection, and for each piece of an answer."""
    import httpx2

    timeout = httpx2.Timeout(silence, connect=connect)
    return httpx2.AsyncClient(timeout=timeout, trust_env=False, verify=certificates())


async def lines_of(answer: "httpx2.Response", longest: int | None = None) -> AsyncIterator[str]:
    """Yield the lines of an answer, which a line break alone ends: in JSON other separators are text.

    Raises ValueError for a line of more than `longest` characters.
    """
    held = ""
    async for text in answer.aiter_text():
        *whole, held = (held + text).split("\n")
        for line in (*whole, held):
            if longest is not None and len(line) > longest:
                raise ValueError("a line is too long")
        for line in whole:
            yield line.removesuffix("\r")
    if held:
        yield held


def kept_connections() -> "httpx2.AsyncClient":
    """Return the running loop's client for runtimes, which keeps connections for the next request.

    Leaving an answer before its end closes its connection. Give each request its time limits.
    """
    import httpx2

    loop = asyncio.get_running_loop()
    found = _kept.get(loop)
    if found is None:
        limits = httpx2.Limits(
            max_connections=None, max_keepalive_connections=8, keepalive_expiry=KEPT_SECONDS
        )
        found = httpx2.AsyncClient(limits=limits, trust_env=False, verify=certificates())
        _kept[loop] = found
    return found
