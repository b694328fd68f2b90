"""Outgoing HTTP to addresses that users name: hosts are vetted, and connections go to the very address vetted."""

import ipaddress
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from rust_ai_ide.source.addresses import AddressRefused, Lookup, is_public, resolve_host

if TYPE_CHECKING:
    import httpx2

MOST_REDIRECTS = 5
CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 60.0
_PORTS = {"https": 443, "http": 80}


def vetted_client(
    trusted_hosts: Collection[str] = (), lookup: Lookup = resolve_host, **options: Any
) -> "httpx2.Client":
    """Return a client that reaches public hosts over https only, and follows few redirects, each vetted anew.

    `trusted_hosts` ("host" or "host:port") may be private and use http. A name is looked up once for each request and
    the address found is the one connected to, so a name that changes its mind gains nothing. Certificates are checked
    for the name. Requests raise AddressRefused.
    """
    import httpx2

    class Vetting(httpx2.BaseTransport):
        def __init__(self) -> None:
            self._inner = httpx2.HTTPTransport(retries=0)

        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            host = request.url.host
            address = vetted_host(request.url.scheme, host, request.url.port, trusted_hosts, lookup)
            extensions = dict(request.extensions) | {"sni_hostname": host}
            pinned = httpx2.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions=extensions,
            )
            return self._inner.handle_request(pinned)

        def close(self) -> None:
            self._inner.close()

    return httpx2.Client(
        transport=Vetting(),
        follow_redirects=True,
        max_redirects=MOST_REDIRECTS,
        timeout=httpx2.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS),
        trust_env=False,
        **options,
    )


def vetted_host(
    protocol: str, host: str, port: int | None, trusted_hosts: Collection[str], lookup: Lookup = resolve_host
) -> str:
    """Return the address to connect to for a host. Raises AddressRefused for one that may not be reached."""
    number = port or _PORTS.get(protocol, 0)
    trusted = {name.lower() for name in trusted_hosts}
    is_trusted = host.lower() in trusted or f"{host}:{number}".lower() in trusted
    if protocol not in _PORTS or (protocol == "http" and not is_trusted):
        raise AddressRefused(f"{host} is only reached over https://, unless it is one of the trusted hosts.")
    found = _addresses(host, number, lookup)
    for address in found:
        if not is_trusted and not is_public(address):
            raise AddressRefused(f"The host {host} is at {address}, which is not a public address.")
    return found[0]


def _addresses(host: str, port: int, lookup: Lookup) -> list[str]:
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        found = list(lookup(host, port))
    if not found:
        raise AddressRefused(f"The host {host} was not found; check the address and the network.")
    return found
