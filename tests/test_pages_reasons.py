"""Why there is no answer, said so that an agent knows what to do, in both languages."""

import pytest
from django.urls import reverse
from django.utils import translation

from tests.conftest import says
from tickets.models import Draft
from tickets.templatetags import operations, reasons

ABSTAINED = ["nothing_found", "not_answering", "needs_lookup", "not_a_question", "other_language"]
FAILED = ["no_text", "worker_died", "too_slow", "no_embedder", "database_gone"]


@pytest.mark.parametrize("code", [*ABSTAINED, *FAILED])
def test_every_code_has_words_in_both_languages(code):
    said = set()
    for language in ("en", "fr"):
        with translation.override(language):
            said.add(reasons.explain(code))
            said.add(reasons.headline(code))
    assert code not in said and len(said) == 4


def test_every_problem_has_words():
    for kind in operations.Problem.Kind.values:
        assert operations.put_right(operations.Problem(kind=kind)) != kind


@pytest.fixture
def held(ticket, make_draft):
    """A holding reply."""
    return make_draft(
        ticket, Draft.State.ABSTAINED, says("Hello,", "greeting"), says("We look into it.", "holding"),
        reason="needs_lookup",
    )  # fmt: skip


def test_a_holding_reply_is_marked_as_one_and_names_the_team(held, agent, signed_in):
    page = signed_in(agent).get(reverse("ticket", args=[held.ticket_id])).content.decode()
    assert "Holding reply, not an answer. The ticket is with Orders." in page and 'class="reply holding"' in page
    assert "This needs a look at the customer’s account." in page and "Send holding reply" in page
    assert "kept as a gap" not in page and "Approve and send" not in page.split('id="help"')[0]


def test_a_gap_in_the_knowledge_base_is_called_one(held, agent, signed_in):
    Draft.objects.update(reason="not_answering")
    page = signed_in(agent).get(reverse("ticket", args=[held.ticket_id])).content.decode()
    assert "kept as a gap" in page


def test_a_ticket_in_another_language_offers_the_two_that_we_know(held, agent, signed_in):
    Draft.objects.update(reason="other_language")
    client = signed_in(agent)
    page = client.get(reverse("ticket", args=[held.ticket_id])).content.decode()
    assert "Draft in English" in page and "Draft in French" in page and "another language" in page
    client.post(reverse("regenerate", args=[held.pk]), {"language": "fr"})
    assert Draft.objects.first().language == "fr"
