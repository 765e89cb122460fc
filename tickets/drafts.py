"""The queue of drafts: asking for one, claiming a batch, writing, saving.

Invariant: a draft is written by whoever holds its claim. The claim is taken and given back by conditional UPDATEs,
so a worker that died, or came back too late, cannot overwrite another's work.
"""

import logging
import time
import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, When
from django.utils import timezone

from copilot.drafting import types
from copilot.engine import generator
from copilot.inference.generator import Generator
from copilot.inference.manifest import ModelUnusable
from knowledge import recipes
from knowledge.answer import answer
from tickets import tasks
from tickets.models import Citation, Draft, Message
from tickets.wake import wake

log = logging.getLogger(__name__)

BATCH = 4
MAX_ATTEMPTS = 3
_WAITING: dict[str, Any] = {"state": Draft.State.PENDING, "claim": None}
# Somebody waits for a hinted draft; an urgent ticket comes before an older one.
_HURRY = Case(When(~Q(hint=""), then=0), When(ticket__urgency="high", then=1), default=2)


def request_draft(message: Message, hint: str = "") -> Draft:
    """A pending draft for `message`; every other live draft of the ticket is superseded. Call in a transaction."""
    Draft.objects.filter(ticket=message.ticket, state__in=Draft.LIVE).update(state=Draft.State.SUPERSEDED)
    if not message.body:
        # Nothing to draft from, such as a mail that is one picture; the agent can still read it there and answer.
        state, reason = Draft.State.FAILED, "the message holds no text"
        return Draft.objects.create(ticket=message.ticket, message=message, state=state, reason=reason)
    draft = Draft.objects.create(ticket=message.ticket, message=message, hint=hint)
    wake(tasks.draft_pending)
    return draft


def draft_batch() -> bool:
    """Claim a batch, write each draft, and say whether more may be waiting."""
    batch = _claim()
    try:
        for draft in batch:
            _work(draft)
    except SoftTimeLimitExceeded:
        log.warning("out of time: the drafts of this batch that were not begun wait again")
        Draft.objects.filter(claim=batch[0].claim, state=Draft.State.WORKING).update(**_WAITING)
        return True
    return len(batch) == BATCH


@transaction.atomic
def _claim() -> list[Draft]:
    """Up to BATCH pending drafts, urgent and regenerated ones first, marked as ours."""
    waiting = Draft.objects.select_for_update(skip_locked=True, of=("self",)).filter(state=Draft.State.PENDING)
    keys = list(waiting.order_by(_HURRY, "created_at").values_list("pk", flat=True)[:BATCH])
    claim = uuid.uuid4()
    Draft.objects.filter(pk__in=keys).update(state=Draft.State.WORKING, claim=claim, claimed_at=timezone.now())
    return list(Draft.objects.filter(claim=claim).select_related("ticket", "message").order_by("created_at"))


def _work(draft: Draft) -> None:
    if not _begin(draft):
        return
    try:
        _save(draft, *_write(draft))
    except SoftTimeLimitExceeded as error:
        _give_back(draft, error)
        raise
    except Exception as error:  # counted, or a poisoned draft would be claimed for ever
        log.error("draft %s could not be written: %s", draft.pk, type(error).__name__)
        _give_back(draft, error)


def _begin(draft: Draft) -> bool:
    """Count the attempt and renew the lease, if the claim is still ours: a draft nobody began has not failed."""
    mine = Draft.objects.filter(pk=draft.pk, state=Draft.State.WORKING, claim=draft.claim)
    begun = mine.update(attempts=F("attempts") + 1, claimed_at=timezone.now()) == 1
    draft.attempts += begun
    return begun


def _write(draft: Draft) -> tuple[types.Draft, dict[str, float]]:
    """The draft and how long each stage took, in seconds."""
    started = time.perf_counter()
    model, note = _writer()
    found = answer(_request(draft), embedder=recipes.serving_embedder(), generator=model)
    written = replace(found.draft, note=note) if note else found.draft
    timings = {"retrieve": found.retrieve, "write": found.write, "total": time.perf_counter() - started}
    return written, {stage: round(seconds, 4) for stage, seconds in timings.items()}


def _writer() -> tuple[Generator | None, str]:
    """The configured model; when it cannot be loaded, none, and why."""
    try:
        return generator(), ""
    except ModelUnusable as error:
        log.error("the configured writer is unusable: %s", error)
        return None, "the configured model could not be loaded"


def _request(draft: Draft) -> types.Request:
    ticket = draft.ticket
    return types.Request(
        subject=ticket.redact(ticket.subject),
        body=draft.message.for_model(),
        language=ticket.language,
        addressee=_addressee(ticket.requester_name),
        hint=ticket.redact(draft.hint) if draft.hint else None,
    )


def _addressee(name: str) -> str:
    """How the greeting calls the requester: the first name, when the name looks like one."""
    first = next(iter(name.split()), "")
    return first if first.replace("-", "").replace("'", "").isalpha() else ""


@transaction.atomic
def _save(draft: Draft, written: types.Draft, timings: dict[str, float]) -> None:
    """Keep the result, if the claim is still ours."""
    state = Draft.State.ABSTAINED if written.abstained else Draft.State.READY
    mine = Draft.objects.filter(pk=draft.pk, state=Draft.State.WORKING, claim=draft.claim)
    kept = mine.update(
        state=state, sentences=[_as_json(sentence) for sentence in written.sentences], reason=written.reason,
        note=written.note, writer=written.writer, recipe=written.recipe, timings=timings, ready_at=timezone.now(),
    )  # fmt: skip
    if kept:
        Citation.objects.bulk_create(_citations(draft, written.sentences))


def _as_json(sentence: types.Sentence) -> dict[str, object]:
    return {
        "text": sentence.text, "kind": sentence.kind, "verdict": sentence.verdict, "block": sentence.block,
        "list": sentence.listing, "cites": [citation.number for citation in sentence.citations],
        "lang": sentence.language, "translated": sentence.translated,
    }  # fmt: skip


def _citations(draft: Draft, sentences: Iterable[types.Sentence]) -> list[Citation]:
    return [
        Citation(
            draft=draft, passage_id=citation.evidence, sentence=index, number=citation.number,
            start=citation.start, end=citation.end, score=citation.score,
        )
        for index, sentence in enumerate(sentences)
        for citation in sentence.citations
    ]  # fmt: skip


def _give_back(draft: Draft, error: Exception) -> None:
    """Pending again, or failed after MAX_ATTEMPTS."""
    mine = Draft.objects.filter(pk=draft.pk, state=Draft.State.WORKING, claim=draft.claim)
    reason = f"internal error ({type(error).__name__})"
    if draft.attempts >= MAX_ATTEMPTS:
        mine.update(state=Draft.State.FAILED, reason=reason, ready_at=timezone.now())
    else:
        mine.update(**_WAITING)


def release_abandoned() -> int:
    """Give back what a dead worker had claimed; one that was abandoned too often has failed."""
    cutoff = timezone.now() - timedelta(seconds=settings.DRAFT_LEASE_SECONDS)
    abandoned = Draft.objects.filter(state=Draft.State.WORKING, claimed_at__lt=cutoff)
    failed = abandoned.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=Draft.State.FAILED, reason="the worker died while writing it", ready_at=timezone.now()
    )
    return failed + abandoned.update(**_WAITING)
