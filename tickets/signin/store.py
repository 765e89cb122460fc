"""Sessions in PostgreSQL, sealed, each with its person.

Invariant: a session ends with the nearer of two limits: so long after it was last used, so long after it began.
Its row says when, so that no code path can forget to ask.
"""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from copilot.sealed import CannotDecrypt
from tickets.models import Session

STARTED, ADDRESS, BROWSER = "_started", "_address", "_browser"
_PERSON = "_auth_user_id"


def expires(started: datetime, seen: datetime) -> datetime:
    """When a session ends that began and was last used then."""
    idle = seen + timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    return min(idle, started + timedelta(seconds=settings.SESSION_COOKIE_AGE))


class SessionStore(DatabaseStore):
    """Django's own, but for the sealing and the columns."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table."""
        return Session

    row: Session | None = None

    def _get_session_from_db(self) -> Session | None:
        """The row, kept: whether it was used lately need not be asked again."""
        self.row = super()._get_session_from_db()  # type: ignore[misc]
        return self.row

    def encode(self, session_dict: dict[str, Any]) -> str:
        """The column seals it: what is stashed while somebody sets up a second factor is a secret."""
        return json.dumps(session_dict)

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """What `encode` made."""
        return dict(json.loads(session_data))

    def load(self) -> dict[str, Any]:
        """The content; a session whose key was taken out of the settings has ended."""
        try:
            return super().load()
        except CannotDecrypt:
            self._session_key = None
            return {}

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row, its columns taken from what the session says of itself."""
        if _PERSON in data:
            data.setdefault(STARTED, time.time())
        now = timezone.now()
        started = datetime.fromtimestamp(data[STARTED], UTC) if STARTED in data else now
        key = self._get_or_create_session_key()  # type: ignore[attr-defined]
        return Session(
            session_key=key, session_data=self.encode(data),
            user_id=data.get(_PERSON), started_at=started, seen_at=now, expire_date=expires(started, now),
            address=data.get(ADDRESS, "")[:45], browser=data.get(BROWSER, "")[:200],
        )  # fmt: skip
