"""What an administrator reads when something is wrong, and what one click does about it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tickets import claims, problems
from tickets.models import Draft, Problem, Worker


@pytest.fixture
def client(administrator, signed_in):
    return signed_in(administrator)


@pytest.fixture
def dead(ticket, make_draft):
    return make_draft(
        ticket, Draft.State.FAILED, says_nothing(), reason="too_slow", attempts=claims.MAX_ATTEMPTS,
        ready_at=timezone.now(),
    )  # fmt: skip


def says_nothing():
    return {"text": "", "kind": "greeting", "verdict": "none", "block": 0, "list": "", "cites": []}


def page(client):
    return client.get(reverse("problems")).content.decode()


def test_when_nothing_is_wrong_the_page_says_so(client, passage):
    assert "Nothing to put right" in page(client)


def test_an_empty_knowledge_base_is_said(client):
    assert "The knowledge base is empty" in page(client)


def test_the_same_problem_again_is_counted_not_repeated(client, passage):
    for _ in range(3):
        problems.note(Problem.Kind.WRITER, "no tokenizer.json")
    problems.note(Problem.Kind.REDIS)
    text = page(client)
    assert text.count("no tokenizer.json") == 1 and "3 times since" in text and "Redis did not answer" in text
    assert '<span class="chip u">2<' in client.get("/").content.decode()


def test_a_problem_is_dismissed_and_comes_back_if_it_is_not_solved(client, passage):
    problems.note(Problem.Kind.REDIS)
    client.post(reverse("dismiss", args=[Problem.objects.get().pk]))
    assert not Problem.objects.exists()
    problems.note(Problem.Kind.REDIS)
    assert Problem.objects.get().count == 1


def test_a_dead_draft_is_listed_without_its_words_and_tried_again(client, dead, passage, monkeypatch):
    text = page(client)
    assert "1 draft was given up" in text and "Writing it took too long." in text
    assert "Camille" not in text and "4242" not in text and dead.ticket.subject not in text
    client.post(reverse("try_again"), {"draft": dead.pk})
    dead.refresh_from_db()
    assert (dead.state, dead.attempts) == ("pending", 0) and "given up" not in page(client).split("table")[0]


def test_all_dead_drafts_are_tried_again_at_once(client, dead, make_ticket, make_draft):
    make_draft(make_ticket(), Draft.State.FAILED, attempts=claims.MAX_ATTEMPTS)
    make_draft(make_ticket(), Draft.State.FAILED, reason="no_text")  # nothing to try
    client.post(reverse("try_again"))
    assert sorted(Draft.objects.values_list("state", flat=True)) == ["failed", "pending", "pending"]


def test_tickets_without_an_answer_are_counted_by_reason(client, make_ticket, make_draft):
    for reason in ("no_text", "other_language", "other_language"):
        make_draft(make_ticket(), Draft.State.ABSTAINED, reason=reason)
    text = page(client)
    assert "Drafts are written in English and French only." in text and "holds no text" in text
    assert text.index("English and French only") < text.index("holds no text")


def test_workers_show_their_memory(client):
    Worker.objects.create(name="inference@here", pid=7, resident=431, peak=512, drafts=9)
    text = page(client)
    assert "inference@here" in text and "431 MB" in text and "512 MB" in text and "is replaced after its batch" in text


def test_only_administrators_are_told(manager, signed_in):
    Problem.objects.create(kind="redis")
    assert signed_in(manager).get(reverse("problems")).status_code == 403
    assert "chip u" not in signed_in(manager).get("/").content.decode()
