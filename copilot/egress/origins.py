"""Scheme, host and port: what two addresses must share to be one place (RFC 6454)."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """One place that requests go to."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, address: str) -> Self:
        """The origin of an address. Raises ValueError for one that is not http(s)."""
        parts = urlsplit(address)
        if parts.scheme.lower() not in PORTS or not parts.hostname:
            raise ValueError("not an http(s) address")
        scheme = parts.scheme.lower()
        return cls(scheme, parts.hostname.lower().rstrip("."), parts.port or PORTS[scheme])

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == PORTS[self.scheme] else f":{self.port}")
