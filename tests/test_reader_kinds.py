"""Messages that no article answers: nothing is asked, or the customer's own file is. Precision before everything."""

import pytest

from copilot.drafting.draft import draft
from copilot.drafting.kinds import asks_nothing, needs_lookup
from copilot.drafting.types import Evidence, Request
from copilot.privacy import redact
from tests.fakes import FakeEmbedder


def request(subject, body, language="en"):
    return Request(redact(subject), redact(body), language)


@pytest.mark.parametrize(
    ("subject", "body", "language"),
    [
        ("Automatic reply", "I am out of the office until Monday with limited access to my mail.", "en"),
        ("Re: Lamp", "Thanks a lot, it works now. You can close this.", "en"),
        ("Réponse automatique", "Je suis en congés, de retour le 3 mai.", "fr"),
        ("Re: Lampe", "Merci, c'est réglé, vous pouvez clore.", "fr"),
    ],
)
def test_thanks_and_automatic_replies_ask_nothing(subject, body, language):
    asked = request(subject, body, language)
    assert asks_nothing(asked)
    written = draft(asked, [], embedder=FakeEmbedder())
    assert (written.abstained, written.reason) == (True, "not_a_question")


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Lamp", "Thanks for the lamp. How do I change the bulb?"),
        ("How do I change the bulb?", "Thanks for your great lamp."),
        ("Lamp", "Thank you, the first one works now but the second one does not."),
        ("Lamp", "Thanks in advance, I need a new bulb."),
        ("Out of office reply", "Where do I turn the out of office reply on?"),
    ],
)
def test_a_thankful_question_is_a_question(subject, body):
    assert not asks_nothing(request(subject, body))


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("My order 48213 has not arrived. Where is it?", "en"),
        ("Où en est mon remboursement, dossier n° 88213 ?", "fr"),
    ],
)
def test_the_state_of_ones_own_order_needs_a_look_up_and_the_reason_says_so(body, language):
    asked = request("Order", body, language)
    assert needs_lookup(asked)
    grey = Evidence(1, "Saddle", "", "The saddle is grey and comfortable.", language, 0.1, 0.05)
    assert draft(asked, [grey], embedder=FakeEmbedder()).reason == "needs_lookup"
    assert draft(asked, [], embedder=FakeEmbedder()).reason == "needs_lookup"


@pytest.mark.parametrize("body", ["How do I cancel an order?", "What does delivery to Norway cost?"])
def test_a_question_about_orders_in_general_needs_none(body):
    assert not needs_lookup(request("Order", body))
