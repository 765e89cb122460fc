"""A conversation in a few lines: who says what, word for word, in both languages; and whatever may be sent."""

import pytest

from copilot.privacy import kept, redact
from copilot.summary import candidates
from copilot.summary.facts import facts
from copilot.summary.summarise import Conversation, summarise
from copilot.summary.types import Message
from tests.fakes import FakeEmbedder

ENGLISH = [
    "Hello,\n\nMy bike (order CY-220174) stops after ten minutes since Monday 3 March. The display shows E07.\n"
    "I charged the battery overnight, without any change.\n\nCan you send me a new battery?\n\nKind regards,\nMaud",
    "Hello Maud, sorry to hear that. Please hold the power button for 20 seconds to reset the controller.",
    "Did that. Same result, it still shows E07. Could you at least lend me a bike until Friday?\n\nThanks!",
]
FRENCH = [
    "Bonjour,\n\nMon vélo ne s'allume plus depuis le 12 janvier. J'ai déjà rechargé la batterie, sans succès.\n"
    "Pouvez-vous me la remplacer ?\n\nCordialement,\nPaul",
    "Bonjour Paul, nous sommes désolés. Veuillez débrancher l'écran pendant une minute.",
    "C'est fait, aucun changement. La facture FA-20310 est de 1 690 €. Je souhaite être remboursé.",
]


def conversation(texts):
    return [Message(10 + n, redact(text), by_agent=n % 2 == 1) for n, text in enumerate(texts)]


def summary(texts, language="en", subject="My bike"):
    return summarise(Conversation(conversation(texts), redact(subject), language), FakeEmbedder())[0]


def said(texts, role, language="en", **more):
    return [line.text for line in summary(texts, language, **more).lines if line.role == role]


@pytest.mark.parametrize(("texts", "language"), [(ENGLISH, "en"), (FRENCH, "fr")])
def test_every_line_is_the_words_of_the_message_that_it_names(texts, language):
    messages = {message.id: message.text.text for message in conversation(texts)}
    lines = summary(texts, language).lines
    assert lines and all(messages[line.message][line.start : line.end] == line.text for line in lines)


def test_an_english_conversation_has_its_parts():
    assert any(line.startswith("My bike (order CY-220174) stops after") for line in said(ENGLISH, "problem"))
    assert "I charged the battery overnight, without any change." in said(ENGLISH, "tried")
    assert said(ENGLISH, "asked") == [
        "Can you send me a new battery?", "Could you at least lend me a bike until Friday?",
    ]  # fmt: skip
    assert {"order CY-220174", "since Monday 3 March", "display shows E07"} <= set(said(ENGLISH, "fact"))


def test_a_french_conversation_has_its_parts():
    assert said(FRENCH, "problem", "fr")[0].startswith("Mon vélo ne s'allume plus")
    assert said(FRENCH, "tried", "fr")[0] == "J'ai déjà rechargé la batterie, sans succès."
    assert "Je souhaite être remboursé." in said(FRENCH, "asked", "fr")
    assert any("FA-20310" in fact for fact in said(FRENCH, "fact", "fr"))
    assert any("1 690 €" in fact for fact in said(FRENCH, "fact", "fr"))


def test_what_i_did_that_speaks_of_is_shown_too():
    assert any(line.startswith("Please hold the power button") for line in said(ENGLISH, "tried"))


def test_what_an_agent_has_done_is_shown_whatever_it_was():
    told = [ENGLISH[0], "Thank you. We have ordered a new controller on 7 March. We have received your message."]
    assert "We have ordered a new controller on 7 March." in said(told, "tried")
    assert not any("received" in line for line in said(told, "tried"))


def test_courtesies_and_signatures_are_no_lines():
    text = " ".join(line.text for line in summary(ENGLISH).lines)
    assert not any(word in text for word in ("Hello", "regards", "Maud", "sorry", "Thanks"))


def test_the_same_messages_give_the_same_summary():
    assert summary(ENGLISH) == summary(ENGLISH)


