"""Questions without a good answer become gaps; gaps become articles; and one sees whether they helped."""

from datetime import timedelta

import numpy as np
import pytest
from django.urls import reverse
from django.utils import timezone

from copilot.privacy import redact
from knowledge import clusters as grouping
from knowledge.clusters import Question, clusters, name_of
from knowledge.models import OwnArticle
from tickets import gap_board, proposals
from tickets.gaps import find
from tickets.models import Asked, Citation, Draft, Gap, GapQuestion, Reply, Review

pytestmark = pytest.mark.django_db
Sign = GapQuestion.Sign


@pytest.fixture
def embedder(machine):
    return machine.embedder()


@pytest.fixture
def unanswered(make_ticket, make_draft):
    """A ticket whose draft abstained."""

    def make(subject, body, reason="nothing_found", **fields):
        ticket = make_ticket(subject, body=body, language="en", **fields)
        make_draft(ticket, Draft.State.ABSTAINED, reason=reason)
        return ticket

    return make


def unit(*rows):
    made = np.array(rows, dtype=np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def test_near_questions_are_one_group_and_the_most_typical_names_it():
    asked = [
        Question(1, "Re: Trailer hitch", "Can I pull a trailer?", "en"),
        Question(2, "Trailer", "Does a trailer fit?", "en"),
        Question(3, "Opening hours", "When are you open?", "en"),
        Question(4, "", "Hello. Can a trailer be pulled?", "en"),
    ]  # fmt: skip
    found = clusters(asked, unit([1, 0.1, 0], [1, 0, 0.1], [0, 0, 1], [1, 0.05, 0.05]))
    assert [set(cluster.members) for cluster in found] == [{1, 2, 4}, {3}]
    assert found[0].name in {"Trailer hitch", "Can a trailer be pulled?"} and found[0].words[0] == "trailer"
    assert found[1].name == "Opening hours"
    assert clusters([], np.zeros((0, 3), dtype=np.float32)) == []


@pytest.mark.parametrize(
    ("subject", "text", "name"),
    [
        ("Re: Fwd: [PERSON_1] refund of a plan", "x", "Refund of a plan"),
        ("Help", "Hi!\nWhere is my [EMAIL_1] bike?", "Where is my bike?"),
        ("Late", "My bike is late.\nSorry.", "My bike is late"), ("", "Nothing to ask.", "Nothing to ask"),
        ("word " * 40, "x", ("Word " + "word " * 14).strip() + "…"),
    ],
)  # fmt: skip
def test_a_name_is_what_somebody_wrote_without_who(subject, text, name):
    assert name_of(Question(1, subject, text, "en")) == name
    assert len(name) <= grouping.NAME_LENGTH + 1


def test_an_abstention_is_a_gap_and_a_similar_one_joins_it(unanswered, embedder):
    unanswered("Trailer hitch", "Which trailer hitch fits the cargo bike?")
    assert find(embedder) == 1
    unanswered("Trailer hitch", "Which trailer hitch fits the city bike?")
    unanswered("Vegetarian lunch", "Where do your mechanics eat?")
    assert find(embedder) == 2 and find(embedder) == 0
    assert sorted((gap.name, gap.questions.count()) for gap in Gap.objects.all()) == [
        ("Trailer hitch", 2), ("Vegetarian lunch", 1),
    ]  # fmt: skip


def test_what_wants_no_article_is_no_gap(unanswered, embedder):
    unanswered("Thanks", "Thank you!", reason="not_a_question")
    unanswered("My order", "Where is my order?", reason="needs_lookup")
    assert find(embedder) == 0


def test_rejections_replies_without_citations_and_feedback_are_signs(draft, agent, make_ticket, make_draft, embedder):
    Draft.objects.filter(pk=draft.pk).update(state=Draft.State.REJECTED)
    Review.objects.create(draft=draft, outcome="rejected", reason="outdated")
    free = make_draft(make_ticket("Paint", body="Which paint is it?"), Draft.State.ACCEPTED)
    review = Review.objects.create(draft=free, outcome="edited")
    Reply.objects.create(
        review=review, ticket=free.ticket, body="It is RAL 5002.", not_before=timezone.now(), state="sent"
    )
    Asked.objects.create(user=agent, question="Are there child seats?", language="en", answered=False)
    Asked.objects.create(user=agent, question="Old prices?", language="en", answered=True, feedback="outdated")
    Asked.objects.create(user=agent, question="Fine", language="en", answered=True, feedback="useful")
    assert find(embedder) == 4
    signs = dict(GapQuestion.objects.values_list("gap__name", "sign"))
    assert sorted(signs.values()) == [Sign.ABSTAINED, Sign.FEEDBACK, Sign.REJECTED, Sign.UNCITED]
    assert signs["Are there child seats?"] == Sign.ABSTAINED and signs["Old prices?"] == Sign.FEEDBACK


def test_a_rejection_for_its_tone_is_no_gap(draft, embedder):
    Draft.objects.filter(pk=draft.pk).update(state=Draft.State.REJECTED)
    Review.objects.create(draft=draft, outcome="rejected", reason="tone")
    assert Citation.objects.filter(draft=draft).exists() and find(embedder) == 0


def test_a_gap_knows_the_passage_that_comes_nearest(filled, unanswered, embedder):
    unanswered("Bike weight", "What does the bike weigh?")
    find(embedder)
    gap = Gap.objects.get()
    assert gap.best is not None and 0 <= gap.best_score <= 1


def test_names_of_customers_never_name_a_gap(unanswered, embedder):
    unanswered("Camille Roche, camille@roche.example: invoices by post", "Do you send invoices by post?")
    find(embedder)
    assert "camille@roche.example" not in Gap.objects.get().name


def test_an_article_is_begun_from_the_replies_that_were_sent(unanswered, agent, manager, embedder):
    ticket = unanswered("Trailer hitch", "Which trailer hitch fits the cargo bike?")
    find(embedder)
    review = Review.objects.create(draft=ticket.drafts.get(), outcome="edited", reviewer=agent)
    body = "Hello Camille,\n\nThe Thule hitch fits every cargo bike since 2023.\n\nBest regards,\nAlex"
    Reply.objects.create(review=review, ticket=ticket, body=body, not_before=timezone.now(), state="sent")
    gap = Gap.objects.get()
    article = proposals.write_for(gap, manager)
    assert (article.title, article.body) == ("Trailer hitch", "The Thule hitch fits every cargo bike since 2023.")
    gap.refresh_from_db()
    assert (gap.state, gap.assigned_to) == (Gap.State.WRITING, manager)
    assert proposals.write_for(gap, manager) == article


def test_one_sees_whether_the_gap_closed_after_publishing(unanswered, manager, embedder):
    unanswered("Trailer hitch", "Which trailer hitch fits the cargo bike?", minutes=60)
    find(embedder)
    article = proposals.write_for(Gap.objects.get(), manager)
    proposals.publish(article, manager)
    [row] = gap_board.rows([Gap.State.PUBLISHED])
    assert row.is_closed and row.since == 0
    later = unanswered("Trailer hitch", "Which trailer hitch fits the city bike?")
    type(later).objects.filter(pk=later.pk).update(created_at=timezone.now() + timedelta(minutes=1))
    find(embedder)
    [row] = gap_board.rows([Gap.State.PUBLISHED])
    assert (row.since, row.is_closed, row.count) == (1, False, 2)


def test_managers_work_on_gaps_and_agents_do_not(unanswered, signed_in, manager, agent, embedder):
    unanswered("Trailer hitch", "Which trailer hitch fits the cargo bike of [PERSON_1]?")
    find(embedder)
    gap, browser = Gap.objects.get(), signed_in(manager)
    assert "Trailer hitch" in browser.get(reverse("gaps")).content.decode()
    page = browser.get(reverse("gap", args=[gap.pk])).content.decode()
    assert "Which trailer hitch fits" in page and "nothing near to it" in page
    browser.post(reverse("assign_gap", args=[gap.pk]), {"person": agent.pk})
    assert Gap.objects.get().assigned_to == agent
    browser.post(reverse("dismiss_gap", args=[gap.pk]))
    assert "No gap" in browser.get(reverse("gaps")).content.decode()
    browser.post(reverse("dismiss_gap", args=[gap.pk]))
    answer = browser.post(reverse("write_for_gap", args=[gap.pk]))
    article = OwnArticle.objects.get()
    assert answer.headers["Location"] == reverse("own_article", args=[article.pk])
    assert signed_in(agent).get(reverse("gaps")).status_code == 403


def test_an_own_article_is_written_published_found_and_withdrawn(signed_in, manager, machine, monkeypatch):
    from knowledge import own, syncing
    from knowledge.models import SyncRun
    from knowledge.search import search

    monkeypatch.setattr(syncing, "embedder", machine.embedder)
    article = own.propose(title="Hitch", body="Text", language="en", origin="gap", user_id=manager.pk)
    browser, page = signed_in(manager), reverse("own_article", args=[article.pk])
    fields = {"title": "Trailer hitch", "body": "The Thule hitch fits.", "language": "en", "visibility": "public"}
    assert browser.post(page, {**fields, "body": ""}).status_code == 422
    browser.post(page, {**fields, "publish": "1"})
    syncing.work(SyncRun.objects.get().pk)
    found = lambda: search(  # noqa: E731
        redact("trailer hitch"), embedder=machine.embedder(), languages=["en"], audience="customer", k=1
    )
    assert found()[0].title == "Trailer hitch"
    browser.post(page, {**fields, "withdraw": "1"})
    syncing.work(SyncRun.objects.first().pk)
    assert found() == []


def test_an_agent_keeps_a_reply_and_a_manager_finds_it(draft, agent, manager, signed_in):
    review = Review.objects.create(draft=draft, outcome="approved", reviewer=agent)
    Draft.objects.filter(pk=draft.pk).update(state=Draft.State.ACCEPTED)
    body = "Hello Camille,\n\nThe collection of a bike costs £39.\n\nBest regards,"
    reply = Reply.objects.create(review=review, ticket=draft.ticket, body=body, not_before=timezone.now(), state="sent")
    browser = signed_in(agent)
    assert "Keep as an article" in browser.get(reverse("ticket", args=[draft.ticket_id])).content.decode()
    browser.post(reverse("keep_reply", args=[reply.pk]))
    article = OwnArticle.objects.get()
    assert (article.body, article.origin, article.state) == (
        "The collection of a bike costs £39.",
        "accepted",
        "proposed",
    )
    page = signed_in(manager).get(reverse("gaps")).content.decode()
    assert "Articles that wait to be published" in page and article.title in page


def test_a_gap_of_another_embedder_is_left_as_it_is(unanswered, embedder):
    Gap.objects.create(name="Old", recipe="another", centre=[1.0] * 384)
    unanswered("Trailer hitch", "Which trailer hitch fits the cargo bike?")
    find(embedder)
    assert Gap.objects.get(name="Old").questions.count() == 0 and Gap.objects.count() == 2
