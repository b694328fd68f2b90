"""Connections to model servers: no redirects, no proxies of the environment, TLS checked."""

import ssl
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx2


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
