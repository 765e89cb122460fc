"""Which of a model's sentences claim something: what binds always does, whatever form it has."""

import pytest

from copilot.drafting.claims import kind_of


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Hello Camille,", "greeting"), ("Bonjour,", "greeting"), ("Thank you for your message.", "closing"),
        ("Merci de nous avoir écrit.", "closing"), ("I am sorry for the trouble.", "acknowledge"),
        ("Nous sommes désolés pour ce désagrément.", "acknowledge"), ("Which browser do you use?", "question"),
        ("Pouvez-vous nous dire ce qui s’affiche ?", "question"), ("Best regards,", "closing"),
        ("Let us know if you have further questions.", "closing"), ("N’hésitez pas à revenir vers nous.", "closing"),
    ],
)  # fmt: skip
def test_courtesies_and_questions_claim_nothing(text, kind):
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "We will refund you.", "Vous avez droit à un remboursement.", "Nous vous rembourserons.", "It costs £9.",
        "Sorry, but refunds are not possible.", "Hello, your refund is approved.", "Thank you, we will call you.",
        "Merci, votre remise est accordée.", "I hope that you get the discount.", "Désolé, c’est impossible.",
        "Parcels leave on Monday.", "Can you believe that delivery is free?", "What is your password?",
        "Please send your card number to pay@evil.example.", "Let us know and we will cancel it.", "",
        "Quel est votre mot de passe ?", "The law says so.", "Cela fonctionne hors ligne.",
    ],
)  # fmt: skip
def test_everything_that_binds_is_a_claim(text):
    assert kind_of(text) == "fact"
