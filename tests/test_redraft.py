"""Another passage, another language, a hint: asked for in one click, and taken back in one."""

import pytest
from django.urls import reverse

from knowledge.lookup import by_words
from knowledge.models import Passage
from tests.side_by_side import fill
from tickets import claims, drafts, review, tasks, writing
from tickets.drafts import Wish
from tickets.models import Citation, Draft, Message

pytestmark = pytest.mark.django_db
QUESTION = "When is a duplicate charge refunded?"


@pytest.fixture(autouse=True)
def asleep(monkeypatch):
    monkeypatch.setattr(tasks.draft_pending, "apply_async", lambda **_: None)
    monkeypatch.setattr(writing, "generator", lambda: None)


@pytest.fixture
def ready(filled, machine, make_ticket):
    """A written draft that cites the passage about refunds; there is another one about them."""
    fill(filled, machine, card="A duplicate charge on a card is refunded by Billing.")
    message = Message.objects.get(ticket=make_ticket("Duplicate charge", body=QUESTION))
    return written(drafts.request_draft(message))


def written(draft):
    drafts.draft_batch()
    draft.refresh_from_db()
    return draft


def cited(draft):
    return set(Citation.objects.filter(draft=draft).values_list("passage", flat=True))


def again(client, draft, **form):
    client.post(reverse("regenerate", args=[draft.pk]), form)
    return Draft.objects.first()


@pytest.fixture
def client(agent, signed_in):
    return signed_in(agent)


def test_a_passage_that_was_left_out_is_not_used_again(ready, client):
    assert ready.state == "ready"
    out = Citation.objects.filter(draft=ready).first().passage_id
    second = written(again(client, ready, exclude=out))
    assert second.excluded == [out] and second.former == ready and out not in cited(second)
    other = next(iter(cited(second)))
    third = written(again(client, second, exclude=other))
    assert third.excluded == sorted([out, other]) and not cited(third) & {out, other}
    assert again(client, third, anywhere=1).excluded == []


def test_a_passage_that_was_picked_is_all_there_is(ready, client):
    for picked in Passage.objects.filter(text__startswith="A duplicate charge"):
        draft = written(again(client, Draft.objects.first(), pin=picked.pk))
        assert draft.state == "ready" and cited(draft) == {picked.pk}


def test_a_far_passage_is_quoted_when_a_person_picks_it_or_nothing_is(ready, client):
    picked = Passage.objects.get(text__startswith="The bike folds")
    draft = written(again(client, ready, pin=picked.pk))
    assert (draft.state, cited(draft)) in [("ready", {picked.pk}), ("abstained", set())]


def test_an_internal_passage_cannot_be_picked(ready, client):
    picked = Passage.objects.get(text__startswith="The bike folds")
    Passage.objects.filter(pk=picked.pk).update(visibility="internal")
    assert by_words("bike folds", "en") == []
    draft = written(again(client, ready, pin=picked.pk))
    assert draft.state == "abstained" and not cited(draft)


def test_another_language_is_that_of_the_whole_reply(ready, client):
    draft = written(again(client, ready, language="fr"))
    assert draft.spoken == "fr" and draft.sentences[0]["text"].startswith("Bonjour")
    quoted = [sentence["lang"] for sentence in draft.facts]
    assert quoted and set(quoted) == {"en"}  # there is no French article
    draft.refresh_from_db()
    page = client.get(reverse("ticket", args=[draft.ticket_id])).content.decode()
    assert 'id="reply" lang="fr"' in page and "Reply in English" in page
    hinted = again(client, draft, hint="shorter")
    assert (hinted.language, hinted.hint) == ("fr", "shorter")  # what was asked before still holds


def test_a_wish_comes_before_new_tickets(ready, client, make_ticket):
    drafts.request_draft(Message.objects.get(ticket=make_ticket(body="Who pays?")))
    wish = again(client, ready, hint="shorter")
    assert wish.priority == Draft.Priority.PERSON and claims.claim()[0] == wish


def test_the_former_draft_comes_back_as_it_was(ready, client):
    before = ready.sentences
    second = again(client, ready, exclude=1)
    page = client.get(reverse("ticket", args=[ready.ticket_id])).content.decode()
    assert reverse("go_back", args=[second.pk]) in page
    client.post(reverse("go_back", args=[second.pk]))
    assert Draft.objects.get() == ready and Draft.objects.get().state == "ready"
    assert Draft.objects.get().sentences == before


def test_a_former_draft_does_not_come_back_over_a_newer_message(ready, client, agent):
    second = review.regenerate(ready, agent, Wish("shorter"))
    newer = Message.objects.create(
        ticket=ready.ticket, external_id="2", author="requester", body="Hello?", redacted="Hello?",
        sent_at=ready.created_at,
    )  # fmt: skip
    drafts.request_draft(newer)
    answer = client.post(reverse("go_back", args=[second.pk]))
    assert answer.status_code == 409 and Draft.objects.filter(state="pending").get().message == newer


def test_a_worker_that_writes_what_was_taken_back_changes_nothing(ready, agent, monkeypatch):
    def taken_back(draft, stages):
        review.go_back(Draft.objects.get(pk=draft.pk), agent)
        return writing.write(draft, stages)

    review.regenerate(ready, agent, Wish("shorter"))
    monkeypatch.setattr(drafts, "write", taken_back)
    drafts.draft_batch()
    assert Draft.objects.get() == ready and Draft.objects.get().state == "ready"


def test_passages_are_found_by_words(ready, client):
    page = client.get(reverse("passages", args=[ready.pk]), {"q": "bike"}).content.decode()
    assert "The bike folds" in page and "Use this one" in page and "refunded" not in page
    assert (
        "No article has these words" in client.get(reverse("passages", args=[ready.pk]), {"q": "zzz"}).content.decode()
    )
    assert client.get(reverse("passages", args=[ready.pk])).content.strip() == b""


def test_a_redraft_that_makes_no_sense_is_refused(ready, client):
    for form in ({"language": "nl"}, {"pin": "x"}, {"hint": "x" * 501}):
        assert client.post(reverse("regenerate", args=[ready.pk]), form).status_code == 422
    assert Draft.objects.count() == 1
