"""What is not a row of a ticket: sessions.

Invariant: a session that names the requester ends; whoever it was signs in again.
"""

from importlib import import_module
from typing import Any

from django.conf import settings

from tickets.erasure.marks import Pattern

ENDED = "sessions"


def session_model() -> Any:
    """The table that the configured engine keeps them in."""
    return import_module(settings.SESSION_ENGINE).SessionStore.get_model_class()


def sessions(pattern: Pattern) -> list[str]:
    """The keys of sessions in which the requester is named."""
    rows = session_model()._default_manager.iterator(chunk_size=200)
    return [session.session_key for session in rows if pattern.finds(session.get_decoded())]


def end_sessions(keys: list[str]) -> int:
    """Delete them; how many."""
    return int(session_model()._default_manager.filter(pk__in=keys).delete()[0])
