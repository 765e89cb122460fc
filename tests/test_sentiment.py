"""How a requester takes it, in both languages, and what only looks like displeasure."""

import pytest

from copilot.triage.sentiment import sentiment

NEGATIVE = {
    "en": [
        "I am really disappointed with the way this was handled.",
        "This is unacceptable, I want my money back",
        "This is the third time I write to you and still no answer",
        "I'm fed up with your app",
        "Worst customer service ever",
        "I love the bike, but your support is useless",
        "Nobody replied to my last two e-mails",
        "I will never order from you again",
        "WHERE IS MY PARCEL, ANSWER ME",
    ],
    "fr": [
        "Je suis très déçue de votre service.",
        "C’est inadmissible, je veux être remboursé",
        "C'est la troisième relance et toujours aucune réponse",
        "J'en ai vraiment marre de cette application",
        "Personne ne me répond depuis une semaine",
        "Vous vous moquez de vos clients",
        "Je ne commanderai plus jamais chez vous",
        "POURQUOI PERSONNE NE ME RÉPOND",
    ],
}
NEUTRAL = {
    "en": [
        "My screen is broken and the battery is dead. How do I get it repaired?",
        "The payment failed. What should I do?",
        "Thanks in advance for your answer.",
        "I am not angry, I only want to know when it comes.",
        "Where can I change my address? Best regards",
    ],
    "fr": [
        "Mon écran est cassé, comment le faire réparer ?",
        "Le paiement a échoué. Que dois-je faire ?",
        "Merci d'avance pour votre réponse.",
        "Je ne suis pas déçue, je veux simplement savoir quand il arrive.",
        "Bonjour, je souhaite résilier mon abonnement. Cordialement",
    ],
}
POSITIVE = {
    "en": [
        "Thank you so much, it works now!",
        "Great support, as always",
        "I really love your bikes",
        "We are very happy with the service",
    ],
    "fr": [
        "Merci beaucoup, tout fonctionne !",
        "Un grand merci pour votre aide",
        "Je suis très satisfaite de mon vélo",
        "Bravo, service impeccable",
    ],
}
CASES = [
    (text, language, mood)
    for mood, texts in (("negative", NEGATIVE), ("neutral", NEUTRAL), ("positive", POSITIVE))
    for language, rows in texts.items()
    for text in rows
]


@pytest.mark.parametrize(("text", "language", "mood"), CASES)
def test_moods(text, language, mood):
    assert sentiment(text, language) == mood


def test_other_languages_are_read_as_english():
    assert sentiment("This is unacceptable", "de") == "negative"


def test_names_in_placeholders_have_no_mood():
    assert sentiment("[NAME_1] wrote from [EMAIL_1] about [NUMBER_1]", "en") == "neutral"


def test_a_long_log_is_read_to_an_end():
    assert sentiment("still still no never not yet again lie lying angry? " * 20_000, "en") == "negative"
