"""English or French, and knowing when it is neither."""

import pytest

from copilot.language.detect import detect, detect_any


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I can't log in to my account since this morning", "en"),
        ("Where is my parcel?", "en"),
        ("password reset", "en"),
        ("Je ne peux plus me connecter à mon compte", "fr"),
        ("Ou est mon colis ?", "fr"),
        ("Bonjour", "fr"),
        ("mot de passe oublié", "fr"),
    ],
)
def test_product_languages_whatever_the_default(text, language):
    assert detect(text, default="en") == detect(text, default="fr") == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "12345",
        "!!! ???",
        "ok",
        "[EMAIL_1] [PHONE_2]",
        "https://www.example.com/the/page/about/things",
        "Guten Tag, ich kann mich nicht mehr anmelden",
        "Hola, no puedo acceder a mi cuenta desde ayer",
        "日本語のテキストです。よろしくお願いします",
        "Здравствуйте, я не могу войти в аккаунт",
    ],
)
@pytest.mark.parametrize("default", ["en", "fr"])
def test_anything_else_is_left_to_the_default(text, default):
    assert detect(text, default=default) == default


def test_placeholders_and_links_do_not_count_as_words():
    text = "Merci de répondre à [EMAIL_1] https://example.com/where-is-the-order-that-i-have-been-waiting-for"
    assert detect(text) == "fr"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I can't log in to my account since this morning", "en"),
        ("Je ne peux plus me connecter à mon compte", "fr"),
        ("Guten Tag, ich kann mich nicht mehr anmelden", "de"),
        ("Hola, no puedo acceder a mi cuenta desde ayer", "es"),
        ("Buongiorno, non riesco ad accedere al mio conto", "it"),
        ("Ik kan niet meer inloggen op mijn account", "nl"),
        ("Olá, não consigo aceder à minha conta", "pt"),
        ("", None),
        ("42", None),
        ("Merci", None),
        ("日本語のテキストです", None),
    ],
)
def test_any_of_the_candidates_or_none(text, language):
    assert detect_any(text) == language


def test_a_long_text_is_read_in_part():
    assert detect("Je ne peux plus me connecter à mon compte. " * 20_000) == "fr"
