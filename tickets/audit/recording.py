"""Writing to the audit.

Invariant: nothing that a person wrote gets in: names of rows, codes and numbers only, which is checked here.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from tickets.models import AuditEntry

SYSTEM = "system"
_CODE = re.compile(r"[\w.:/+-]{0,200}")
_actor: ContextVar[str] = ContextVar("actor", default=SYSTEM)


@contextmanager
def acting(actor: str) -> Iterator[None]:
    """What is recorded inside was done by `actor`: "user:3", "token:5" or SYSTEM."""
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)


def record(
    kind: str,
    *,
    subject: str = "",
    actor: str | None = None,
    model: str = "",
    size: int = 0,
    milliseconds: float = 0,
    digest: str = "",
    **facts: int | float | bool | str,
) -> AuditEntry:
    """Add a row, within the caller's transaction: what is rolled back was not done.

    `kind` is a dotted code such as "ticket.view", `subject` the name of a row such as "ticket:12", `actor` whoever the
    context says unless given, `size` characters, `digest` a keyed hash. Raises ValueError for a fact that could be
    somebody's words: facts are numbers and codes without spaces.
    """
    for code in (kind, subject, actor or "", *(fact for fact in facts.values() if isinstance(fact, str))):
        if not _CODE.fullmatch(code):
            raise ValueError("the audit takes codes and names of rows, no words")
    return AuditEntry.objects.create(
        kind=kind, subject=subject, actor=actor or _actor.get(), model=model, size=size, milliseconds=milliseconds,
        digest=digest, facts=facts,
    )  # fmt: skip
