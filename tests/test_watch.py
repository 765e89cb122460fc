"""Loops and endless nothing are stopped, and only those; what was said again is cut."""

import re

import pytest

from copilot.inference.watch import EMPTY, UNENDED, Watch, repeated

REPLY = re.findall(
    r"\w+|[^\w\s]",
    "To pair the bike: 1. Open Settings. 2. Press Pairing on the bike. 3. Press Save on the bike. 4. Press Pairing on "
    "the phone. A charge of 10 € is refunded within 10 working days, and one of 20 € within 20 working days.",
)
AGAIN = ["It", "is", "refunded", "within", "ten", "working", "days", "."]


class Words:
    def text(self, tokens):
        return " ".join(tokens)


def steps(words, watch=None):
    """How many words are let through, and what is kept of them."""
    watch = watch or Watch(Words(), 1, ["</s>"], None, None)
    for count, word in enumerate(words, 1):
        if watch._step(0, word):
            return count, watch.cut(0, words[:count])
    return len(words), watch.cut(0, words)


def test_a_reply_with_steps_and_like_sentences_goes_through():
    assert steps(REPLY) == (len(REPLY), REPLY) and not repeated(REPLY)


def test_a_sentence_said_over_and_over_stops_and_is_kept_once():
    count, kept = steps(REPLY + AGAIN * 50)
    assert count <= len(REPLY) + 3 * len(AGAIN) and kept == REPLY + AGAIN


@pytest.mark.parametrize("word", ["no", "0", "Ġthe"])
def test_one_word_over_and_over_stops_soon(word):
    count, kept = steps([*REPLY, *[word] * 2000])
    assert count <= len(REPLY) + 24 and kept[: len(REPLY)] == REPLY and len(kept) <= len(REPLY) + 24


def test_two_thousand_tokens_of_nothing_stop():
    assert steps(["Ġ", "-", "|", "*", "Ċ", "_", "="] * 300)[0] <= EMPTY


def test_words_without_an_end_stop():
    assert steps([f"word{n}" for n in range(2000)])[0] == UNENDED
    assert steps([*REPLY, *(f"word{n}" for n in range(2000))])[0] == len(REPLY) + UNENDED


def test_the_end_mark_is_no_text_and_what_is_raised_waits_for_the_caller():
    told = []
    watch = Watch(Words(), 1, ["</s>"], lambda index, text: told.append(text), None)
    steps(["Yes", ".", "</s>"], watch)
    assert told == ["Yes", "Yes ."]

    def lost(index, text):
        raise LookupError("lost")

    watch = Watch(Words(), 1, [], lost, None)
    assert steps(["Yes", "."], watch)[0] == 1 and watch.stops_all
    with pytest.raises(LookupError):
        watch.raise_again()
