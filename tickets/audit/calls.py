"""Calls of models, gathered while something is done and written with its result.

Invariant: whatever a task, a page or a command gives to a model is gathered, since all of them run in a `gathering`;
and a result that is kept has the rows of its calls, which `write_calls` puts into the same transaction. A call whose
result was not kept has its row too, written at the end; it is missed only when the process died or the database was
gone.

Of one model and subject the first EACH calls have a row each, the others one together, so that learning from 20,000
rows or reading 100,000 passages takes neither a row for each text nor memory.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import DatabaseError, InterfaceError, connection, transaction

from copilot.privacy.audit.rows import digest_of
from copilot.privacy.calls import Call, observed
from tickets.audit.keys import text_key
from tickets.audit.recording import Fact, actor, code_of, record_all, sealed
from tickets.models import AuditEntry

log = logging.getLogger(__name__)

EACH = 20
# A long task tells every so often what it has done so far.
EVERY_SECONDS = 30.0


class _About(NamedTuple):
    subject: str
    facts: tuple[tuple[str, Fact], ...]


class _Key(NamedTuple):
    kind: str
    model: str
    actor: str
    about: _About


@dataclass(slots=True)
class _Many:
    """Calls as one row."""

    calls: int = 0
    items: int = 0
    characters: int = 0
    milliseconds: float = 0.0
    failed: int = 0
    digest: str = ""

    def add(self, call: Call) -> None:
        self.digest = digest_of([self.digest, call.digest], text_key()) if self.digest else call.digest
        self.calls += 1
        self.items += call.items
        self.characters += call.characters
        self.milliseconds += call.milliseconds
        self.failed += call.failed


@dataclass
class _Gathered:
    """What a block has seen: not written yet, and written in a transaction that has not been committed yet."""

    facts: dict[str, Fact]
    waiting: dict[_Key, list[_Many]] = field(default_factory=dict)
    unsure: list[AuditEntry] = field(default_factory=list)
    since: float = field(default_factory=time.monotonic)

    def see(self, call: Call) -> None:
        rows = self.waiting.setdefault(_Key(call.kind, call.model, actor(), _about.get()), [])
        if len(rows) <= EACH:
            rows.append(_Many())
        rows[-1].add(call)
        if time.monotonic() - self.since > EVERY_SECONDS:
            self.write_if_possible()

    def write(self) -> None:
        """Within the caller's transaction. Raises DatabaseError."""
        entries = [_entry(key, many, self.facts) for key, rows in self.waiting.items() for many in rows]
        self.since = time.monotonic()
        if not entries:
            return
        record_all(entries)
        self.waiting.clear()
        self.unsure += entries
        transaction.on_commit(self._is_committed)

    def _is_committed(self) -> None:
        self.unsure.clear()

    def write_if_possible(self) -> None:
        """A call must not fail since it cannot be told of; within a transaction that is lost anyway, it may."""
        try:
            self.write()
        except (DatabaseError, InterfaceError) as error:
            if connection.in_atomic_block:
                raise
            log.error("calls of models could not be recorded: %s", type(error).__name__)

    def end(self) -> None:
        """Write what waits, and again what a transaction took back."""
        if self.unsure and not connection.in_atomic_block:
            again = [_again(entry) for entry in self.unsure]
            self.unsure = []
            try:
                record_all(again)
            except (DatabaseError, InterfaceError) as error:
                log.error("calls of models could not be recorded: %s", type(error).__name__)
        self.write_if_possible()


_NOTHING = _About("", ())
_about: ContextVar[_About] = ContextVar("about", default=_NOTHING)
_gathered: ContextVar[_Gathered | None] = ContextVar("gathered", default=None)


@contextmanager
def about(subject: str, **facts: Fact) -> Iterator[None]:
    """Models called inside are called for `subject`, such as "ticket:12"."""
    token = _about.set(_About(subject, tuple(facts.items())))
    try:
        yield
    finally:
        _about.reset(token)


@contextmanager
def gathering(**facts: Fact) -> Iterator[None]:
    """Models called inside are recorded with `facts`, at the latest when this ends; an inner block is part of it."""
    if _gathered.get() is not None:
        yield
        return
    gathered = _Gathered(facts)
    token = _gathered.set(gathered)
    try:
        with observed(gathered.see, text_key()):
            yield
    finally:
        _gathered.reset(token)
        gathered.end()


def write_calls() -> None:
    """Write what has been gathered so far: call it in the transaction that keeps the result."""
    gathered = _gathered.get()
    if gathered is not None:
        gathered.write()


def _entry(key: _Key, many: _Many, facts: dict[str, Fact]) -> AuditEntry:
    counts = {"items": many.items, "calls": many.calls, "failed": many.failed}
    told = {name: count for name, count in counts.items() if count > (name == "calls")}
    return sealed(
        f"model.{key.kind}", subject=key.about.subject, actor=key.actor, model=code_of(key.model), size=many.characters,
        milliseconds=many.milliseconds, digest=many.digest, facts={**facts, **dict(key.about.facts), **told},
    )  # fmt: skip


def _again(entry: AuditEntry) -> AuditEntry:
    return sealed(
        entry.kind, subject=entry.subject, actor=entry.actor, model=entry.model, size=entry.size,
        milliseconds=entry.milliseconds, digest=entry.digest, facts=entry.facts,
    )  # fmt: skip
