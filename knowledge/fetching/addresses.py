"""Where a request may go.

Invariant: the address that was checked is the one that is connected to: a name is resolved once, here, and the
connection goes to that address, so that a DNS server that changes its answer (rebinding) gains nothing.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit, urlunsplit

PORTS = {"http": 80, "https": 443}


class Refused(ValueError):
    """An address that must not, or cannot, be asked; the message says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """A request's address with its name resolved: `address` goes to `connect`, and says it means `host`."""

    connect: str
    host: str
    name: str


def resolve(address: str, *, allow_private: bool) -> Target:
    """Where to connect for `address`. Raises Refused: for anything but HTTP, for a name without an address, and, unless
    `allow_private`, for every address that is not public: this machine's, the local network's, the cloud's metadata.
    """
    parts = split(address)
    name = parts.hostname or ""
    port = parts.port or PORTS[parts.scheme]
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused(f"the name {name} has no address: is it spelt right?") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not allow_private and (private := next((one for one in addresses if not _is_public(one)), "")):
        raise Refused(f"{name} is {private}, a private address: an administrator must allow that for this source")
    first = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
    connect = urlunsplit((parts.scheme, f"{first}:{port}", parts.path or "/", parts.query, ""))
    return Target(connect, parts.netloc.rpartition("@")[2], name)


def split(address: str) -> SplitResult:
    """The parts of an HTTP address. Raises Refused for any other."""
    try:
        parts = urlsplit(address)
        valid = parts.scheme in PORTS and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        valid = False
    if not valid:
        raise Refused(f"{address[:200]} is not an http(s) address")
    return parts


def _is_public(address: str) -> bool:
    one = ipaddress.ip_address(address.partition("%")[0])
    embedded = getattr(one, "ipv4_mapped", None) or getattr(one, "sixtofour", None)
    if embedded is not None:  # ::ffff:10.0.0.1 is 10.0.0.1
        return _is_public(str(embedded))
    return one.is_global and not one.is_multicast
