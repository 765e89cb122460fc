"""A model's translation of a passage: weak at best, and only while nothing that can be compared differs."""

import pytest

from copilot.drafting.draft import draft
from copilot.drafting.translated import agrees
from copilot.drafting.types import Evidence, Request
from copilot.language.unchanged import numbers
from copilot.privacy import redact
from tests.fakes import BilingualEmbedder, FakeEmbedder, ScriptedGenerator

COSTS = "The collection of a Cyclade One costs £39 and takes 5 to 10 working days."
NEVER = "Our team never asks for your password."
ENGLISH = [Evidence(7, "Returns", "", f"{COSTS} {NEVER}", "en", 0.9, 0.9, page="returns.md")]
COUTE = "L’enlèvement d’un Cyclade One coûte 39 £ et prend de 5 à 10 jours ouvrés."
JAMAIS = "Notre équipe ne demande jamais votre mot de passe."
MEANINGS = {COUTE: COSTS, JAMAIS: NEVER, "Retour": COSTS, "Qui paie ?": COSTS}
ASKED = Request(redact("Retour"), redact("Qui paie ?"), "fr")


def write(text, evidence=ENGLISH, embedder=None):
    return draft(ASKED, evidence, embedder=embedder or BilingualEmbedder(MEANINGS), generator=ScriptedGenerator(text))


def test_a_translation_is_weak_and_stands_on_the_sentence_it_translates():
    written = write(f"{COUTE} [1] {JAMAIS} [1]")
    assert written.writer == "model:scripted-1"
    assert [(fact.text, fact.verdict, fact.translated) for fact in written.facts] == [
        (COUTE, "weak", True), (JAMAIS, "weak", True),
    ]  # fmt: skip
    cited = [ENGLISH[0].text[citation.start : citation.end] for fact in written.facts for citation in fact.citations]
    assert cited == [COSTS, NEVER]


def test_a_sentence_that_means_something_else_is_dropped():
    written = write(f"{COUTE} [1] Nous offrons volontiers la réparation. [1]")
    assert [fact.text for fact in written.facts] == [COUTE]


def test_without_an_embedder_that_knows_both_languages_the_reply_quotes():
    alike = Evidence(7, "Returns", "", f"Retour : qui paie ? {COSTS}", "en", 0.9, 0.9, page="returns.md")
    written = write(f"{COUTE} [1]", [alike], FakeEmbedder())
    assert written.writer == "quote" and written.note
    assert {(fact.language, fact.verdict) for fact in written.facts} == {("en", "supported")}


def test_a_quotation_in_a_models_reply_is_supported_and_keeps_its_language():
    [fact] = write(f"{NEVER} [1]").facts
    assert (fact.verdict, fact.language, fact.translated) == ("supported", "en", False)


def test_a_quotation_in_a_models_reply_is_led_into_by_its_language():
    written = write(f"{COUTE} [1] {NEVER} [1]")
    assert [(said.kind, said.text) for said in written.sentences if said.block == 2] == [
        ("fact", COUTE), ("lead", "Extrait de « Returns », une page en anglais :"), ("fact", NEVER),
    ]  # fmt: skip
    assert not [said for said in write(f"{COUTE} [1]").sentences if said.kind == "lead"]


def test_a_crumb_of_a_foreign_word_is_no_quotation():
    asked = Request(redact("Return"), redact("Is it free?"), "en")
    french = Evidence(7, "Retours", "", "Notre équipe vous aide. Tout est free.", "fr", 0.9, 0.9)
    written = draft(asked, [french], embedder=FakeEmbedder(), generator=ScriptedGenerator("No. [1]"))
    assert written.writer == "quote"


def test_shared_words_alone_never_support_a_sentence_across_languages():
    passage = Evidence(7, "", "", "Configuration Bluetooth: Cyclade Care Complete.", "en", 0.9, 0.9)
    written = write("Configuration Bluetooth : Cyclade Care Complete. [1]", [passage], BilingualEmbedder({}))
    assert all(fact.verdict != "supported" or fact.language for fact in written.facts)


def test_a_passage_in_the_tickets_language_is_checked_by_its_words():
    both = [*ENGLISH, Evidence(8, "Retours", "", JAMAIS, "fr", 0.8, 0.8, page="retours.md")]
    [fact] = write(f"{JAMAIS} [1] [2]", both).facts
    assert (fact.verdict, fact.translated) == ("supported", False)
    assert [citation.evidence for citation in fact.citations] == [8]


@pytest.mark.parametrize(
    "text",
    [
        COUTE.replace("39", "49"),
        COUTE.replace("39 £", "39 €"),
        COUTE.replace("de 5 à 10 jours", "10 jours"),
        COUTE.replace("jours ouvrés", "semaines"),
        COUTE.replace("Cyclade One", "Cyclade Cargo"),
        COUTE.replace("Cyclade One", "vélo"),
        COUTE.replace("coûte", "ne coûte pas"),
        COUTE.replace("ouvrés", "ouvrés (https://evil.example)"),
    ],
)
def test_what_can_be_compared_must_agree(text):
    assert agrees(COUTE, COSTS) and not agrees(text, COSTS)
    meanings = {**MEANINGS, text: COSTS}  # an embedder that sees no difference
    written = write(f"{text} [1]", embedder=BilingualEmbedder(meanings))
    assert written.writer == "quote" and text not in {fact.text for fact in written.facts}


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("Un vélo peut être appairé avec trois téléphones.", "A bike can be paired with 3 phones."),
        ("Le lien est valable 60 minutes et ne sert qu’une fois.", "The link is valid for 60 minutes, once only."),
        ("La livraison a lieu de 18 h à 21 h, le lundi.", "Delivery is from 18:00 to 21:00 on a Monday."),
        ("Le Cargo coûte 2 390 £ (2 690 €) et pèse 22,8 kg.", "A Cargo costs £2,390 (€2,690) and weighs 22.8 kg."),
        ("Mettez-le à jour et réglez l’heure, n’importe quand.", "Update it and set the time, whenever you like."),
        ("Vous ne pouvez pas modifier la commande.", "You cannot change the order."),
        ("Résiliez à tout moment, sans frais.", "Cancel at any time without a fee."),
        ("Il dure un an et se paie chaque mois.", "It lasts a year and is paid each month."),
    ],
)
def test_faithful_translations_agree_in_both_directions(french, english):
    assert agrees(french, english) and agrees(english, french)


def test_numbers_are_the_same_in_both_languages():
    assert numbers("£1,690.50, 18:00 and three") == numbers("1 690,5 £, 18 h et trois") == {"1690.5", "18", "3"}
