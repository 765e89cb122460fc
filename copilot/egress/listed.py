"""What a client may ask.

Invariant: SOUFFLEUR_DESTINATIONS, where it is set, is above everything: nobody adds to it in the browser.
"""

from dataclasses import dataclass

from django.conf import settings

from copilot.egress.origins import PORTS, Origin

NOWHERE = "none"


@dataclass(frozen=True, slots=True)
class Listed:
    """Origins that an administrator has named for one `purpose` (a code), on behalf of one row ("helpdesk:1")."""

    purpose: str
    owner: str
    origins: frozenset[Origin]

    def holds(self, origin: Origin) -> bool:
        """Whether a request to `origin` may be sent."""
        return origin in self.origins and is_permitted(origin)


def at(address: str, *, purpose: str, owner: str) -> Listed:
    """The place of `address` and no other; none at all for what is no http(s) address."""
    try:
        return Listed(purpose, owner, frozenset([Origin.of(address)]))
    except ValueError:
        return Listed(purpose, owner, frozenset())


def site(address: str, *, purpose: str, owner: str) -> Listed:
    """As `at`, and what a site redirects its own readers to: https for http, `www.` or not."""
    listed = at(address, purpose=purpose, owner=owner)
    return Listed(purpose, owner, frozenset(twin for origin in listed.origins for twin in _twins(origin)))


def _twins(origin: Origin) -> set[Origin]:
    if origin.port != PORTS[origin.scheme]:
        return {origin}
    bare = origin.host.removeprefix("www.")
    return {Origin(scheme, host, port) for scheme, port in PORTS.items() for host in (bare, f"www.{bare}")}


def is_permitted(origin: Origin) -> bool:
    """Whether SOUFFLEUR_DESTINATIONS lets requests to `origin` out; an empty one leaves it to administrators."""
    permitted: list[str] = settings.DESTINATIONS
    if not permitted:
        return True
    return any(_covers(name.lower(), origin.host) for name in permitted if name != NOWHERE)


def _covers(name: str, host: str) -> bool:
    """`example.com` is itself, `.example.com` every host below it too."""
    return host == name.removeprefix(".") or (name.startswith(".") and host.endswith(name))
