"""The triage queue asks first about the tickets whose label teaches most."""

import numpy as np
import pytest
from django.utils import translation

from copilot.privacy import redact
from copilot.triage.classifier import Prediction
from copilot.triage.teaching import alike, doubt, order
from tests import quick_triage
from tickets import intents, labelling, queues, renaming, tasks, teaching, versions
from tickets.models import Question, TrainingRow, TrainingVector, TriageModel
from tickets.queues import Wanted
from tickets.templatetags.learned import asked_because

WIDTH = 8


def near(axis, count=1, noise=0.05):
    """`count` unit vectors near one axis."""
    random = np.random.default_rng(axis)
    vectors = np.eye(WIDTH)[axis] + noise * random.normal(size=(count, WIDTH))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


class TestOrder:
    def test_twenty_copies_are_asked_once(self):
        vectors = np.vstack([np.repeat(near(0), 20, axis=0), near(1), near(2)])
        scores = order(vectors, [0.9] * 22)
        first = np.argsort(-scores, kind="stable")[:3]
        assert first[0] < 20 and set(first[1:]) == {20, 21}
        assert (scores > 0).all()

    def test_a_crowd_comes_before_a_lone_one(self):
        scores = order(np.vstack([near(0), near(1, 6)]), [0.8] * 7)
        assert np.argmax(scores) > 0

    def test_of_equally_crowded_ones_the_doubtful_first(self):
        vectors = np.vstack([near(0), near(1), near(2)])
        assert list(np.argsort(-order(vectors, [0.3, 0.9, 0.6]))) == [1, 2, 0]

    def test_what_has_been_answered_counts_less(self):
        vectors = np.vstack([near(0, 5), near(1)])
        assert np.argmax(order(vectors, [0.9] * 6)) < 5
        assert np.argmax(order(vectors, [0.9] * 6, near(0, 1, noise=0.0))) == 5

    def test_the_same_again_gives_the_same_whatever_the_order_of_rows(self):
        vectors, doubts = np.vstack([near(axis, 7, noise=0.3) for axis in range(6)]), np.linspace(0.2, 1, 42)
        scores = order(vectors, doubts)
        assert (order(vectors, doubts) == scores).all()
        assert order(vectors[::-1].copy(), doubts[::-1])[::-1] == pytest.approx(scores)

    def test_it_is_what_trying_all_would_choose(self):
        vectors, doubts = np.vstack([near(axis, 5, noise=0.3) for axis in range(4)]), np.linspace(1, 0.2, 20)
        told = np.clip((vectors @ vectors.T - 0.5) / 0.5, 0, 1)
        gains = doubts @ told
        first = int(np.argmax(gains))
        second = doubts @ np.maximum(told - told[:, [first]], 0)
        assert list(np.argsort(-order(vectors, doubts))[:2]) == [first, int(np.argmax(second))]

    def test_none_and_a_mismatch(self):
        assert len(order(np.empty((0, WIDTH), dtype=np.float32), [])) == 0
        assert len(alike(np.empty((0, WIDTH), dtype=np.float32))) == 0
        with pytest.raises(ValueError, match="1 vectors for 2 doubts"):
            order(near(0), [0.1, 0.2])

    def test_alike_counts_the_others(self):
        assert list(alike(np.vstack([near(0, 3), near(1)]))) == [2, 2, 2, 0]

    def test_doubt_is_the_margin_and_whole_where_nothing_fits(self):
        ranked = (("a", 0.5), ("b", 0.4))
        assert doubt(Prediction("a", 0.5, ranked, True)) == pytest.approx(0.9)
        assert doubt(Prediction("a", 0.5, ranked, False)) == 1.0


@pytest.fixture
def taught(machine, monkeypatch, settings):
    """Triage that knows two intents, and is sure of nothing."""
    quick_triage.put_in(monkeypatch)
    monkeypatch.setattr(tasks.order_questions, "apply_async", lambda **_: None)
    settings.TRIAGE_THRESHOLD = 1.1
    for intent, text in (("refund", "money charge"), ("repair", "brake wheel")):
        TrainingRow.objects.bulk_create(
            TrainingRow(text=f"{text} {n}", intent=intent, language="en", origin="imported") for n in range(3)
        )
    return versions.retrain()


@pytest.fixture
def ask(make_ticket):
    def ask(text, **fields):
        ticket = make_ticket(text, body=text, team=None, triage="unsure", **fields)
        intents.classify(ticket, redact(text))
        ticket.save()
        return ticket

    return ask


def asked(user):
    return [ticket.subject for ticket in queues.load(user, Wanted("triage")).tickets]


