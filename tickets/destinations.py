"""Every place that requests may go to, from what an administrator has set, and what has gone there.

Invariant: the list is read from the same rows that clients are made of, so that the page cannot say less than is done.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from copilot.egress import Origin, Use, at
from copilot.egress.listed import is_permitted
from knowledge.models import Source
from knowledge.sources.opening import destinations as of_source
from tickets.models import Destination, Helpdesk
from tickets.signin.sso import listed as of_provider

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the page. `is_listed`: an administrator has named it; `is_permitted`: so do the server's settings."""

    origin: str
    purpose: str
    owner: str
    is_listed: bool
    is_permitted: bool
    used: Destination | None


def keep(use: Use) -> None:
    """Count `use`; a request must not fail because it could not be counted, but the log says so."""
    known: dict[str, Any] = {"origin": str(use.origin)[:300], "purpose": use.purpose, "owner": use.owner}
    try:
        with transaction.atomic():
            Destination.objects.get_or_create(**known)
            Destination.objects.filter(**known).update(**_added(use))
    except DatabaseError as error:
        log.warning("a use of %s could not be counted: %s", use.purpose, type(error).__name__)


def _added(use: Use) -> dict[str, object]:
    now = timezone.now()
    moments = {"last_at": now} if use.requests else {"refused_at": now}
    return {
        "requests": F("requests") + use.requests, "refused": F("refused") + use.refused,
        "octets": F("octets") + use.octets, **moments,
    }  # fmt: skip


def rows() -> list[Row]:
    """What may be asked, then what was asked or refused and is on no list now."""
    used = {(row.origin, row.purpose, row.owner): row for row in Destination.objects.all()}
    listed = dict.fromkeys(_listed())
    names = _names()
    found = [
        Row(str(origin), purpose, names.get(owner, owner), True, is_permitted(origin), used.pop(key, None))
        for origin, purpose, owner in listed
        for key in [(str(origin), purpose, owner)]
    ]
    twins = {(str(origin), purpose, owner) for origin, purpose, owner in _reachable()}
    return found + [_used(row, names, is_listed=key in twins) for key, row in used.items()]


def _used(row: Destination, names: dict[str, str], *, is_listed: bool) -> Row:
    return Row(
        row.origin, row.purpose, names.get(row.owner, row.owner), is_listed, is_permitted(Origin.of(row.origin)), row
    )


def _reachable() -> Iterator[tuple[Origin, str, str]]:
    """Where sites send their own readers to, which is shown once it was asked."""
    for source in Source.objects.filter(is_active=True).defer("file"):
        yield from ((origin, source.kind, f"source:{source.pk}") for origin in of_source(source).origins)


def _listed() -> Iterator[tuple[Origin, str, str]]:
    for helpdesk in Helpdesk.objects.filter(is_active=True).exclude(api_url=""):
        purposes = ["reply", *(["placement"] if helpdesk.writes_back else []), "attachment"]
        for purpose in purposes:
            owner = f"helpdesk:{helpdesk.pk}"
            yield from ((origin, purpose, owner) for origin in at(helpdesk.api_url, purpose="", owner="").origins)
    for source in Source.objects.filter(is_active=True).defer("file"):
        for address in (source.location, source.options.get("within", "")):
            named = at(address, purpose="", owner="").origins & of_source(source).origins
            yield from ((origin, source.kind, f"source:{source.pk}") for origin in named)
    if settings.OIDC_ISSUER:
        provider = of_provider()
        yield from ((origin, provider.purpose, provider.owner) for origin in sorted(provider.origins))


def _names() -> dict[str, str]:
    helpdesks = {f"helpdesk:{row.pk}": row.name for row in Helpdesk.objects.all()}
    helpdesks["provider"] = settings.OIDC_NAME
    return helpdesks | {f"source:{row.pk}": row.name for row in Source.objects.defer("file")}


def permitted() -> list[str]:
    """The hosts that the server's settings let requests go to; none: whatever administrators name."""
    return list(settings.DESTINATIONS)
