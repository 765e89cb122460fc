"""Abbreviations that articles explain, in the texts that explain them and in the questions that use them."""

import pytest

from copilot.language.abbreviations import explained
from copilot.privacy import redact
from knowledge import abbreviations
from knowledge.indexing import sync
from knowledge.models import Abbreviation, Source
from knowledge.scope import Scope
from knowledge.search import Query, search, search_together
from knowledge.sources.base import Document
from tests.fakes import FakeEmbedder


@pytest.mark.parametrize(("text", "pairs"), [
    ("Turn on two-factor authentication (2FA) first.", {("2fa", "two-factor authentication")}),
    ("L'authentification à deux facteurs (A2F) protège.", {("a2f", "authentification à deux facteurs")}),
    ("Sign in by single sign-on (SSO).", {("sso", "single sign-on")}),
    ("SSO (single sign-on) is part of the plan.", {("sso", "single sign-on")}),
    ("Le Règlement général sur la protection des données (RGPD) s'applique.",
     {("rgpd", "règlement général sur la protection des données")}),
    ("le fichier national des comptes bancaires et assimilés (FICOBA)",
     {("ficoba", "fichier national des comptes bancaires et assimilés")}),
    ("Un délégué à la protection des données (DPO), nommé ou élu.", {("dpo", "délégué à la protection des données")}),
    ("le numéro d'inscription au répertoire (NIR)", {("nir", "numéro d'inscription au répertoire")}),
    ("An identity provider (IdP) and role-based access control (RBAC).",
     {("idp", "identity provider"), ("rbac", "role-based access control")}),
])  # fmt: skip
def test_a_text_explains_its_abbreviations(text, pairs):
    assert explained(text) == pairs


@pytest.mark.parametrize("text", [
    "", "()", "The price (EUR) is shown.", "See the table (page 3).", "Call us (toll-free).", "the button (OK)",
    "for instance, /977f8aa0-f618-47d0-8787-ee37b1457cc0 (ID)", "Sent on Monday; Customers (CTAs) wait",
    "(" * 5000, "A" * 100_000 + " (AA)", "İİİ (II)", "a (" + "b " * 60 + ")",
])  # fmt: skip
def test_what_only_looks_like_an_explanation_is_none(text):
    assert explained(text) == set()


def document(name, body, *, title="", language="en", visibility="public"):
    return Document(name, title or name, "", language, visibility, body)


RULES = document("rules", "The General Data Protection Regulation (GDPR) protects people.", title="Rules")
LAW = document("law", "What the general data protection regulation asks of a shop that sells bikes.", title="Shops")
BIKE = document("bike", "The bike weighs sixteen kilos and folds in ten seconds.", title="Weight")
INTERNAL = document("own", "Bring Your Own Trailer (BYOT) is a plan of ours.", visibility="internal")
FRENCH = document("fr", "La taxe sur la valeur ajoutée (TVA) est comprise.", language="fr")


class Listed:
    def __init__(self, *documents):
        self.listed = documents

    def documents(self):
        yield from self.listed


def fill(*documents, source=None):
    source = source or Source.objects.create(name="test", location="/nowhere")
    sync(source, Listed(*documents), FakeEmbedder())
    return source


def glossed(text, languages=("en",), audience="customer"):
    return abbreviations.glossed([redact(text)], Scope(languages, audience))[0].text


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["What does GDPR ask?", "what does gdpr ask?"])
def test_a_question_with_an_abbreviation_finds_what_spells_it_out(asked):
    fill(RULES, LAW, BIKE)
    for arm in ("bm25", "dense", "hybrid"):
        hits = search(redact(asked), embedder=FakeEmbedder(), languages=["en"], audience="customer", k=5, arm=arm)
        assert "law" in [hit.article for hit in hits][:2], arm
    assert all("regulation" not in hit.words for hit in hits)  # it is no word of the question


@pytest.mark.django_db
def test_among_several_questions_the_one_with_an_abbreviation_is_embedded_again():
    fill(RULES, LAW, BIKE)
    embedder = FakeEmbedder()
    texts = [redact("How heavy is the bike?"), redact("GDPR")]
    queries = [Query(text, vector, 1.0) for text, vector in zip(texts, embedder.embed(texts), strict=True)]
    embedder.seen.clear()
    hits = search_together(queries, embedder=embedder, languages=["en"], audience="customer", k=5, deep=5, asker="en")
    assert embedder.seen == ["GDPR (general data protection regulation)"]
    assert {hit.article for hit in hits} == {"rules", "law", "bike"}


@pytest.mark.django_db
def test_only_what_a_search_may_see_explains(django_assert_num_queries):
    fill(RULES, INTERNAL, FRENCH)
    assert glossed("BYOT") == "BYOT"
    assert glossed("BYOT", audience="agent") == "BYOT (bring your own trailer)"
    assert glossed("TVA") == "TVA"
    assert glossed("TVA ?", ("fr", "en")) == "TVA (taxe sur la valeur ajoutée) ?"
    with django_assert_num_queries(0):
        assert glossed("Is it on or off?") == "Is it on or off?"


@pytest.mark.django_db
def test_a_question_is_only_added_to():
    fill(RULES)
    assert glossed("GDPR? The GDPR!") == "GDPR (general data protection regulation)? The GDPR!"
    assert glossed("GDPRS xGDPR") == "GDPRS xGDPR"
    own = "The General Data Protection Regulation (GDPR) and me"
    assert glossed(own) == own
    masked = redact("GDPR: write to anna@example.org")
    [added] = abbreviations.glossed([masked], Scope(["en"], "customer"))
    assert "[EMAIL_1]" in added.text and added.restore().endswith("write to anna@example.org")


@pytest.mark.django_db
def test_what_most_passages_say_counts_and_an_article_that_goes_takes_its_word_with_it():
    other = document("other", "The Great Dutch Parade Route (GDPR) is long.")
    third = document("third", "The Great Dutch Parade Route (GDPR) is closed.")
    source = fill(RULES, other, third)
    assert glossed("GDPR") == "GDPR (great dutch parade route)"
    fill(RULES, source=source)
    assert glossed("GDPR") == "GDPR (general data protection regulation)"
    assert Abbreviation.objects.count() == 1
