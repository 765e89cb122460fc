"""Verification: what a cited passage does not say is never shown as supported."""

import pytest

from copilot.drafting.types import Citation, Evidence, Sentence
from copilot.drafting.verify import containment, verify

PASSAGE = (
    "A duplicate charge is refunded to the card it came from within 5 to 10 working days. "
    "Refunds are not possible after 30 days. See https://example.com/refunds."
)
EVIDENCE = {7: Evidence(7, "Refunds", "", PASSAGE, "en", 1.0, 1.0)}


def verdict(text, evidence=7):
    citation = Citation(evidence, 1, 0, len(PASSAGE), 1.0)
    return verify(Sentence(text, "fact", 0, citations=(citation,)), EVIDENCE).verdict


def test_a_quotation_is_supported_whatever_its_spaces_and_quotes():
    assert (
        verdict("A duplicate charge  is refunded to the card it came from within 5 to 10 working days") == "supported"
    )


@pytest.mark.parametrize(
    "text",
    [
        "A duplicate charge is refunded to the card within 15 working days.",
        "A duplicate charge is refunded to the card it came from at https://evil.example/refunds.",
        "Our shop gives away free helmets on Mondays.",
        "Write to refunds@example.org about the duplicate charge refunded to the card.",
    ],
)
def test_changed_numbers_addresses_and_inventions_are_unsupported(text):
    assert verdict(text) == "unsupported"


@pytest.mark.parametrize(
    "text",
    ["We refund within 30 working days.", "The collection costs £10.", "The collection costs 10 working days."],
)
def test_words_of_two_sentences_do_not_make_a_third_true(text):
    passage = "You can return a bike within 30 days. The collection costs £39. We refund within 10 working days."
    citation = Citation(1, 1, 0, len(passage), 1.0)
    checked = verify(
        Sentence(text, "fact", 0, citations=(citation,)), {1: Evidence(1, "", "", passage, "en", 1.0, 1.0)}
    )
    assert checked.verdict != "supported"


def test_a_citation_is_narrowed_to_the_words_that_carry_the_sentence():
    citation = Citation(7, 1, 0, len(PASSAGE), 1.0)
    sentence = Sentence("After 30 days refunds are not possible.", "fact", 0, citations=(citation,))
    [narrowed] = verify(sentence, EVIDENCE).citations
    assert PASSAGE[narrowed.start : narrowed.end] == "Refunds are not possible after 30 days."


def test_a_sentence_that_cites_nothing_that_exists_is_unsupported():
    assert verdict("A duplicate charge is refunded.", evidence=99) == "unsupported"
    assert verify(Sentence("A fact.", "fact", 0), EVIDENCE).verdict == "unsupported"


def test_negation_must_agree_with_what_is_cited():
    start = PASSAGE.index("Refunds")
    end = PASSAGE.index(" See")
    citation = Citation(7, 1, start, end, 1.0)
    turned = Sentence("Refunds are possible after 30 days.", "fact", 0, citations=(citation,))
    assert verify(turned, EVIDENCE).verdict == "unsupported"


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("You can.", "You cannot cancel an order."),
        ("cancel an order.", "You cannot cancel an order."),
        ("It costs £3.", "It costs £39 a month."),
        ("It costs £1", "It costs £1 690."),
        ("50 bikes are free.", "We tell you that 1,50 bikes are free."),
        ("No.", "Notices are posted."),
        (",", "Notices, posted."),
    ],
)
def test_a_quotation_that_cuts_a_word_a_number_or_a_negation_is_none(text, passage):
    citation = Citation(1, 1, 0, len(passage), 1.0)
    checked = verify(
        Sentence(text, "fact", 0, citations=(citation,)), {1: Evidence(1, "", "", passage, "en", 1.0, 1.0)}
    )
    assert checked.verdict == "unsupported"


@pytest.mark.parametrize("text", ["It costs £39 a month", "But “never” more than £39.", "Don't pay it twice"])
def test_whole_words_of_a_passage_are_a_quotation(text):
    passage = "It costs £39 a month. But “never” more than £39. Don’t pay it twice."
    citation = Citation(1, 1, 0, len(passage), 1.0)
    checked = verify(
        Sentence(text, "fact", 0, citations=(citation,)), {1: Evidence(1, "", "", passage, "en", 1.0, 1.0)}
    )
    assert checked.verdict == "supported"


def test_greetings_claim_nothing():
    assert verify(Sentence("Hello,", "greeting", 0), EVIDENCE).verdict == "none"


def test_containment_is_a_share_of_stems():
    assert containment("refunded charges", "A charge is refunded", "en") == 1.0
    assert containment("refunded helmets", "A charge is refunded", "en") == 0.5
    assert containment("the of and", "anything", "en") == 0.0
