"""Which words led to an intent, and which further intents a ticket has."""

import hashlib

import numpy as np
import pytest

from copilot.privacy import redact
from copilot.triage.several import others
from copilot.triage.training import train
from copilot.triage.why import telling_words

TOPICS = {
    "refund": ("I want my money back", "refund the invoice", "money back for this invoice", "a refund please"),
    "login": ("my password is locked", "cannot login to the account", "account password forgotten", "login locked"),
    "parcel": ("the parcel is late", "delivery never arrived", "late delivery of a parcel", "parcel lost on its way"),
}


class Words:
    """Each word is a fixed random direction, so that texts that share words are near."""

    recipe = "words"

    def embed(self, texts):
        rows = [
            np.sum([self._word(word) for word in text.text.lower().split()] or [np.ones(64)], axis=0) for text in texts
        ]
        return np.array([row / np.linalg.norm(row) for row in rows], dtype=np.float32)

    @staticmethod
    def _word(word):
        seed = int.from_bytes(hashlib.sha256(word.strip(".,?!").encode()).digest()[:4], "big")
        return np.random.default_rng(seed).normal(size=64)


EMBEDDER = Words()


@pytest.fixture(scope="module")
def classifier():
    rows = [
        (redact(f"{opening} {text}"), topic)
        for topic, texts in TOPICS.items()
        for text in texts
        for opening in ("Hello,", "Well", "So", "")
    ]
    texts, labels = [text for text, _ in rows], [label for _, label in rows]
    return train(EMBEDDER.embed(texts), texts, labels, recipe="words")


def telling(classifier, text, intent):
    said = redact(text)
    return said, telling_words(classifier, EMBEDDER, said, {intent})


class TestWords:
    def test_the_words_that_speak_for_an_intent(self, classifier):
        _, words = telling(classifier, "Hello, yesterday my password was locked", "login")
        assert {"password", "locked"} <= {word.text for word in words}
        assert "yesterday" not in {word.text for word in words}

    def test_they_stand_where_they_say_in_the_order_of_the_text(self, classifier):
        said, words = telling(classifier, "The account password of our parcel shop is locked", "login")
        assert [said.text[word.start : word.end] for word in words] == [word.text for word in words]
        assert [word.start for word in words] == sorted(word.start for word in words)

    def test_a_word_of_another_intent_is_no_reason(self, classifier):
        _, words = telling(classifier, "my password is locked and the parcel is late", "login")
        assert not {"parcel", "late"} & {word.text for word in words}

    def test_words_of_two_intents_that_became_one(self, classifier):
        said = redact("my password is locked and the parcel is late")
        both = telling_words(classifier, EMBEDDER, said, {"login", "parcel"})
        assert {"password", "late"} <= {word.text for word in both}
        assert telling_words(classifier, EMBEDDER, said, set(classifier.labels)) == ()

    def test_a_placeholder_is_never_a_reason(self, classifier):
        said, words = telling(classifier, "the password of alice@example.com is locked", "login")
        assert "[EMAIL_1]" in said.text
        assert not any("EMAIL" in word.text for word in words)

    @pytest.mark.parametrize("text", ["", "...", "[EMAIL_1]"])
    def test_no_words_no_reasons(self, classifier, text):
        assert telling(classifier, text, "login")[1] == ()

    def test_an_intent_that_the_model_does_not_know_has_no_reasons(self, classifier):
        assert telling(classifier, "my password is locked", "something new")[1] == ()


def further(classifier, text):
    said = redact(text)
    [main] = classifier.predict(EMBEDDER.embed([said]), [said])
    return main.intent, others(classifier, EMBEDDER, said, main.intent, "en")


class TestSeveral:
    def test_two_questions_in_one_ticket(self, classifier):
        main, found = further(classifier, "My account password is locked. And the parcel delivery is late.")
        assert {main, *(other.intent for other in found)} == {"login", "parcel"}
        assert all(other.sentence for other in found)

    def test_one_question_in_two_sentences(self, classifier):
        assert further(classifier, "My password is locked again. I cannot login to the account.") == ("login", ())

    @pytest.mark.parametrize("text", ["my account password is locked", "", "Hello there. Thank you!"])
    def test_nothing_more_is_asked(self, classifier, text):
        assert further(classifier, text)[1] == ()
