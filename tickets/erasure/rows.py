"""The requester's tickets, with all that hangs on them; and copies of what they wrote.

Invariant: a ticket, what was made of it, its counts and the certificate's are one transaction. What hangs on a ticket
is what the database's own cascade says, so a new table is erased without a word here.
"""

from collections import Counter, defaultdict

from django.db import router, transaction
from django.db.models import QuerySet
from django.db.models.deletion import Collector

from tickets import board, counted
from tickets.erasure import calls
from tickets.erasure.marks import Pattern
from tickets.erasure.person import is_copy, is_part
from tickets.models import Asked, Draft, Erasure, Ticket, TrainingRow

DELIVERIES = "tickets.Delivery"


@transaction.atomic
def erase_ticket(pk: int, erasure: Erasure) -> None:
    """Delete one ticket, its drafts counted first. A worker that holds it is waited for."""
    ticket = Ticket.objects.select_for_update().filter(pk=pk).first()
    if ticket is None:
        return
    drafts = Draft.objects.filter(ticket=ticket)
    keys = list(drafts.values_list("pk", flat=True))
    counted.add(drafts)
    emptied = calls.empty(calls.of_tickets(Ticket.objects.filter(pk=pk)))
    _total, deleted = ticket.delete()
    note(erasure, Counter(deleted) + Counter({DELIVERIES: emptied}))
    transaction.on_commit(lambda: board.forget(keys))


def note(erasure: Erasure, more: Counter[str], column: str = "counts") -> None:
    """Add to the certificate, within the transaction that did it."""
    sums = Counter(getattr(erasure, column))
    sums.update(more)
    setattr(erasure, column, {name: count for name, count in sorted(sums.items()) if count})
    erasure.save(update_fields=[column])


@transaction.atomic
def erase_call(pk: int, erasure: Erasure) -> None:
    """Empty one call that has no ticket."""
    note(erasure, Counter({DELIVERIES: calls.empty_loose(pk)}))


def would_go(rows: QuerySet[Ticket]) -> Counter[str]:
    """How many rows of each table go with these tickets."""
    collector = Collector(using=router.db_for_write(Ticket))
    collector.collect(list(rows))
    found: defaultdict[str, set[object]] = defaultdict(set)
    for model, instances in collector.data.items():
        found[str(model._meta.label)] |= {instance.pk for instance in instances}
    for queryset in collector.fast_deletes:  # a row may hang on a ticket in more than one way
        found[str(queryset.model._meta.label)] |= set(queryset.values_list("pk", flat=True))
    return +Counter({label: len(keys) for label, keys in found.items()})


def copies(pattern: Pattern, texts: list[str]) -> tuple[list[int], list[int]]:
    """(questions of colleagues, rows that triage learns from) that hold the requester's words or name them."""
    asked = [
        pk
        for pk, question in Asked.objects.values_list("pk", "question").iterator(chunk_size=500)
        if pattern.finds(question) or is_part(question, texts)
    ]
    rows = TrainingRow.objects.filter(ticket=None).values_list("pk", "text")
    taught = [pk for pk, text in rows.iterator(chunk_size=500) if pattern.finds(text) or is_copy(text, texts)]
    taught += [
        pk
        for pk, text in TrainingRow.objects.exclude(ticket=None).values_list("pk", "text").iterator(chunk_size=500)
        if pattern.finds(text)
    ]
    return asked, taught


@transaction.atomic
def erase_copies(asked: list[int], taught: list[int], erasure: Erasure) -> None:
    """Delete them; a model that learned from such a row is trained anew (tickets.nightly)."""
    for rows in (Asked.objects.filter(pk__in=asked), TrainingRow.objects.filter(pk__in=taught)):
        _total, deleted = rows.delete()
        note(erasure, Counter(deleted))
