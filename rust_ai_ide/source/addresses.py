"""Vets the addresses that repositories are cloned from, before anything connects to them."""

import ipaddress
import re
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from rust_ai_ide.errors import RustAiIdeError

_LONGEST_ADDRESS = 2000
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\.?")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_PATH = re.compile(r"/?[A-Za-z0-9_~][A-Za-z0-9._~/+@%,=-]*")
_SHORT_SSH = re.compile(r"(?P<user>[^@/:]+)@(?P<host>[^@/:]+):(?P<path>[^:]+)")
_PORTS = {"https": 443, "http": 80, "ssh": 22}
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Lookup = Callable[[str, int], Collection[str]]


class AddressRefused(RustAiIdeError):
    """A repository may not be cloned from this address."""


@dataclass(frozen=True, slots=True)
class VettedAddress:
    """An address that may be cloned from; connect to `pinned` and nowhere else."""

    url: str
    """Without the password or token that the given address may have held."""
    protocol: str
    host: str
    port: int
    pinned: tuple[str, ...]
    had_secret: bool


def resolve_host(host: str, port: int) -> tuple[str, ...]:
    """Return the IP addresses of a host. Raises AddressRefused where it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressRefused(f"The host {host} was not found; check the address and the network.") from error
    return tuple(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))


def vet_address(
    url: str, trusted_hosts: Collection[str] = (), lookup: Lookup = resolve_host
) -> VettedAddress:
    """Check the address of a repository and look its host up once.

    Only https and ssh reach public hosts; `trusted_hosts` ("host" or "host:port") may be private and use
    http. Raises AddressRefused.
    """
    protocol, user, host, port, path, had_secret = _parts(url)
    trusted = {name.lower() for name in trusted_hosts}
    is_trusted = host.lower() in trusted or f"{host}:{port}".lower() in trusted
    if protocol == "http" and not is_trusted:
        raise AddressRefused(
            f"Plain http can be changed on its way; use https://, or add {host} to the trusted hosts."
        )
    pinned = tuple(lookup(host, port))
    if not pinned:
        raise AddressRefused(f"The host {host} was not found; check the address and the network.")
    if not is_trusted:
        for address in pinned:
            if not is_public(address):
                raise AddressRefused(
                    f"The host {host} is at {address}, which is not a public address;"
                    " add the host to the trusted hosts if that is meant."
                )
    shown_host = f"[{host}]" if ":" in host else host
    where = shown_host if port == _PORTS[protocol] else f"{shown_host}:{port}"
    who = f"{user}@" if user else ""
    return VettedAddress(f"{protocol}://{who}{where}{path}", protocol, host, port, pinned, had_secret)


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet, also when it hides an IPv4 address inside."""
    found: IpAddress = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if found.sixtofour is not None or found.teredo is not None or any(found in net for net in _NAT64):
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def _parts(url: str) -> tuple[str, str, str, int, str, bool]:
    if not url or len(url) > _LONGEST_ADDRESS or not url.isascii() or not url.isprintable():
        raise AddressRefused("This is not the address of a repository; copy it again, as one line.")
    if url.startswith("-") or "::" in url.partition("[")[0] or "$" in url or "\\" in url or " " in url:
        raise _unusable()
    short = _SHORT_SSH.fullmatch(url) if "://" not in url else None
    if short:
        protocol, user, host = "ssh", short["user"], short["host"]
        port, path, had_secret = 22, "/" + short["path"].removeprefix("/"), False
        # A short address is relative to the home folder; "/~/" says the same in a full one.
        if not short["path"].startswith(("/", "~")):
            path = "/~/" + short["path"]
    else:
        protocol, user, host, port, path, had_secret = _url_parts(url)
    if not _PATH.fullmatch(path) or any(part == ".." or part[:1] == "-" for part in path.split("/")):
        raise _unusable()
    if user and not _USER.fullmatch(user):
        raise _unusable()
    if not _HOST.fullmatch(host) and not _is_ipv6(host):
        raise _unusable()
    return protocol, user, host, port, path, had_secret


def _url_parts(url: str) -> tuple[str, str, str, int, str, bool]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _unusable() from error
    if parts.scheme not in _PORTS or not parts.hostname or parts.query or parts.fragment:
        raise _unusable()
    user, had_secret = parts.username or "", parts.password is not None
    if parts.scheme != "ssh" and user:
        # A name alone in an https address is usually a token.
        user, had_secret = "", True
    return parts.scheme, user, parts.hostname, port or _PORTS[parts.scheme], parts.path, had_secret


def _is_ipv6(host: str) -> bool:
    try:
        ipaddress.IPv6Address(host)
    except ValueError:
        return False
    return True


def _unusable() -> AddressRefused:
    return AddressRefused(
        "Repositories are cloned from addresses like https://host/owner/name.git or git@host:owner/name.git;"
        " for a repository on this machine, open its folder instead."
    )
