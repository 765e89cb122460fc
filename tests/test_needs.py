"""What a ticket asks: courtesies, signatures, quoted mail and log lines are none of it."""

import pytest

from copilot.drafting.needs import MAX_NEEDS, needs
from copilot.drafting.types import Request
from copilot.language.story import story
from copilot.privacy import redact
from tests.fakes import FakeEmbedder

LETTER = """Good morning team,

I moved house last week. Can I still change the address of my parcel?
Who pays for it?

2026-03-04 10:12:44 ERROR upload failed code=E77 trace=af31
    at shop.cart.Checkout(Checkout.java:31)

Kind regards,
Maud Ferrant
Head of Deliveries

On Tue, 3 Mar 2026 at 10:12, Support <help@example.com> wrote:
> Have you tried to switch it off and on?
"""


def asked(body, subject="Parcel", language="en", **more):
    found = needs(Request(redact(subject), redact(body), language, **more), FakeEmbedder())
    return [need.text.text for need in found.needs]


def test_only_what_is_about_the_matter_is_left_of_a_letter():
    assert story(LETTER, "en") == [
        "I moved house last week.",
        "Can I still change the address of my parcel?",
        "Who pays for it?",
    ]


def test_each_question_is_a_need_and_one_that_leans_brings_what_it_leans_on():
    assert asked(LETTER) == [
        "Can I still change the address of my parcel?",
        "Can I still change the address of my parcel? Who pays for it?",
    ]


@pytest.mark.parametrize(
    ("body", "language", "need"),
    [
        ("hello, how do I stop the monthly report", "en", "how do I stop the monthly report"),
        ("Bonjour, je voudrais exporter mes trajets.", "fr", "je voudrais exporter mes trajets."),
        ("Salut\nComment faire pour changer de carte bancaire ?\nMerci", "fr", "Comment faire pour changer de carte"),
    ],
)
def test_a_request_without_a_question_mark_is_a_need(body, language, need):
    assert asked(body, language=language)[0].startswith(need)


def test_a_story_that_asks_nothing_is_one_need_with_its_subject():
    assert asked("The page stays white since Monday.") == ["Parcel\nThe page stays white since Monday."]


def test_courtesies_alone_are_read_rather_than_nothing():
    assert asked("Thank you!", subject="") == ["Thank you!"]


def test_a_hint_is_a_need_of_its_own():
    assert asked("Who pays?", hint=redact("return label")) == ["Who pays?", "return label"]


def test_what_was_masked_stays_masked():
    [need] = asked("Can you write to maud@example.com about the missing parcel?")
    assert "maud@" not in need and "[EMAIL_1]" in need


def test_a_very_long_ticket_has_few_needs():
    assert len(asked("Where is the parcel with my new lamp? " * 5000)) <= MAX_NEEDS


@pytest.mark.parametrize("wish", ["Merci de me rappeler.", "Merci de bien vouloir corriger.", "Merci d'y remédier."])
def test_thanks_for_what_is_yet_to_be_done_is_a_wish(wish):
    assert story(f"Le colis manque.\n{wish}\nMerci de votre aide.\nPaul", "fr") == ["Le colis manque.", wish]
