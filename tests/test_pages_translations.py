"""A French ticket answered from an English page: labelled, quoted as a quotation, or translated and confirmed."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from knowledge import recipes
from knowledge.indexing import sync
from knowledge.models import Source
from knowledge.sources.base import Document
from tests.conftest import PASSAGE, QUOTED, says
from tests.fakes import BilingualEmbedder, ScriptedGenerator
from tickets import drafts, review, tasks, translations, writing
from tickets.models import Citation, Confirmation, Draft, Message, Reply, Review, Ticket, User
from tickets.rendering import plain_text

COST = "L’enlèvement coûte 39 £."
REFUND = "Nous remboursons sous 10 jours ouvrés."
ORIGINALS = {1: QUOTED, 2: "We refund within 10 working days."}


@pytest.fixture
def ticket(ticket: Ticket) -> Ticket:
    Ticket.objects.filter(pk=ticket.pk).update(language="fr")
    ticket.refresh_from_db()
    return ticket


@pytest.fixture
def draft(ticket, passage, make_draft):
    """Two translated sentences of a model."""
    draft = make_draft(
        ticket, Draft.State.READY, says("Bonjour [PERSON_1],", "greeting"),
        says(COST, verdict="weak", block=1, cites=[1], translated=True),
        says(REFUND, verdict="weak", block=1, cites=[1], translated=True), writer="model:m",
    )  # fmt: skip
    cite(draft, passage)
    return draft


def cite(draft, passage):
    for sentence, words in ORIGINALS.items():
        start = PASSAGE.index(words)
        Citation.objects.create(
            draft=draft, passage=passage, sentence=sentence, number=1, start=start, end=start + len(words), score=0.9
        )


@pytest.fixture
def quoting(ticket, passage, make_draft):
    """Two sentences quoted in English."""
    said = [says(words, block=1, cites=[1], lang="en") for words in ORIGINALS.values()]
    draft = make_draft(ticket, Draft.State.READY, says("Bonjour,", "greeting"), *said)
    cite(draft, passage)
    return draft


def page(client: Client, draft: Draft) -> str:
    return client.get(reverse("ticket", args=[draft.ticket_id])).content.decode()


def confirm(client: Client, draft: Draft, sentence: int, name: str = "confirm_translation", **headers: str):
    return client.post(reverse(name, args=[draft.pk, sentence]), headers=headers)


# --- labels and quotations ---------------------------------------------------------------------------------------


def test_evidence_in_another_language_is_named_once_above_and_on_every_card(quoting, agent, signed_in):
    desk = page(signed_in(agent), quoting)
    assert desk.count("Found in English for a French ticket") == 1
    assert desk.count('<span class="chip tongue">in English</span>') == 1  # one card
    assert 'aria-label="Evidence 1 EN, in English: Returns">1 EN</a>' in desk


def test_a_french_agent_reads_it_in_french(quoting, agent, signed_in):
    User.objects.update(language="fr")
    desk = page(signed_in(agent), quoting)
    assert "Trouvé en anglais pour un ticket en français" in desk and "en anglais</span>" in desk


def test_evidence_in_the_tickets_language_has_no_label(quoting, agent, signed_in):
    Ticket.objects.update(language="en")
    desk = page(signed_in(agent), quoting)
    assert "Found in" not in desk and "chip tongue" not in desk and ">1 EN<" not in desk


def test_foreign_words_are_marked_as_foreign_and_as_a_quotation(quoting, agent, signed_in):
    desk = page(signed_in(agent), quoting)
    assert f'«\u00a0<span lang="en">{QUOTED}</span>' in desk
    assert f'<span lang="en">{ORIGINALS[2]}</span>\u00a0»' in desk
    assert f"«\u00a0{QUOTED} {ORIGINALS[2]}\u00a0»" in plain_text(quoting)


def test_each_item_of_a_list_is_a_quotation_of_its_own(ticket, make_draft):
    steps = [says(text, block=1, list="ol", lang="en") for text in ("Open it.", "Press it.")]
    draft = make_draft(ticket, Draft.State.READY, *steps, says("Voilà.", block=2))
    assert plain_text(draft) == "1. «\u00a0Open it.\u00a0»\n2. «\u00a0Press it.\u00a0»\n\nVoilà."
    Ticket.objects.update(language="en")
    assert plain_text(Draft.objects.get()).startswith("1. “Open it.”")


def test_a_quotation_needs_nobodys_confirmation(quoting, agent, signed_in):
    desk = page(signed_in(agent), quoting)
    assert "Confirm translation" not in desk and "2 of 2 facts checked" in desk
    signed_in(agent).post(reverse("approve", args=[quoting.pk]))
    assert Review.objects.get().outcome == "approved"


# --- confirming --------------------------------------------------------------------------------------------------


def test_a_translation_is_shown_beside_the_words_it_translates(draft, agent, signed_in):
    desk = page(signed_in(agent), draft)
    assert "0 of 2 facts checked · 2 weak" in desk and "2 translations to confirm" in desk
    assert f'<span lang="en">{QUOTED}</span>' in desk and f'<mark data-e="1">{QUOTED}</mark>' in desk
    assert desk.count('data-key="c"') == 2


def test_confirming_is_kept_with_its_person_and_can_be_undone(draft, agent, signed_in):
    client = signed_in(agent)
    confirm(client, draft, 1)
    row = Confirmation.objects.get()
    assert (row.sentence, row.user) == (1, agent)
    desk = page(client, draft)
    assert "0 of 2 facts checked · 1 confirmed · 1 weak" in desk and "confirmed by Alex" in desk
    assert "1 translation to confirm" in desk
    confirm(client, draft, 1, "unconfirm_translation")
    assert not Confirmation.objects.exists()


def test_confirmed_and_weak_sentences_are_counted_in_french(draft, agent, signed_in):
    User.objects.update(language="fr")
    assert "2 faibles" in page(signed_in(agent), draft)
    translations.confirm(draft, [1, 2], agent)
    assert "2 confirmés" in page(signed_in(agent), draft)


def test_htmx_gets_the_column_alone_and_hears_what_happened(draft, agent, signed_in):
    answer = confirm(signed_in(agent), draft, 1, HX_Request="true", HX_Target="draft")
    column = answer.content.decode()
    assert column.lstrip().startswith('<section id="draft"') and "Translation confirmed." in column
    assert 'hx-swap-oob="innerHTML"' in column


def test_of_two_people_the_first_stands(draft, agent, teammate, signed_in):
    confirm(signed_in(agent), draft, 1)
    confirm(signed_in(teammate), draft, 1)
    assert Confirmation.objects.get().user == agent


def test_only_translations_of_ones_own_tickets_can_be_confirmed(draft, agent, outsider, signed_in):
    assert confirm(signed_in(agent), draft, 0).status_code == 404
    assert confirm(signed_in(agent), draft, 9).status_code == 404
    assert confirm(signed_in(outsider), draft, 1).status_code == 404
    assert not Confirmation.objects.exists()


@pytest.mark.parametrize("headers", [{}, {"HX_Request": "true", "HX_Target": "draft"}])
def test_a_decided_draft_keeps_its_confirmations(draft, agent, teammate, signed_in, headers):
    review.approve(draft, teammate, "Mes mots", seconds=1)
    for name in ("confirm_translation", "unconfirm_translation"):
        answer = confirm(signed_in(agent), draft, 1, name, **headers)
        assert answer.status_code == 409 and "Bea was quicker" in answer.content.decode()
    assert not Confirmation.objects.exists()


def test_who_confirmed_may_leave(draft, agent, teammate, signed_in):
    translations.confirm(draft, [1], teammate)
    teammate.delete()
    assert "confirmed by A colleague" in page(signed_in(agent), draft)


# --- approving ---------------------------------------------------------------------------------------------------


def test_unconfirmed_translations_are_not_sent_by_one_key(draft, agent, signed_in):
    client = signed_in(agent)
    confirm(client, draft, 1)
    answer = client.post(reverse("approve", args=[draft.pk]))
    shown = answer.content.decode()
    assert answer.status_code == 422 and not Review.objects.exists()
    assert "Not sent: 1 sentence is a translation" in shown and "Confirm all and send" in shown
    draft.refresh_from_db()
    assert draft.state == "ready"


def test_confirming_all_and_sending_is_one_decision_with_its_person(draft, agent, teammate, signed_in):
    translations.confirm(draft, [1], teammate)
    signed_in(agent).post(reverse("approve", args=[draft.pk]), {"confirm": "1"})
    assert COST in Reply.objects.get().body
    assert [(row.sentence, row.user) for row in Confirmation.objects.all()] == [(1, teammate), (2, agent)]


def test_confirmed_translations_leave_by_one_key(draft, agent, signed_in):
    translations.confirm(draft, [1, 2], agent)
    signed_in(agent).post(reverse("approve", args=[draft.pk]))
    assert Review.objects.get().outcome == "approved"


def test_what_an_agent_rewrote_needs_no_confirmation_and_what_was_left_does(draft, agent, signed_in):
    client, address = signed_in(agent), reverse("approve", args=[draft.pk])
    text = plain_text(draft).replace(COST, "L’enlèvement vous coûte 39 £.")
    answer = client.post(address, {"text": text})
    assert answer.status_code == 422 and "Not sent: 1 sentence" in answer.content.decode()
    assert "L’enlèvement vous coûte 39 £." in answer.content.decode()  # nothing typed is lost
    client.post(address, {"text": text.replace(REFUND, "")})
    assert Review.objects.get().outcome == "edited" and not Confirmation.objects.exists()


def test_confirming_while_editing_confirms_what_is_sent_only(draft, agent, signed_in):
    text = plain_text(draft).replace(COST, "")
    signed_in(agent).post(reverse("approve", args=[draft.pk]), {"text": text, "confirm": "1"})
    assert [row.sentence for row in Confirmation.objects.all()] == [2]


def test_who_is_slower_is_told_so_and_not_asked_to_confirm(draft, agent, teammate, signed_in):
    review.reject(draft, teammate, "tone", "", seconds=1)
    answer = signed_in(agent).post(reverse("approve", args=[draft.pk]))
    assert answer.status_code == 409 and "Bea was quicker" in answer.content.decode()


def test_an_undone_reply_is_still_confirmed(draft, agent):
    done = review.approve(draft, agent, plain_text(draft), seconds=1, confirm=True)
    review.undo(done, agent)
    assert translations.unconfirmed(draft, plain_text(draft)) == []


# --- the whole way -----------------------------------------------------------------------------------------------


class OneEnglishPage:
    def documents(self):
        yield Document("returns.md", "Returns", "", "en", "public", "\n\n".join(ORIGINALS.values()))


def test_a_model_translates_an_english_page_and_an_agent_confirms_it(helpdesk, team, agent, signed_in, monkeypatch):
    question = "Qui paie l’enlèvement ?"
    meanings = {COST: QUOTED, REFUND: ORIGINALS[2], f"Retour\n{question}": QUOTED, question: QUOTED, "Retour": QUOTED}
    embedder = BilingualEmbedder(meanings)
    monkeypatch.setattr(recipes, "serving_embedder", lambda: embedder)
    written = f"{COST} [1] {REFUND} [1] Tout est gratuit. [1]"
    monkeypatch.setattr(writing, "generator", lambda: ScriptedGenerator(written))
    for task in (tasks.draft_pending, tasks.deliver_reply):
        monkeypatch.setattr(task, "apply_async", lambda **_: None)
    sync(Source.objects.create(name="s", location=""), OneEnglishPage(), embedder)
    ticket = Ticket.objects.create(helpdesk=helpdesk, external_id="1", subject="Retour", language="fr", team=team)
    message = Message.objects.create(
        ticket=ticket, external_id="1", author="requester", body=question, redacted=question, sent_at=timezone.now()
    )
    draft = drafts.request_draft(message)
    drafts.draft_batch()
    draft.refresh_from_db()
    assert [(fact["text"], fact["verdict"], fact["translated"]) for fact in draft.facts] == [
        (COST, "weak", True), (REFUND, "weak", True),
    ]  # fmt: skip
    client, address = signed_in(agent), reverse("approve", args=[draft.pk])
    assert client.post(address).status_code == 422
    for index, sentence in enumerate(draft.sentences):
        if sentence["translated"]:
            assert confirm(client, draft, index).status_code == 302
    client.post(address)
    assert COST in Reply.objects.get().body and REFUND in Reply.objects.get().body
