"""Words: a passage and a query of the same language meet in the same stems."""

import pytest

from copilot.language.sentences import sentence_spans, sentences
from copilot.language.words import content_words, fold, stems, stems_in


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("Réinitialiser le mot de passe", "reinitialiser mots de passe", "fr"),
        ("l'adresse d’expédition", "adresses expédition", "fr"),
        ("refunds", "refunded refunding", "en"),
        ("the customer's invoices", "customer invoice", "en"),
        ("Œuvre", "œuvres", "fr"),
    ],
)
def test_forms_of_a_word_share_a_stem(one, other, language):
    assert set(stems(one, language)) & set(stems(other, language)) == set(stems(one, language))


def test_stop_words_carry_nothing():
    assert stems("what is the of and", "en") == []
    assert content_words("Bonjour, est-ce que vous avez l'un de ces vélos ?", "fr") == ["velos"]


def test_codes_and_numbers_are_words():
    assert stems("error E04 on v2.1 with X-Forwarded-For", "en") == [
        "error", "e04", "v2", "1", "x", "forward",
    ]  # fmt: skip


def test_a_query_for_two_languages_has_the_stems_of_both():
    assert set(stems("cancellations", "en")) | set(stems("cancellations", "fr")) == set(
        stems_in("cancellations", ["en", "fr"])
    )


def test_fold_drops_accents_only():
    assert fold("Été à Noël, ça va") == "ete a noel, ca va"


def test_sentences_point_at_exact_characters():
    text = "Bonjour M. Dupont. Cela coûte 3,50 € par mois.  Est-ce possible ? Oui !"
    spans = sentence_spans(text, "fr")
    assert [text[span.start : span.end] for span in spans] == [
        "Bonjour M. Dupont.", "Cela coûte 3,50 € par mois.", "Est-ce possible ?", "Oui !",
    ]  # fmt: skip


def test_no_sentence_crosses_a_line():
    assert sentences("one line\nanother line. And more.", "en") == ["one line", "another line.", "And more."]


def test_repeated_sentences_have_their_own_places():
    spans = sentence_spans("No. No. No.", "en")
    assert len({span.start for span in spans}) == len(spans)
