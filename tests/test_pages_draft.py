"""Approve, edit, reject, redraft and undo, through the pages; and what a slower colleague is told."""

import pytest
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from tests.conftest import QUOTED, MakeTicket, SignedIn
from tickets import review
from tickets.models import Draft, Reply, Review, Ticket, User


def opened(draft: Draft, seconds: float) -> str:
    return signing.dumps(timezone.now().timestamp() - seconds, salt=f"draft-{draft.pk}")


def test_approving_sends_it_as_it_was_and_goes_on(
    draft: Draft, make_ticket: MakeTicket, agent: User, signed_in: SignedIn
):
    following = make_ticket("the next one", minutes=1)
    client = signed_in(agent)
    answer = client.post(reverse("approve", args=[draft.pk]) + "?view=team", {"opened": opened(draft, 42)}, follow=True)
    done = Review.objects.get()
    assert (done.outcome, done.reviewer) == ("approved", agent) and 42 <= done.seconds < 50
    assert QUOTED in done.reply.body and "Hello Camille," in done.reply.body
    assert answer.redirect_chain == [(f"/tickets/{following.pk}/?view=team&done={done.pk}", 302)]
    page = answer.content.decode()
    assert "Sent to Camille Roche in" in page and reverse("undo", args=[done.pk]) in page


def test_after_the_last_ticket_the_desk_is_quiet(draft: Draft, agent: User, signed_in: SignedIn):
    answer = signed_in(agent).post(reverse("approve", args=[draft.pk]), follow=True)
    assert answer.redirect_chain[0][0].startswith("/?view=team") and "All quiet" in answer.content.decode()


def test_editing_sends_the_agents_words(draft: Draft, agent: User, signed_in: SignedIn):
    signed_in(agent).post(reverse("approve", args=[draft.pk]), {"text": "My own words."})
    assert Review.objects.get().outcome == "edited"
    assert Reply.objects.get().body.startswith("My own words.")


def test_an_empty_reply_is_not_sent(draft: Draft, agent: User, signed_in: SignedIn):
    answer = signed_in(agent).post(reverse("approve", args=[draft.pk]), {"text": "  "})
    assert answer.status_code == 422 and "text-error" in answer.content.decode()
    assert not Review.objects.exists()


def test_edit_mode_works_without_scripts(draft: Draft, agent: User, signed_in: SignedIn):
    client = signed_in(agent)
    reading = client.get(reverse("ticket", args=[draft.ticket_id])).content.decode()
    editing = client.get(reverse("ticket", args=[draft.ticket_id]) + "?edit=1").content.decode()
    assert "data-mode" not in editing
    assert reading.count(" hidden>") == editing.count(" hidden>") + 1


@pytest.mark.parametrize(
    ("stamp", "seconds"),
    [("", 0), ("forged", 0), (signing.dumps("x", salt="draft-0"), 0)],
    ids=["none", "forged", "of another draft"],  # a stamp says when it was made: two workers would not agree
)
def test_a_time_that_is_not_ours_counts_nothing(draft: Draft, agent, signed_in, stamp: str, seconds: float):
    signed_in(agent).post(reverse("approve", args=[draft.pk]), {"opened": stamp})
    assert Review.objects.get().seconds == seconds


def test_rejecting_keeps_the_reason(draft: Draft, agent: User, signed_in: SignedIn):
    client = signed_in(agent)
    answer = client.post(reverse("reject", args=[draft.pk]), {"reason": "tone", "note": "too stiff"}, follow=True)
    done = Review.objects.get()
    assert (done.outcome, done.reason, done.note) == ("rejected", "tone", "too stiff")
    assert "Draft rejected" in answer.content.decode()