def test_what_was_masked_stays_masked_and_no_line_cuts_a_placeholder():
    lines = summary(["My card 4111 1111 1111 1111 is refused. Please write to maud@example.com about it."]).lines
    assert "4111" not in str(lines) and any("[EMAIL_1]" in line.text for line in lines)
    assert all(line.text.count("[") == line.text.count("]") for line in lines)


def test_a_conversation_in_both_languages_is_read_in_both():
    mixed = [ENGLISH[0], FRENCH[2]]
    assert "Can you send me a new battery?" in said(mixed, "asked")
    assert said([FRENCH[0], ENGLISH[2]], "tried")[0].startswith("J'ai déjà rechargé")


def test_of_what_is_said_twice_one_is_shown():
    again = [ENGLISH[0], "We look into it.", "Can you send me a new battery? The display shows E07."]
    assert said(again, "asked").count("Can you send me a new battery?") == 1
    assert sum("E07" in fact for fact in said(again, "fact")) == 1


@pytest.mark.parametrize("texts", [[], [""], ["   \n \n"], ["!!! ??? ..."], ["QUJD" * 25_000], ["🙂" * 400]])
def test_where_nobody_says_anything_there_is_nothing_to_say(texts):
    assert summary(texts).lines == ()


def test_a_question_after_100_kilobytes_of_log_is_found():
    log = "2026-03-04 10:12:44 ERROR upload failed code=E77 trace=af31\n" * 1700
    [only] = said([f"The upload fails.\n{log}\nCan you raise the limit?"], "asked")
    assert only == "Can you raise the limit?"
    assert "trace=af31" not in str(summary([f"The upload fails.\n{log}"]).lines)


def test_three_hundred_messages_are_read_with_bounded_work():
    embedder = FakeEmbedder()
    long = conversation([*ENGLISH, *(f"Number {n} does not work, I tried it. " * 40 for n in range(300))])
    lines = summarise(Conversation(long, redact("Many"), "en"), embedder)[0].lines
    assert 0 < len(lines) <= 17 and len(embedder.seen) <= candidates.MOST + 40


@pytest.mark.parametrize("text", ["a word " * 20_000, "The motor stopped again, I tried to reset it. " * 2500])
def test_an_endless_line_is_cut_between_words(text):
    lines = summary([text]).lines
    assert lines and all(len(line.text) <= candidates.CUT for line in lines)
    assert all(text[line.end : line.end + 1] in (" ", "") or not text[line.end].isalnum() for line in lines)


def test_twelve_languages_and_other_scripts_stop_nothing():
    words = ["Мой велосипед сломан.", "我的自行车坏了。", "دراجتي معطلة.", "Mein Rad ist kaputt.", "Can you help?"]
    assert "Can you help?" in said(["\n".join(words)], "asked")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Order CY-220174 of 12 January 2026 cost £1,690.", ["Order CY-220174", "12 January 2026", "cost £1,690"]),
        ("Il affiche E07 depuis le 3 mars.", ["affiche E07", "depuis le 3 mars"]),
        ("Version 4.2.1, iOS 17.4; error 502.", ["Version 4.2.1", "iOS 17.4", "error 502"]),
        ("On 2026-03-04 at 10:12 and 04/03/2026", ["2026-03-04", "10:12", "04/03/2026"]),
        ("La facture est de 39,90 €", ["39,90 €"]),
        ("It took three weeks.", ["three weeks"]),
        ("[CARD_1] and [IBAN_12]", []),
        ("no facts at all", []),
    ],
)
def test_facts_are_found_with_the_words_that_say_what_they_are(text, found):
    shown = [text[fact.start : fact.end] for fact in facts(text, 0, len(text))]
    assert [any(value in one for one in shown) for value in found] == [True] * len(found), shown
    assert len(shown) == len(found)


def test_a_fact_stands_within_the_characters_it_was_looked_for_in():
    text = "Yes. Order CY-220174 is late."
    assert facts(text, 0, 4) == []
    assert kept(text).text[facts(text, 5, len(text))[0].start :].startswith("Order CY-220174")