@pytest.mark.django_db
class TestQueue:
    def test_urgent_first_then_what_teaches_most_then_the_rest(self, taught, ask, make_ticket, agent):
        ask("lonely lighthouse keeper", minutes=90)
        for n in range(3):
            ask("ferry to the island", minutes=30 - n)
        ask("alarm", minutes=1, urgency="high")
        make_ticket("homeless", team=None, minutes=99)
        teaching.score()
        found = asked(agent)
        assert found[0] == "alarm" and found[-1] == "homeless"
        assert found[1:3] == ["ferry to the island", "lonely lighthouse keeper"]

    def test_other_views_keep_their_order(self, taught, ask, agent):
        ask("lonely lighthouse keeper", minutes=90)
        ask("ferry to the island", minutes=30)
        ask("ferry to the island", minutes=29)
        teaching.score()
        assert queues.load(agent, Wanted("all")).tickets[0].subject == "lonely lighthouse keeper"
        assert asked(agent)[0] == "ferry to the island"

    def test_after_a_label_comes_what_now_teaches_most(self, taught, ask, agent):
        copies = [ask("ferry to the island", minutes=30 + n) for n in range(4)]
        lone = ask("lonely lighthouse keeper", minutes=5)
        teaching.score()
        [first] = [copy for copy in copies if copy.pk == queues.load(agent, Wanted("triage")).first]
        assert queues.after(agent, Wanted("triage"), first.pk) == lone.pk
        labelling.correct_intent(first, agent, "ferry")
        assert not Question.objects.filter(ticket=first).exists()
        teaching.score()
        assert asked(agent)[0] == "lonely lighthouse keeper"

    def test_a_label_that_is_taken_back_asks_again(self, taught, ask, agent):
        ticket = ask("ferry to the island")
        labelling.correct_intent(ticket, agent, "ferry")
        assert TrainingVector.objects.filter(row__ticket=ticket, recipe="fake-1").exists()
        labelling.take_back(ticket, "ferry")
        assert Question.objects.filter(ticket=ticket).exists()
        assert not TrainingVector.objects.filter(row__ticket=ticket).exists()

    def test_what_triage_is_sure_of_is_no_question(self, taught, ask, settings):
        ticket = ask("money charge")
        assert Question.objects.filter(ticket=ticket).exists()
        settings.TRIAGE_THRESHOLD = 0.1
        intents.classify(ticket, redact("money charge"))
        assert not Question.objects.filter(ticket=ticket).exists()

    def test_it_dies_with_its_ticket(self, taught, ask):
        ask("ferry to the island").delete()
        assert not Question.objects.exists()

    def test_tickets_that_may_not_teach_are_no_questions(self, taught, ask, helpdesk):
        helpdesk.may_teach = False
        helpdesk.save()
        ask("ferry to the island")
        assert not Question.objects.exists()

    def test_only_the_newest_are_compared_and_older_ones_stand_behind(self, taught, ask, monkeypatch):
        monkeypatch.setattr(teaching, "LIMIT", 2)
        for n in range(3):
            ask(f"ferry {n}")
            teaching.score()
        assert [row.teaches > 0 for row in Question.objects.order_by("pk")] == [False, True, True]

    def test_vectors_of_another_embedder_are_not_compared(self, taught, ask):
        old, other = ask("ferry to the island"), ask("ferry to the island")
        teaching.score()
        assert Question.objects.get(ticket=old).alike == 1
        Question.objects.filter(ticket=other).update(recipe="fake-2", vector=np.ones(3, dtype=np.float32).tobytes())
        teaching.score()
        assert Question.objects.get(ticket=old).alike == 0
        assert Question.objects.get(ticket=other).teaches == 0
        TriageModel.objects.update(is_active=False)
        teaching.score()

    def test_the_sweep_wakes_for_what_has_no_score(self, taught, ask, monkeypatch, django_capture_on_commit_callbacks):
        woken = []
        monkeypatch.setattr(tasks.order_questions, "apply_async", lambda **said: woken.append(said["args"]))
        with django_capture_on_commit_callbacks(execute=True):
            ticket = ask("ferry to the island")
        assert woken == [(ticket.question.pk,)]
        with django_capture_on_commit_callbacks(execute=True):
            teaching.look_after()
        assert woken[1:] == [(0,)]
        tasks.order_questions(0)
        with django_capture_on_commit_callbacks(execute=True):
            teaching.look_after()
        assert len(woken) == 2

    def test_a_burst_is_scored_once(self, taught, ask, monkeypatch):
        first, second = ask("ferry to the island"), ask("lighthouse")
        teaching.score(first.question.pk)
        monkeypatch.setattr(teaching, "order", lambda *_: pytest.fail("scored again"))
        teaching.score(second.question.pk)


@pytest.mark.django_db
class TestReason:
    def question(self, ticket, **fields):
        return Question.objects.create(ticket=ticket, recipe="r", vector=b"", doubt=0.9, **fields)

    def test_the_line_on_the_ticket_and_in_french(self, make_ticket, agent, signed_in):
        ticket = make_ticket(team=None, triage="unsure", intent="refund", confidence=0.4)
        self.question(ticket, rival="billing_invoice", alike=12, teaches=3)
        page = signed_in(agent).get(f"/tickets/{ticket.pk}/?view=triage").content.decode()
        assert "Triage hesitates between Refund and Billing invoice. 12 waiting tickets are like it." in page
        assert "12 alike" in page
        with translation.override("fr"):
            assert asked_because(ticket) == (
                "Le tri hésite entre Refund et Billing invoice. 12 tickets en attente lui ressemblent."
            )

    def test_one_alike_none_and_out_of_scope(self, make_ticket):
        ticket = make_ticket(triage="unsure", intent="refund")
        assert asked_because(ticket) == ""
        question = self.question(ticket, rival="refund", alike=1)
        assert asked_because(ticket) == "1 waiting ticket is like it."
        question.alike, question.in_scope = 0, False
        question.save()
        assert asked_because(ticket) == "It fits no intent that triage knows."

    def test_a_renamed_rival_has_its_new_name_and_gets_the_old_one_back(self, make_ticket, manager):
        ticket = make_ticket(triage="unsure", intent="refund")
        make_ticket(intent="invoice")
        question = self.question(ticket, rival="invoice")
        change = renaming.change("invoice", "bill", manager)
        question.refresh_from_db()
        assert question.rival == "bill"
        assert renaming.undo(change.pk)
        question.refresh_from_db()
        assert question.rival == "invoice"
