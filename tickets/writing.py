"""One draft: from its row to sentences with their citations, and back into rows.

Invariant: what is saved is saved whole, in one transaction, and only while the claim is ours.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import cast

from django.db import transaction
from django.utils import timezone

from copilot.drafting import types
from copilot.drafting.missing import asking
from copilot.drafting.reader import reader_for
from copilot.drafting.reading import Reader
from copilot.engine import generator, reader
from copilot.inference.embedder import Embedder
from copilot.inference.generator import Generator
from copilot.inference.manifest import ModelUnusable
from knowledge import recipes
from knowledge.answer import answer
from tickets import claims, finding, problems
from tickets.attached import for_model
from tickets.audit.calls import write_calls
from tickets.limited import Limited
from tickets.models import Citation, Draft, FieldDefinition, Problem
from tickets.naming import question_of
from tickets.refusals import refusal
from tickets.stages import Stages

log = logging.getLogger(__name__)

UNLOADED = "the configured model could not be loaded"


def write(draft: Draft, stages: Stages) -> types.Draft:
    """The draft's sentences. Raises what `stages` raises, ModelUnusable without an embedder, and database errors."""
    missing = finding.missing(draft.ticket)
    request = _request(draft, missing)
    written = _written(draft, request, stages)
    asks = any(sentence.text == asking(request) for sentence in written.sentences)
    draft.asks = [one.name for one in missing] if asks else []
    return written


def _written(draft: Draft, request: types.Request, stages: Stages) -> types.Draft:
    refused = refusal(request, wanted=bool(draft.language or draft.pinned))
    if refused:
        return refused
    model, note = writer()
    limited = Limited(model, stages) if model else None
    embedder = recipes.serving_embedder()
    written = answer(request, embedder=embedder, generator=limited, progress=stages, reader=reader_of(embedder)).draft
    problems.settle(Problem.Kind.EMBEDDER, *([Problem.Kind.WRITER] if model else []))
    if model and written.note and written.writer == "quote":
        problems.note(Problem.Kind.UNCARRIED, model.recipe)
    return replace(written, note=note) if note else written


def writer() -> tuple[Generator | None, str]:
    """The configured model; when it cannot be loaded, none, and why."""
    try:
        return generator(), ""
    except ModelUnusable as error:
        log.error("the configured writer is unusable: %s", error)
        problems.note(Problem.Kind.WRITER, str(error))
        return None, UNLOADED


def reader_of(embedder: Embedder) -> Reader:
    """The configured reader; when its weights cannot be used, the one that ships, and a problem is noted."""
    try:
        chosen = reader(embedder)
    except ModelUnusable as error:
        log.error("the configured reader is unusable: %s", error)
        problems.note(Problem.Kind.READER, str(error))
        return reader_for(embedder)
    problems.settle(Problem.Kind.READER)
    return chosen


def _request(draft: Draft, missing: Sequence[FieldDefinition]) -> types.Request:
    ticket = draft.ticket
    return types.Request(
        subject=ticket.redact(ticket.subject),
        body=for_model(draft.message),
        language=draft.spoken,
        addressee=_addressee(ticket.requester_name),
        hint=ticket.redact(draft.hint) if draft.hint else None,
        team=ticket.team.name if ticket.team else "",
        tone=cast(types.Tone, ticket.team.tone) if ticket.team else "neutral",
        asked_in=ticket.language if draft.spoken != ticket.language else "",
        excluded=frozenset(draft.excluded),
        pinned=frozenset(draft.pinned),
        missing=tuple(question_of(one, draft.spoken) for one in missing),
    )


def _addressee(name: str) -> str:
    """How the greeting calls the requester: the first name, when the name looks like one."""
    first = next(iter(name.split()), "")
    return first if first.replace("-", "").replace("'", "").isalpha() else ""


@transaction.atomic
def save(draft: Draft, written: types.Draft, timings: dict[str, float]) -> None:
    """Keep the result, if the claim is still ours."""
    state = Draft.State.ABSTAINED if written.abstained else Draft.State.READY
    kept = claims.held(draft).update(
        state=state, sentences=[_as_json(sentence) for sentence in written.sentences], reason=written.reason,
        note=written.note, writer=written.writer, recipe=written.recipe, timings=timings, asks=draft.asks,
        ready_at=timezone.now(),
    )  # fmt: skip
    if kept:
        Citation.objects.bulk_create(_citations(draft, written.sentences))
    write_calls()


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
