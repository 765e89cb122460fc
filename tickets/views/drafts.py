"""What an agent decides about a draft.

Invariant: a decision is taken by `tickets.review` alone; here it is read from a form, and when a colleague
was quicker the page says who, with the agent's own words still on it.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tickets import outbox, queues, rendering, review
from tickets.access import PersonRequest, get_draft_for, get_reply_for, get_review_for, get_ticket_for, role_required
from tickets.forms import RedraftForm, RejectForm, ReplyForm
from tickets.models import Draft, Review
from tickets.models.people import Role
from tickets.templatetags.desk import age
from tickets.views import work
from tickets.views.panel import seconds_open


@role_required(Role.AGENT)
@require_POST
def approve(request: PersonRequest, pk: int) -> HttpResponse:
    """Send the draft, as it is (no `text`) or as the agent changed it."""
    draft = get_draft_for(request.user, pk)
    form = ReplyForm(request.POST if "text" in request.POST else {"text": rendering.plain_text(draft)})
    if not form.is_valid():
        return _again(request, draft, 422, reply_form=form, edit=True)
    wanted, text = queues.read(request.GET, request.user), form.cleaned_data["text"]
    following = queues.after(request.user, wanted, draft.ticket_id)
    try:
        done = review.approve(
            draft, request.user, text, seconds=_seconds(request, draft), confirm="confirm" in request.POST
        )
    except review.TooLate:
        return _again(request, draft, 409, alert=who_was_quicker(draft), kept=request.POST.get("text", ""))
    except review.Unconfirmed as error:
        edited = {"reply_form": form, "edit": True} if "text" in request.POST else {}
        return _again(request, draft, 422, unconfirmed=error.sentences, **edited)
    except review.NowInternal:
        alert = _("An article that this draft quotes has become internal. Redraft, and it will do without it.")
        return _again(request, draft, 409, alert=alert, kept=request.POST.get("text", ""))
    return work.go(wanted, following, done)


@role_required(Role.AGENT)
@require_POST
def reject(request: PersonRequest, pk: int) -> HttpResponse:
    """Say that the draft is no use, and why."""
    draft, form = get_draft_for(request.user, pk), RejectForm(request.POST)
    if not form.is_valid():
        return _again(request, draft, 422, reject_form=form, reject=True)
    wanted, said = queues.read(request.GET, request.user), form.cleaned_data
    following = queues.after(request.user, wanted, draft.ticket_id)
    try:
        done = review.reject(draft, request.user, said["reason"], said["note"], seconds=_seconds(request, draft))
    except review.TooLate:
        return _again(request, draft, 409, alert=who_was_quicker(draft), kept=said["note"])
    return work.go(wanted, following or draft.ticket_id, done)


@role_required(Role.AGENT)
@require_POST
def regenerate(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask for another draft: with a hint, from other passages, in the other language; or try a failed one again."""
    draft, form = get_draft_for(request.user, pk), RedraftForm(request.POST)
    if not form.is_valid():
        return _again(request, draft, 422, redraft_form=form)
    try:
        review.regenerate(draft, request.user, form.wish(draft))
    except review.TooLate:
        return _again(request, draft, 409, alert=who_was_quicker(draft), kept=form.cleaned_data["hint"])
    return work.go(queues.read(request.GET, request.user), draft.ticket_id)


@role_required(Role.AGENT)
@require_POST
def go_back(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a redraft back: the draft before it is on the desk again."""
    draft = get_draft_for(request.user, pk)
    try:
        review.go_back(draft, request.user)
    except review.TooLate:
        return _again(request, draft, 409, alert=who_was_quicker(draft))
    return work.go(queues.read(request.GET, request.user), draft.ticket_id)


@role_required(Role.AGENT)
@require_POST
def undo(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a decision back; afterwards the ticket is on the desk again."""
    done = get_review_for(request.user, pk)
    try:
        review.undo(done, request.user)
        messages.success(request, _("Taken back. Nothing was sent."))
    except review.TooLate:
        messages.error(request, _("Too late to take back."))
    return work.go(queues.read(request.GET, request.user), done.draft.ticket_id)


@role_required(Role.AGENT)
@require_POST
def resend(request: PersonRequest, pk: int) -> HttpResponse:
    """Post a reply again that the helpdesk had not taken."""
    reply = get_reply_for(request.user, pk)
    if outbox.requeue(reply):
        messages.success(request, _("On its way again."))
    return work.go(queues.read(request.GET, request.user), reply.ticket_id)


def _seconds(request: PersonRequest, draft: Draft) -> float:
    return seconds_open(draft, request.POST.get("opened", ""))


def _again(request: PersonRequest, draft: Draft, status: int, **extra: Any) -> HttpResponse:
    """The ticket as it is now, with what went wrong and nothing typed lost."""
    return work.show(request, get_ticket_for(request.user, draft.ticket_id), status=status, **extra)


def who_was_quicker(draft: Draft) -> str:
    """Who decided before this agent, or what replaced the draft."""
    taken = Review.objects.filter(draft=draft).select_related("reviewer").first()
    if taken is None:
        return _("A newer draft has replaced the one you were reading.")
    name = taken.reviewer.display_name if taken.reviewer else _("A colleague")
    said = {"who": name, "what": taken.get_outcome_display(), "age": age(taken.created_at)}
    return _("%(who)s was quicker: %(what)s (%(age)s).") % said
