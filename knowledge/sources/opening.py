"""From a row to a source that can be read, by its kind.

`Source.options` by kind. website: `within` (the prefix), `language`, `pause` (seconds), `max_pages`. With an address:
`allow_private`. zendesk: `user`, whose token it is. chatwoot: `account`, `portal`, `languages`. freshdesk:
`languages`.
"""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.conf import settings

from copilot import egress
from knowledge.fetching.fetch import Fetcher
from knowledge.models import Source
from knowledge.sources.api import Api
from knowledge.sources.base import DocumentSource, SourceMissing
from knowledge.sources.chatwoot import Chatwoot
from knowledge.sources.folder import Folder
from knowledge.sources.freshdesk import Freshdesk
from knowledge.sources.memory import PageMemory
from knowledge.sources.own import Own
from knowledge.sources.spreadsheet import Spreadsheet
from knowledge.sources.website import MAX_PAGES, Website
from knowledge.sources.zammad import Zammad
from knowledge.sources.zendesk import Zendesk

# Seconds between two requests to somebody's server.
PAUSE = 0.25
Kind = Source.Kind


@contextmanager
def opened(source: Source, since: datetime | None = None) -> Iterator[DocumentSource]:
    """The reader of `source`; `since` is when this look began, for one that was interrupted. Raises SourceMissing."""
    limit = settings.DOCUMENT_MB
    match source.kind:
        case Kind.FOLDER:
            yield Folder(Path(source.location), limit)
        case Kind.SPREADSHEET:
            data = None if source.file is None else bytes(source.file)
            yield Spreadsheet(Path(source.location), limit, data)
        case Kind.OWN:
            yield Own(source)
        case _:
            with _fetcher(source, limit) as fetcher:
                yield _remote(source, fetcher, since)


def _fetcher(source: Source, limit: float) -> Fetcher:
    options = source.options
    pause = float(options.get("pause", PAUSE))
    return Fetcher(
        destinations(source),
        allow_private=bool(options.get("allow_private")),
        pause=pause,
        megabytes=limit,
        headers=_credentials(source),
    )


def destinations(source: Source) -> egress.Listed:
    """Where `source` may be asked: the place of its address; of a website, that of its prefix, and their twins with
    https and `www.`; of what is no address, nowhere.
    """
    owner = f"source:{source.pk}"
    if source.kind != Kind.WEBSITE:
        return egress.at(source.location, purpose=source.kind, owner=owner)
    places = [
        egress.site(address, purpose=source.kind, owner=owner)
        for address in (source.location, source.options.get("within", ""))
    ]
    return replace(places[0], origins=places[0].origins | places[1].origins)


def _credentials(source: Source) -> dict[str, str]:
    """How each API wants to know who asks."""
    if not source.token or source.kind == Kind.WEBSITE:
        return {}
    match source.kind:
        case Kind.ZENDESK:
            return _basic(f"{source.options.get('user', '')}/token", source.token)
        case Kind.FRESHDESK:
            return _basic(source.token, "X")
        case Kind.CHATWOOT:
            return {"api_access_token": source.token}
        case _:
            return {"Authorization": f"Token token={source.token}"}


def _basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{user}:{password}".encode()).decode()}


def _remote(source: Source, fetcher: Fetcher, since: datetime | None) -> DocumentSource:
    api, options = Api(source.location, fetcher), source.options
    languages = tuple(options.get("languages") or ())
    match source.kind:
        case Kind.WEBSITE:
            return Website(
                source.location, fetcher, PageMemory(source, since), prefix=options.get("within", ""),
                language=options.get("language", ""), max_pages=int(options.get("max_pages", MAX_PAGES)),
            )  # fmt: skip
        case Kind.ZENDESK:
            return Zendesk(api)
        case Kind.FRESHDESK:
            return Freshdesk(api, languages)
        case Kind.CHATWOOT:
            return Chatwoot(
                api, str(options.get("account", "")), str(options.get("portal", "")), languages or ("en", "fr")
            )
        case Kind.ZAMMAD:
            return Zammad(api)
    raise SourceMissing(f"{source.kind} is no kind of source that this version knows")
