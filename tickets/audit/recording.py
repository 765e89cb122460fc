"""Writing to the audit.

Invariant: nothing that a person wrote gets in: names of rows, codes and numbers only, which is checked here. A row is
part of the transaction that does what it tells of: what is rolled back was not done, and what is done is told.
"""

import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction
from django.utils import timezone

from copilot.privacy.audit.rows import mac_of
from tickets.audit.keys import link_keys
from tickets.audit.linking import link, row_of
from tickets.models import AuditEntry

SYSTEM = "system"
Fact = int | float | bool | str
_CODE = re.compile(r"[\w.:/+-]{0,200}")
# Beyond it a number may come back from the database as another one.
_GREATEST = 1e15
_actor: ContextVar[str] = ContextVar("actor", default=SYSTEM)


@contextmanager
def acting(actor: str) -> Iterator[None]:
    """What is recorded inside was done by `actor`: "user:3", "token:5" or SYSTEM."""
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)


def actor() -> str:
    """Who acts here."""
    return _actor.get()


def record(
    kind: str,
    *,
    subject: str = "",
    actor: str | None = None,
    model: str = "",
    size: int = 0,
    milliseconds: float = 0,
    digest: str = "",
    **facts: Fact,
) -> AuditEntry:
    """Add a row, within the caller's transaction: what is rolled back was not done. It is linked after the commit.

    `kind` is a dotted code such as "ticket.view", `subject` the name of a row such as "ticket:12", `actor` whoever the
    context says unless given, `size` characters, `digest` a keyed hash. Raises ValueError for a fact that could be
    somebody's words: facts are numbers and codes without spaces.
    """
    entry = sealed(
        kind, subject=subject, actor=actor, model=model, size=size, milliseconds=milliseconds, digest=digest,
        facts=facts,
    )  # fmt: skip
    entry.save()
    link_after_commit()
    return entry


def record_all(entries: list[AuditEntry]) -> None:
    """Add rows that `sealed` made, as `record` does, in one statement."""
    AuditEntry.objects.bulk_create(entries)
    link_after_commit()


def sealed(
    kind: str,
    *,
    subject: str = "",
    actor: str | None = None,
    model: str = "",
    size: int = 0,
    milliseconds: float = 0,
    digest: str = "",
    facts: Mapping[str, Fact] | None = None,
) -> AuditEntry:
    """A row that has yet to be saved, with the seal it is born with. Raises ValueError, as `record` does."""
    facts = {name: _checked(fact) for name, fact in (facts or {}).items()}
    for code in (kind, subject, actor or "", model, digest):
        _checked(code)
    entry = AuditEntry(
        at=timezone.now(), kind=kind, subject=subject, actor=actor or _actor.get(), model=model, size=size,
        milliseconds=round(float(milliseconds), 3), digest=digest, facts=facts,
    )  # fmt: skip
    entry.mac = mac_of(row_of(entry), link_keys()[0])
    return entry


def link_after_commit() -> None:
    """Once for a transaction; at once outside of one. A link that fails is the sweep's to make."""
    if not any(_link in waiting for waiting in connection.run_on_commit):
        transaction.on_commit(_link, robust=True)


def _link() -> None:
    link()


def _checked(fact: Fact) -> Fact:
    if isinstance(fact, str):
        if not _CODE.fullmatch(fact):
            raise ValueError("the audit takes codes and names of rows, no words")
        return fact
    if not math.isfinite(fact) or abs(fact) >= _GREATEST:
        raise ValueError("the audit takes numbers that a database gives back as they were")
    return fact if isinstance(fact, int) else round(fact, 6)


def code_of(name: str) -> str:
    """A name from outside, such as a model's folder, as a code."""
    return re.sub(r"[^\w.:/+-]", "_", name)[:200]
