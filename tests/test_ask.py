"""The knowledge base is asked: a cited answer, what else was found, questions that go on, and what one thought."""

import pytest
from django.urls import reverse

from knowledge import asking
from knowledge.indexing import sync
from knowledge.models import Passage, Source
from tests.test_retrieval import BIKE, INTERNAL, REFUND, Listed
from tickets.models import Asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def base(machine):
    sync(Source.objects.create(name="kb"), Listed(REFUND, BIKE, INTERNAL), machine.embedder())


def ask(browser, question, **fields):
    return browser.post(reverse("answer"), {"q": question, **fields}).content.decode()


def test_an_answer_is_quoted_with_its_passage(base, signed_in, agent):
    page = ask(signed_in(agent), "When is a duplicate charge refunded?")
    assert "A duplicate charge is refunded within ten days." in page and "<mark>" in page
    row = Asked.objects.get()
    assert (row.answered, row.language, row.user) == (True, "en", agent)


def test_internal_passages_are_found_marked_and_never_in_the_answer(base, signed_in, agent):
    page = ask(signed_in(agent), "When is a duplicate charge refunded?")
    answer, _, found = page.partition("<details")
    assert "voucher" in found and "internal" in found and "voucher" not in answer


def test_a_question_without_an_answer_says_so_and_is_remembered(base, signed_in, agent):
    page = ask(signed_in(agent), "Do you rent canoes in Norway?")
    assert "No article answers this surely" in page and not Asked.objects.get().answered


def test_what_is_remembered_is_redacted(base, signed_in, agent):
    ask(signed_in(agent), "Did camille@roche.example pay the duplicate charge?")
    assert "camille@roche.example" not in Asked.objects.get().question


@pytest.mark.parametrize(
    ("question", "language", "goes_on"),
    [
        ("And in Switzerland?", "en", True), ("How heavy is it?", "en", True), ("Et pour la Suisse ?", "fr", True),
        ("How do I change the address of a delivery?", "en", False),
        ("Comment changer l'adresse de livraison ?", "fr", False),
    ],
)  # fmt: skip
def test_which_questions_go_on(question, language, goes_on):
    assert asking.goes_on(question, language) is goes_on


def test_a_question_that_goes_on_is_read_with_the_one_before(base, signed_in, agent):
    browser = signed_in(agent)
    page = ask(browser, "And within how many days?", before="When is a duplicate charge refunded?")
    assert "refunded within ten days" in page
    assert 'name="before" value="And within how many days?"' in page


def test_passages_show_up_as_one_types(base, signed_in, agent):
    browser = signed_in(agent)
    page = browser.get(reverse("suggest"), {"q": "duplicate charge"}).content.decode()
    assert "Refunds" in page and "internal" in page
    assert "No passage has these words" in browser.get(reverse("suggest"), {"q": "zzz"}).content.decode()
    assert browser.get(reverse("suggest"), {"q": ""}).content.decode().strip() == ""


def test_feedback_is_given_and_taken_back_by_who_asked(base, signed_in, agent, teammate):
    browser = signed_in(agent)
    ask(browser, "When is a duplicate charge refunded?")
    address = reverse("feedback", args=[Asked.objects.get().pk])
    assert 'value="wrong" aria-pressed="true"' in browser.post(address, {"feedback": "wrong"}).content.decode()
    browser.post(address, {"feedback": "wrong"})
    assert Asked.objects.get().feedback == ""
    browser.post(address, {"feedback": "nonsense"})
    assert signed_in(teammate).post(address, {"feedback": "useful"}).status_code == 404


def test_an_answer_can_be_used_in_the_reply_it_was_asked_for(base, draft, signed_in, agent, outsider):
    browser = signed_in(agent)
    address = f"{reverse('ask')}?draft={draft.pk}"
    assert address in browser.get(reverse("ticket", args=[draft.ticket_id])).content.decode()
    assert "For the reply to" in browser.get(reverse("ask"), {"draft": draft.pk}).content.decode()
    page = ask(browser, "When is a duplicate charge refunded?", draft=str(draft.pk))
    assert reverse("regenerate", args=[draft.pk]) in page and 'name="pin"' in page
    assert signed_in(outsider).get(reverse("ask"), {"draft": draft.pk}).status_code == 404


def test_an_empty_question_and_an_empty_knowledge_base(machine, signed_in, agent):
    browser = signed_in(agent)
    assert "Type a question first" in ask(browser, "  ")
    assert "No article answers this surely" in ask(browser, "When is a duplicate charge refunded?")


def test_the_playground_shows_each_arm(base, signed_in, manager):
    page = signed_in(manager).get(reverse("playground"), {"q": "duplicate charge"}).content.decode()
    for arm in ("arm-bm25", "arm-dense", "arm-hybrid"):
        assert arm in page
    assert page.count("Refunds") >= 3


def test_the_playground_shows_what_was_searched_for_in_place_of_an_abbreviation(base, signed_in, manager):
    passage = Passage.objects.filter(language="en").first()
    passage.abbreviations.create(short="rma", long="return material authorisation", language="en", visibility="public")
    browser = signed_in(manager)
    page = browser.get(reverse("playground"), {"q": "RMA of anna@example.org"}).content.decode()
    assert "Searched for as: RMA (return material authorisation) of anna@example.org" in page
    assert "Searched for as" not in browser.get(reverse("playground"), {"q": "a duplicate charge"}).content.decode()
