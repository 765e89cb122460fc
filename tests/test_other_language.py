"""A question whose answer stands only in the other language: found, named, quoted as a quotation, or abstained from."""

from dataclasses import replace

import pytest

from copilot.drafting import types
from copilot.drafting.draft import draft
from copilot.drafting.needs import needs
from copilot.drafting.similarity import SimilarityReader
from copilot.inference.calibration import Calibration
from copilot.privacy import redact
from knowledge import answer as answers
from knowledge.answer import answer
from knowledge.evidence import evidence_elsewhere
from knowledge.indexing import sync
from knowledge.models import Source
from knowledge.sources.base import Document
from tests.fakes import FakeEmbedder, ScriptedGenerator

ENGLISH = Document("refund.md", "Refunds", "", "en", "public", "A duplicate charge is refunded within 10 days.")
FRENCH = Document("selle.md", "Selle", "", "fr", "public", "La selle est grise et confortable.")
FRENCH_REFUND = Document("double.md", "Double", "", "fr", "public", "Un duplicate charge est refunded.")
SECRET = Document("secret.md", "Secret", "", "en", "internal", "A duplicate charge is refunded within 1 day to staff.")
SURE = SimilarityReader(Calibration())
ASKED = types.Request(redact("duplicate charge"), redact("duplicate charge refunded ?"), "fr")


class Documents:
    def __init__(self, *documents):
        self.all = documents

    def documents(self):
        return iter(self.all)


@pytest.fixture
def fill(db):
    source = Source.objects.create(name="s", location="")
    return lambda *documents: sync(source, Documents(*documents), FakeEmbedder())


def pages(found):
    return {passage.page for passage in found.evidence}


def test_the_other_language_answers_where_the_askers_own_does_not(fill):
    fill(ENGLISH, FRENCH)
    found = answer(ASKED, embedder=FakeEmbedder())
    assert not found.draft.abstained and pages(found) == {"refund.md"}
    assert [(fact.language, fact.verdict) for fact in found.draft.facts] == [("en", "supported")]


def test_the_other_language_is_not_even_searched_where_the_askers_own_answers(fill, monkeypatch):
    fill(ENGLISH, FRENCH_REFUND)
    monkeypatch.setattr(answers, "evidence_elsewhere", None)
    assert pages(answer(ASKED, embedder=FakeEmbedder())) == {"double.md"}


def test_neither_language_answers_and_the_reason_is_that_of_the_askers_own(fill):
    fill(ENGLISH, FRENCH)
    asked = types.Request(redact("Ferry"), redact("Peut-on garder notre cabine à Naxos ?"), "fr")
    found = answer(asked, embedder=FakeEmbedder())
    assert (found.draft.abstained, found.draft.reason) == (True, "not_answering")
    assert pages(found) == {"selle.md"}


def test_a_neighbour_that_would_do_in_an_empty_house_does_not_beside_the_askers_own(fill):
    near = Document("charge.md", "Grey", "", "en", "public", "The charge is grey.")
    fill(near)
    assert not answer(ASKED, embedder=FakeEmbedder()).draft.abstained
    fill(near, FRENCH)
    assert answer(ASKED, embedder=FakeEmbedder()).draft.abstained


@pytest.mark.parametrize(
    ("own", "abstained", "least"),
    [(0.1, True, SURE.beside), (0.49, True, SURE.beside), (0.55, False, 0.55 + answers.AHEAD)],
)
def test_the_other_language_must_come_out_ahead_of_the_askers_own(fill, monkeypatch, own, abstained, least):
    asked_for = []

    def said(request, evidence, *, least, **_):
        asked_for.append(least)
        return types.Draft((), "quote", "", abstained=abstained, nearness=own)

    fill(ENGLISH, FRENCH)
    monkeypatch.setattr(answers, "draft", said)
    answer(ASKED, embedder=FakeEmbedder(), reader=replace(SURE, sure=0.9))
    assert asked_for == [0.0, pytest.approx(least)]


def test_internal_passages_are_no_answer_in_any_language(fill):
    fill(SECRET, FRENCH)
    assert evidence_elsewhere(needs(ASKED, FakeEmbedder()), "fr", FakeEmbedder()) == []
    assert answer(ASKED, embedder=FakeEmbedder()).draft.abstained


def test_an_empty_knowledge_base_holds_nothing_and_no_model_is_asked(db):
    embedder = FakeEmbedder()
    found = answer(ASKED, embedder=embedder)
    assert (found.draft.reason, found.evidence) == ("nothing_found", [])
    assert all("duplicate charge" in text for text in embedder.seen)  # the question alone was read


# --- what the customer reads -------------------------------------------------------------------------------------


def passages(*texts):
    """Evidence in the given languages, each on a page of its own."""
    return [
        types.Evidence(n, f"Page {n}", "", text, language, 0.9, 0.6, page=f"{n}.md")
        for n, (language, text) in enumerate(texts, 1)
    ]


EN = ("en", "A duplicate charge is refunded within 10 days.")
EN_TOO = ("en", "The duplicate charge refunded is shown on your statement.")
FR = ("fr", "Un duplicate charge est refunded en dix jours.")


def leads(language, *texts):
    asked = types.Request(ASKED.subject, ASKED.body, language)
    written = draft(asked, passages(*texts), embedder=FakeEmbedder())
    assert len(written.facts) == len(texts)
    return [sentence.text for sentence in written.sentences if sentence.kind == "lead"]


def test_one_lead_names_the_language_when_all_of_it_is_foreign():
    [first, second] = leads("fr", EN, EN_TOO)
    assert first == "Notre centre d’aide ne donne cette réponse qu’en anglais ; la voici, mot pour mot :"
    assert second.startswith("Extrait de « Page ") and "anglais" not in second


def test_the_same_in_english():
    assert leads("en", FR) == ["Our help centre gives this answer only in French; here it is, word for word:"]


def test_mixed_evidence_names_the_language_where_it_changes_only():
    for first, second in (leads("fr", FR, EN), leads("fr", EN, FR)):
        said = [first, second]
        assert sum("une page en anglais" in lead for lead in said) == 1
        assert not any("mot pour mot" in lead for lead in said)


def test_a_model_is_asked_to_answer_in_the_tickets_language():
    generator = ScriptedGenerator("", "")
    draft(ASKED, passages(EN), embedder=FakeEmbedder(), generator=generator)
    draft(ASKED, passages(FR), embedder=FakeEmbedder(), generator=generator)
    assert "répondez toujours en français" in generator.prompts[0]
    assert "répondez toujours en français" not in generator.prompts[1]
