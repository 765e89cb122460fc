"""Drafting: quoted word for word, cited, in the ticket's language; or an honest abstention."""

import pytest

from copilot.drafting import memory
from copilot.drafting.draft import draft
from copilot.drafting.types import Evidence, Request
from copilot.privacy import redact
from tests.fakes import FakeEmbedder, ScriptedGenerator

REFUND = "A duplicate charge is refunded to the card within 10 working days. It needs no action from you."
STEPS = "To pair the bike:\n1. Open Settings.\n2. Press Pairing on the bike.\n3. Confirm the pairing code."


def request(
    subject="Duplicate charge", body="When is my duplicate charge refunded to the card?", language="en", **more
):
    return Request(redact(subject), redact(body), language, **more)


def evidence(*texts, language="en", score=0.9, dense=0.6):
    return [
        Evidence(n, f"Title {n}", "", text, language, score - n / 100, dense, page=f"page-{n}.md")
        for n, text in enumerate(texts, 1)
    ]


def write(request, found, generator=None):
    return draft(request, found, embedder=FakeEmbedder(), generator=generator)


def test_every_fact_is_a_verbatim_quotation_with_its_place():
    found = evidence(REFUND, "Bikes weigh 16 kg. The saddle is grey.")
    written = write(request(), found)
    by_id = {passage.id: passage for passage in found}
    assert not written.abstained and written.facts
    for fact in written.facts:
        [citation] = fact.citations
        assert by_id[citation.evidence].text[citation.start : citation.end] == fact.text
        assert fact.verdict == "supported"
    assert written.facts[0].text.startswith("A duplicate charge is refunded")


def test_the_frame_speaks_the_tickets_language_and_names_the_requester():
    written = write(request(language="fr", addressee="Camille"), evidence(REFUND))
    texts = [sentence.text for sentence in written.sentences]
    assert texts[0] == "Bonjour Camille,"
    assert "qu’en anglais" in " ".join(texts)  # the evidence is English: the agent and the customer are told
    assert texts[-1] == "Bien cordialement,"


def test_nothing_found_and_nothing_that_answers_abstain_with_a_holding_reply():
    nothing = write(request(), [])
    unrelated = write(request(), evidence("The saddle is grey and comfortable.", dense=0.05, score=0.1))
    assert (nothing.abstained, nothing.reason) == (True, "nothing_found")
    assert (unrelated.abstained, unrelated.reason) == (True, "not_answering")
    assert not nothing.facts and not unrelated.facts


def test_a_leaning_sentence_brings_the_one_before_it():
    written = write(request(body="duplicate charge: does it need action from me?"), evidence(REFUND))
    texts = [fact.text for fact in written.facts]
    assert texts == [
        "A duplicate charge is refunded to the card within 10 working days.",
        "It needs no action from you.",
    ]


def test_a_step_brings_its_whole_list_in_order():
    written = write(request("Pairing", "How do I confirm the pairing code on the bike?"), evidence(STEPS))
    assert [(fact.text, fact.listing) for fact in written.facts] == [
        ("To pair the bike:", ""),
        ("Open Settings.", "ol"),
        ("Press Pairing on the bike.", "ol"),
        ("Confirm the pairing code.", "ol"),
    ]


def test_the_same_input_gives_the_same_draft():
    found = evidence(REFUND, STEPS)
    assert write(request(), found) == write(request(), found)


def test_a_models_sentence_stands_only_with_what_it_cites():
    generator = ScriptedGenerator(
        "A duplicate charge is refunded to the card within 10 working days [1]. It is refunded within 2 days [1]."
        " It needs no action from you [1]."
    )
    written = write(request(), evidence(REFUND), generator)
    assert written.writer == "model:scripted-1"
    assert [fact.text for fact in written.facts] == [
        "A duplicate charge is refunded to the card within 10 working days.", "It needs no action from you.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        "lorem ipsum dolor",
        "[1] [2] [3]",
        "You get a free bike [1]. We refund 500 € today [1].",
        "word " * 400,
        "[99]",
    ],
)
def test_a_model_that_invents_is_replaced_by_the_quoting_writer_with_a_note(garbage):
    written = write(request(), evidence(REFUND), ScriptedGenerator(garbage))
    assert written.writer == "quote" and written.note
    assert all(fact.verdict == "supported" for fact in written.facts)


def test_the_model_sees_placeholders_only():
    generator = ScriptedGenerator("")
    asked = Request(redact("Card"), redact("My card 4242 4242 4242 4242 had a duplicate charge refunded?"), "en")
    write(asked, evidence(REFUND), generator)
    assert "4242 4242" not in generator.prompts[0] and "[CARD_1]" in generator.prompts[0]


def test_a_hint_reaches_selection():
    found = evidence(
        "A duplicate charge is refunded in 10 days. A duplicate charge above 500 euros needs a bank statement."
    )
    hinted = write(request(hint=redact("bank statement above 500 euros")), found)
    assert any("bank statement" in fact.text for fact in hinted.facts)


def test_a_passage_is_embedded_once_and_a_customers_words_are_not_remembered():
    embedder = FakeEmbedder()
    found = evidence(REFUND)
    draft(request(), found, embedder=embedder)
    first, embedder.seen = embedder.seen, []
    draft(request(), found, embedder=embedder)
    assert any(REFUND.startswith(text) for text in first)
    assert embedder.seen and not any(text in REFUND for text in embedder.seen)
    assert "When is my duplicate charge" in embedder.seen[0]


def test_memory_forgets_the_oldest(monkeypatch):
    monkeypatch.setattr(memory, "REMEMBERED", 2)
    embedder = FakeEmbedder()
    vectors = memory.PublishedVectors(embedder)
    vectors.of(["one", "two", "three", "two"])
    embedder.seen = []
    assert vectors.of(["two", "three"]).shape == (2, 384) and embedder.seen == []
    assert (vectors.of(["one"]) == FakeEmbedder().embed([redact("one")])).all() and embedder.seen == ["one"]
    assert vectors.of([]).shape == (0, 384)


def test_a_hint_is_given_to_a_model_once():
    generator = ScriptedGenerator("")
    write(request(hint=redact("mention the bank statement")), evidence(REFUND), generator)
    assert generator.prompts[0].count("mention the bank statement") == 1
