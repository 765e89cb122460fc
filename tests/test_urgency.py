"""What makes a ticket urgent, in both languages, and what only looks so."""

import time

import pytest

from copilot.triage.urgency import urgency

HIGH = {
    "en": [
        "There is smoke coming from the charger",
        "My son was injured by the blade",
        "The site is down for everyone",
        "Nobody can log in this morning",
        "I was charged twice",
        "Someone made an unauthorised payment with my card",
        "My lawyer will write to you; expect legal action",
        "I need this by tomorrow",
        "URGENT: please call",
        "WHY DOES NOBODY EVER ANSWER MY MESSAGES",
        "where is my parcel, please answer me!!!",
        "It was not urgent last week. Now it is urgent",
    ],
    "fr": [
        "De la fumée sort du chargeur",
        "Le boîtier a pris feu",
        "Notre site est en panne",
        "J’ai été débité deux fois",
        "Je vais saisir le tribunal",
        "Il me faut une réponse avant demain",
        "C'est urgent",
        "Je ne peux pas me connecter, urgent",
        "POURQUOI PERSONNE NE ME RÉPOND JAMAIS",
    ],
}
LOW = {
    "en": [
        "Not urgent, but the logo looks odd",
        "It isn't urgent.",
        "A non-urgent question about invoices",
        "No rush at all",
        "Thanks, it works now!",
        "Perfect thank you so much",
        "Feature request: a dark mode",
        "It would be nice to have a dark mode",
    ],
    "fr": [
        "Pas urgent",
        "Ce n'est pas très urgent",
        "Rien d’urgent de mon côté",
        "Quand vous aurez un moment",
        "Merci beaucoup !",
        "Ce serait bien d’avoir un mode sombre",
    ],
}
NORMAL = {
    "en": [
        "",
        "How do I change my address?",
        "There was no smoke and no fire",
        "Thanks, but it still fails",
        "Thanks in advance",
        "VPN SSO SAML",
        "[EMAIL_1] [PERSON_1] [PHONE_1] [CARD_1] [IBAN_1]",
        "The candidate's backfire was asapped",
    ],
    "fr": [
        "Comment changer mon adresse ?",
        "Il n'y a pas de fumée",
        "Merci, mais ça ne marche pas",
        "Merci d'avance",
    ],
}


def each(cases):
    return [(language, text) for language, texts in cases.items() for text in texts]


@pytest.mark.parametrize(("language", "text"), each(HIGH))
def test_high(language, text):
    assert urgency(text, language) == "high"


@pytest.mark.parametrize(("language", "text"), each(LOW))
def test_low(language, text):
    assert urgency(text, language) == "low"


@pytest.mark.parametrize(("language", "text"), each(NORMAL))
def test_normal(language, text):
    assert urgency(text, language) == "normal"


def test_danger_outweighs_patience():
    assert urgency("No rush, but there is smoke in the room", "en") == "high"


def test_another_language_is_read_as_english():
    assert urgency("urgent", "de") == "high"


@pytest.mark.parametrize("piece", ["urgent not ", "a ", "not very ", "charged me ", "!"])
def test_a_long_message_takes_no_longer_than_it_is(piece):
    started = time.perf_counter()
    urgency((piece * 400_000)[:400_000], "en")
    assert time.perf_counter() - started < 5
