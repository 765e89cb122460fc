"""One ticket on the desk: what its conversation and draft columns need, as a page or a part of one.

Invariant: the same address gives the same thing with and without JavaScript; htmx only gets less of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import push_url

from tickets import labelling, masking, moving, queues
from tickets.access import PersonRequest
from tickets.audit.pages import seen
from tickets.forms import IntentForm, RedraftForm, RejectForm, ReplyForm
from tickets.models import Draft, Move, Reply, Review, Team, Ticket
from tickets.queues import Queue, Wanted
from tickets.views import details, panel, summed


@dataclass(frozen=True)
class Undoable:
    """A decision that can still be taken back, for the toast."""

    review: Review
    seconds: int


def address(
    wanted: Wanted, pk: int | None, done: Review | None = None, moved: Move | None = None,
    labelled: Ticket | None = None,
) -> str:  # fmt: skip
    """The desk with ticket `pk` in the `wanted` queue; the rows offer to undo a review, a move or a label."""
    page = reverse("ticket", args=[pk]) if pk else reverse("desk")
    undo = {name: row.pk for name, row in (("done", done), ("moved", moved), ("labelled", labelled)) if row}
    return f"{page}?{wanted.query}" + (f"&{urlencode(undo)}" if undo else "")


def go(
    wanted: Wanted, pk: int | None, done: Review | None = None, *, moved: Move | None = None,
    labelled: Ticket | None = None,
) -> HttpResponse:  # fmt: skip
    """Send the browser on. An htmx request follows by itself, and is answered with a fragment."""
    return HttpResponseRedirect(address(wanted, pk, done, moved, labelled))


def show(
    request: PersonRequest,
    ticket: Ticket | None,
    *,
    queue: Queue | None = None,
    at: str = "ticket",
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    """The desk with `ticket` on it: the page, or the part of it that htmx asked for."""
    wanted = queues.read(request.GET, request.user)
    if _asks_for(request, "work"):
        return render(request, "_fragments/work.html", {"at": at, **context(request, wanted, ticket, extra)})
    return _desk(request, queue or queues.load(request.user, wanted), ticket, {"at": at, **extra}, status)


def _desk(
    request: PersonRequest, queue: Queue, ticket: Ticket | None, extra: Mapping[str, Any], status: int
) -> HttpResponse:
    values = {
        "queue": queue,
        "undoable": _undoable(request),
        "moved": _moved(request),
        "labelled": _labelled(request),
        **context(request, queue.wanted, ticket, extra),
    }
    if _asks_for(request, "desk"):
        response = render(request, "_fragments/desk.html", values, status=status)
        return push_url(response, address(queue.wanted, ticket.pk if ticket and extra["at"] == "ticket" else None))
    return render(request, "desk.html", values, status=status)


def _asks_for(request: PersonRequest, target: str) -> bool:
    """Whether htmx wants this part; a page that comes back from history is wanted whole."""
    return bool(request.htmx) and request.htmx.target == target and not request.htmx.history_restore_request


def context(request: PersonRequest, wanted: Wanted, ticket: Ticket | None, extra: Mapping[str, Any]) -> dict[str, Any]:
    """What the conversation and draft columns need."""
    values: dict[str, Any] = {"wanted": wanted, "ticket": ticket, "edit": "edit" in request.GET}
    if ticket:
        seen(request.user, "ticket.view", f"ticket:{ticket.pk}")
        talk = list(ticket.messages.all())
        summary = summed.build(ticket, talk)
        shown, originals = newest(ticket), ticket.originals
        found = details.build(ticket, talk, shown.draft if shown else None)
        conversation = details.marked(summed.conversation(talk, summary), found.fields, originals)
        values |= {"summary": summary, "talk": conversation, "details": found}
        values |= {
            "originals": originals,
            "masked": masking.hidden(ticket),
            "intents": labelling.known_intents(),
            "all_teams": list(Team.objects.all()),
        }
        values |= {"intent_form": IntentForm(), "panel": shown, **forms()}
    return {**values, **extra}


def forms() -> dict[str, Any]:
    """Empty forms for a decision."""
    return {"reply_form": ReplyForm(), "reject_form": RejectForm(), "redraft_form": RedraftForm()}


def newest(ticket: Ticket) -> panel.Panel | None:
    """The ticket's newest draft as its column shows it."""
    drafts = Draft.objects.filter(ticket=ticket).select_related(
        "review__reviewer", "review__reply", "message", "former"
    )
    draft = drafts.first()
    if draft is None:
        return None
    draft.ticket = ticket  # its originals are decrypted once
    return panel.build(draft)


def _moved(request: PersonRequest) -> Move | None:
    """The reader's own move named in the address, while it can be taken back."""
    moved = request.GET.get("moved", "")
    return moving.undoable(request.user, int(moved)) if moved.isdecimal() and len(moved) < 18 else None


def _labelled(request: PersonRequest) -> Ticket | None:
    """The ticket named in the address, while the reader's own word on its intent can be taken back."""
    named = request.GET.get("labelled", "")
    return labelling.own(request.user, int(named)) if named.isdecimal() and len(named) < 18 else None


def _undoable(request: PersonRequest) -> Undoable | None:
    """The reader's own decision named in the address, while it can be taken back."""
    done = request.GET.get("done", "")
    reviews = Review.objects.filter(reviewer=request.user).select_related("draft__ticket", "reply")
    review = reviews.filter(pk=done).first() if done.isdecimal() else None
    if review is None:
        return None
    if review.outcome == Review.Outcome.REJECTED:
        return Undoable(review, 10)
    left = (review.reply.not_before - timezone.now()).total_seconds()
    return Undoable(review, round(left)) if review.reply.state == Reply.State.QUEUED and left > 0 else None