def test_rejecting_needs_a_reason_and_keeps_the_note(draft: Draft, agent: User, signed_in: SignedIn):
    answer = signed_in(agent).post(reverse("reject", args=[draft.pk]), {"note": "hm"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Choose a reason." in page and ">hm</textarea>" in page
    assert "data-open" in page


def test_redrafting_asks_for_a_new_one_with_the_hint(draft: Draft, agent: User, signed_in: SignedIn):
    answer = signed_in(agent).post(reverse("regenerate", args=[draft.pk]), {"hint": "shorter"}, follow=True)
    newest = Draft.objects.first()
    assert newest is not None and (newest.state, newest.hint) == ("pending", "shorter")
    assert "every 700ms" in answer.content.decode() and "shorter" in answer.content.decode()


def test_a_failed_draft_can_be_tried_again(draft: Draft, agent: User, signed_in: SignedIn):
    Draft.objects.update(state=Draft.State.FAILED)
    signed_in(agent).post(reverse("regenerate", args=[draft.pk]), {"hint": ""})
    assert Draft.objects.filter(state="pending").count() == 1


def test_undo_brings_the_ticket_back(draft: Draft, agent: User, signed_in: SignedIn):
    client = signed_in(agent)
    client.post(reverse("approve", args=[draft.pk]))
    answer = client.post(reverse("undo", args=[Review.objects.get().pk]), follow=True)
    draft.refresh_from_db()
    assert draft.state == "ready" and Ticket.objects.get().state == "open"
    assert "Nothing was sent" in answer.content.decode()


def test_undo_after_it_left_says_so(draft: Draft, agent: User, signed_in: SignedIn):
    client = signed_in(agent)
    client.post(reverse("approve", args=[draft.pk]))
    Reply.objects.update(state=Reply.State.SENT)
    answer = client.post(reverse("undo", args=[Review.objects.get().pk]), follow=True)
    assert "Too late to take back" in answer.content.decode()


def test_a_toast_is_only_for_who_decided_and_only_while_it_helps(draft, agent, teammate, signed_in: SignedIn):
    done = review.approve(draft, teammate, "Hello", seconds=1)
    address = f"/?done={done.pk}"
    assert "in <span" not in signed_in(agent).get(address).content.decode()
    client = signed_in(teammate)
    assert "Undo" in client.get(address).content.decode()
    Reply.objects.update(not_before=timezone.now())
    assert 'data-seconds="' not in client.get(address).content.decode()
    assert client.get("/?done=nonsense").status_code == 200


@pytest.mark.parametrize(
    ("name", "form", "kept"),
    [("approve", {"text": "My own words."}, "My own words."), ("reject", {"reason": "tone", "note": "stiff"}, "stiff"),
     ("regenerate", {"hint": "shorter"}, "shorter")],
)  # fmt: skip
def test_who_is_slower_reads_who_was_quicker_and_loses_nothing(draft, agent, teammate, signed_in, name, form, kept):
    review.approve(draft, teammate, "Hello", seconds=1)
    answer = signed_in(agent).post(reverse(name, args=[draft.pk]), form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Bea was quicker: edited (now)." in page and kept in page
    assert Review.objects.count() == 1


def test_a_draft_that_was_replaced_says_so(draft: Draft, agent: User, signed_in: SignedIn):
    Draft.objects.update(state=Draft.State.SUPERSEDED)
    answer = signed_in(agent).post(reverse("approve", args=[draft.pk]))
    assert answer.status_code == 409 and "A newer draft has replaced" in answer.content.decode()


def test_htmx_follows_to_the_next_ticket_and_the_address_forgets_the_toast(draft, make_ticket, agent, signed_in):
    following = make_ticket("the next one", minutes=1)
    headers = {"HX-Request": "true", "HX-Target": "desk"}
    client = signed_in(agent)
    answer = client.post(reverse("approve", args=[draft.pk]) + "?view=team", headers=headers)
    landed = client.get(answer.headers["Location"], headers=headers)
    assert landed.headers["HX-Push-Url"] == f"/tickets/{following.pk}/?view=team"
    assert "Undo" in landed.content.decode() and "<html" not in landed.content.decode()


def test_a_sent_reply_shows_what_was_sent_and_by_whom(draft: Draft, agent: User, teammate: User, signed_in: SignedIn):
    review.approve(draft, teammate, "My <b>own</b> words.", seconds=1)
    page = signed_in(agent).get(reverse("ticket", args=[draft.ticket_id])).content.decode()
    assert "My &lt;b&gt;own&lt;/b&gt; words." in page and "by Bea" in page and "on its way" in page


def test_a_reply_that_was_not_sent_is_back_in_the_queue_and_can_be_sent_again(draft, agent, signed_in):
    client = signed_in(agent)
    client.post(f"/drafts/{draft.pk}/approve/")
    Reply.objects.update(state="failed", error="the helpdesk answered 422")
    Ticket.objects.update(state="open")
    page = client.get(f"/tickets/{draft.ticket_id}/").content.decode()
    assert "the helpdesk answered 422" in page and "not sent" in page
    reply = Reply.objects.get()
    client.post(f"/replies/{reply.pk}/resend/")
    reply.refresh_from_db()
    assert reply.state == "queued" and Ticket.objects.get().state == "answered"


def test_nobody_sends_another_teams_reply_again(draft, agent, outsider, signed_in):
    signed_in(agent).post(f"/drafts/{draft.pk}/approve/")
    Reply.objects.update(state="failed")
    assert signed_in(outsider).post(f"/replies/{Reply.objects.get().pk}/resend/").status_code == 404
    assert Reply.objects.get().state == "failed"


def test_a_failed_draft_can_be_answered_by_hand(draft, agent, signed_in):
    Draft.objects.update(state="failed", reason="internal error (X)", sentences=[], writer="")
    client = signed_in(agent)
    assert "Write the reply" in client.get(f"/tickets/{draft.ticket_id}/").content.decode()
    client.post(f"/drafts/{draft.pk}/approve/", {"text": "Hello, we looked into it."})
    assert Reply.objects.get().body.startswith("Hello, we looked into it.")
