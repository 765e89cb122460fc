"""Redaction: what is masked, what stays, and that nothing is lost or given to somebody else."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from copilot.privacy import joined, kept, published, redact
from tests import timing

ALICE = "alice.martin@exemple.fr"
PLANTED = {
    "EMAIL": [ALICE, "o'brien+desk@sub.example.co.uk", "josé@exámple.org"],
    "PHONE": [
        "06 12 34 56 78",
        "06 39 98 74 05",
        "+33 6 12 34 56 78",
        "0612345678",
        "020 7946 0958",
        "+1 415 555 2671",
        "(978) 645-9740",
    ],
    "CARD": ["4111 1111 1111 1111", "4111111111111111", "3782-822463-10005", "5555\u00a05555\u00a05555\u00a04444"],
    "IBAN": ["GB82 WEST 1234 5698 7654 32", "FR7630006000011234567890189", "de89 3704 0044 0532 0130 00"],
    "IP": ["192.168.14.7", "2001:db8:85a3::8a2e:370:7334", "fe80::1ff:fe23:4567:890a"],
    "URL": [
        "https://app.example.com/reset?token=abc123",
        "https://user:hunter2@example.com/",
        "https://example.com/#access_token=9f8e7d",
        "https://bucket.example.com/invoice.pdf?X-Amz-Signature=00ff",
        "https://example.com/magic/8f14e45fceea167a5a36dedd4bea2543",
        "example.com/confirm?code=998877",
        "https://e.com/l/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N",
        "postgres://app:s3cr3t@db.internal:5432/desk",
    ],
}
EVERY = [(kind, value) for kind, values in PLANTED.items() for value in values]


@pytest.mark.parametrize(("kind", "value"), EVERY)
@pytest.mark.parametrize("sentence", ["Please use {}, thank you.", "{}", "Voici : {}\nMerci", "(see {})"])
def test_private_values_are_masked_and_come_back(kind, value, sentence):
    text = sentence.format(value)
    redacted = redact(text)
    assert redacted.text == sentence.format(f"[{kind}_1]")
    assert redacted.originals == {f"[{kind}_1]": value}
    assert redacted.restore() == text


@pytest.mark.parametrize(
    "text",
    [
        "My order 20231105 of 2023-11-05 at 10:30:15 cost 1,234.56",
        "Ma commande n° 0612345678 est en retard",
        "order number 2125551234",
        "Le 12/05/2024, ou le 12.05.2024 à 18 h",
        "call me on 2024-05-12",
        "Version 1.2.3 and version 10.4.2.1, not 999.1.1.1",
        "std::vector and a::b",
        "see https://docs.example.com/en/how-to-reset-your-password-2024.html?lang=fr#keyboard-shortcuts",
        "https://example.com/articles/42?page=2&sort=author",
        "write to me @ home, @support",
        "4111111111111112 fails the checksum",
        "GB82 WEST 1234 5698 7654 33 fails its check digits",
    ],
)
def test_ordinary_text_stays(text):
    assert redact(text) == kept(text)


def test_a_mistyped_card_is_still_a_card():
    assert redact("My credit card number is 4111 1111 1111 1112").text == "My credit card number is [CARD_1]"


def test_a_card_is_found_before_its_expiry_date():
    assert redact("4111 1111 1111 1111 12 27").text == "[CARD_1] 12 27"


def test_numbers_that_are_called_phones():
    text = "Office 089 72 63 41 fax\nTél. : 88 165 40 96"
    assert redact(text).text == "Office [PHONE_1] fax\nTél. : [PHONE_2]"


def test_phones_in_a_list():
    assert redact("06 12 34 56 78\n06 98 76 54 32, 06 98 76 54 33 / 06 98 76 54 34").text == (
        "[PHONE_1]\n[PHONE_2], [PHONE_3] / [PHONE_4]"
    )


def test_the_longest_span_wins():
    url = f"https://{ALICE}:pw@example.com/?token=4111111111111111"
    assert redact(url).text == "[URL_1]"


def test_an_ordinary_address_with_an_email_keeps_its_site():
    assert redact(f"https://example.com/u?to={ALICE}").text == "https://example.com/u?to=[EMAIL_1]"


def test_same_value_same_placeholder():
    redacted = redact(f"{ALICE} and bob@example.com, again {ALICE}")
    assert redacted.text == "[EMAIL_1] and [EMAIL_2], again [EMAIL_1]"


class TestPeople:
    def test_full_names_and_parts(self):
        redacted = redact("Amélie Poulain wrote. AMELIE was upset; Poulain's order", people=["Amélie Poulain"])
        assert redacted.text == "[PERSON_1] wrote. [PERSON_2] was upset; [PERSON_3]'s order"
        assert redacted.originals["[PERSON_2]"] == "AMELIE"

    @pytest.mark.parametrize("written", ["Jérôme", "jerome", "JE\u0301RO\u0302ME"])
    def test_accents_and_capitals_do_not_matter(self, written):
        assert redact(f"Bonjour {written}!", people=["Je\u0301rôme D"]).text == "Bonjour [PERSON_1]!"

    def test_only_whole_words(self):
        assert redact("Annals of the Annex, anna_2", people=["Anna Li"]).text == "Annals of the Annex, [PERSON_1]_2"

    def test_short_parts_only_within_the_full_name(self):
        assert redact("Bo Li asked; li is short", people=["Bo Li"]).text == "[PERSON_1] asked; li is short"

    def test_an_everyday_word_needs_its_capital(self):
        assert redact("Will will call", people=["Will Smith"]).text == "[PERSON_1] will call"

    def test_empty_and_odd_names_do_nothing(self):
        assert redact("Nothing (here)", people=["", "  ", "42", "(.*)"]).originals == {}


class TestKnown:
    def test_numbering_goes_on_and_values_keep_their_placeholder(self):
        first = redact(f"I am {ALICE}")
        second = redact(f"bob@example.com and {ALICE}", known=first.originals)
        assert second.text == "[EMAIL_2] and [EMAIL_1]"
        assert second.originals == {"[EMAIL_1]": ALICE, "[EMAIL_2]": "bob@example.com"}

    def test_a_known_value_is_masked_where_no_detector_sees_it(self):
        known = redact("Téléphone : 89 11 22 33").originals
        assert redact("Rappel: dossier 7, 89 11 22 33", known=known).text == "Rappel: dossier 7, [PHONE_1]"

    def test_known_is_not_changed(self):
        known = {"[EMAIL_1]": ALICE}
        redact("bob@example.com", known=known)
        assert known == {"[EMAIL_1]": ALICE}

    @pytest.mark.parametrize("key", ["EMAIL_1", "[email_1]", "[NOPE_1]"])
    def test_a_key_that_is_no_placeholder_is_refused(self, key):
        with pytest.raises(ValueError, match="not a placeholder"):
            redact("x", known={key: "y"})


class TestTypedPlaceholders:
    def test_a_typed_placeholder_never_becomes_somebody_elses_data(self):
        known = redact(ALICE).originals
        typed = redact("send it to [EMAIL_1]", known=known)
        assert "[EMAIL_1]" not in typed.text
        assert typed.restore() == "send it to [EMAIL_1]"

    def test_nor_when_it_names_its_own_replacement(self):
        text = f"[TEXT_2] [TEXT_1] {ALICE} [EMAIL_1]"
        assert redact(text).restore() == text


PIECES = st.one_of(
    st.text(max_size=12),
    st.sampled_from([value for _, value in EVERY]),
    st.from_regex(r"\[(EMAIL|TEXT|URL)_[0-3]\]", fullmatch=True),
    st.from_regex(r"[0-9 .+()-]{1,20}", fullmatch=True),
    st.sampled_from(["Zoé", "zoe ", "@", "://", "token=", "::", "%40"]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=8), st.lists(PIECES, max_size=4))
@example(["[TEXT_1]", "[TEXT_1]"], ["[TEXT_2]"])
def test_restore_undoes_redact(first, second):
    before = redact("".join(first), people=["Zoé Zola"])
    assert before.restore() == "".join(first)
    after = redact("".join(second), people=["Zoé Zola"], known=before.originals)
    assert after.restore() == "".join(second)
    assert before.restore() == kept(before.text, after.originals).restore()


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(EVERY), st.sampled_from(["please", "et", "the", "!"])), min_size=1, max_size=6)
)
def test_no_planted_value_remains(planted):
    text = "\n".join(f"{word} {value} {word}" for (_, value), word in planted)
    redacted = redact(text)
    assert all(value not in redacted.text for (_, value), _ in planted)
    assert redacted.restore() == text


def test_originals_are_not_shown():
    assert ALICE not in repr(redact(ALICE))


def test_published_text_is_left_alone():
    assert published(f"Write to {ALICE}").text == f"Write to {ALICE}"


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "a@",
        "1 ",
        "1",
        "(1 ",
        "GB82 ",
        "AA11",
        "a.",
        "1.",
        "a:",
        ":",
        "http://",
        "a/b?c=",
        "[EMAIL_",
        "%40",
        "é",
        "x-",
    ],
)
def test_time_grows_with_length_only(piece):
    def seconds(size):
        return timing.seconds(lambda: redact((piece * size)[:size], people=["Zoé Zola"]))

    seconds(1000)  # loads phone metadata
    assert seconds(32_000) < 8 * max(seconds(8_000), 0.05)


def test_parts_stay_parts_and_wholes_keep_every_original():
    subject, body = redact(f"From {ALICE}"), redact("Call 06 12 34 56 78. Thanks.")
    whole = joined([subject, kept(""), body])
    assert whole.text == "From [EMAIL_1]\nCall [PHONE_1]. Thanks."
    assert whole.restore() == f"From {ALICE}\nCall 06 12 34 56 78. Thanks."
    assert body.excerpt("Call [PHONE_1].").restore() == "Call 06 12 34 56 78."
    with pytest.raises(ValueError, match="part"):
        body.excerpt("06 12 34 56 78")
