"""What is not a row of ours: sessions.

Invariant: a session that names the requester ends; whoever it was signs in again.
"""

from django.contrib.sessions.models import Session

from tickets.erasure.marks import Pattern


def sessions(pattern: Pattern) -> list[str]:
    """The keys of sessions in which the requester is named."""
    rows = Session.objects.iterator(chunk_size=200)
    return [session.session_key for session in rows if pattern.finds(session.get_decoded())]


def end_sessions(keys: list[str]) -> int:
    """Delete them; how many."""
    return Session.objects.filter(pk__in=keys).delete()[0]
