"""What an administrator decides about redaction, and that nothing is lost by it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.privacy import redact
from copilot.privacy.policy import BadPolicy, Pattern, Policy
from copilot.privacy.redaction import spans
from copilot.privacy.spans import KINDS, OPTIONAL, merge
from tests.test_redaction_kinds import EVERY

SLOW = r"(?:a+)+b"


def test_a_pattern_of_the_desk():
    policy = Policy(patterns=(Pattern("member", r"\bM-\d{4}\b"), Pattern("dossier", r"dossier (\w+)")))
    redacted = redact("m-1234, dossier AZ9", policy=policy)
    assert redacted.text == "[CUSTOM_1], dossier [CUSTOM_2]"
    assert redacted.restore() == "m-1234, dossier AZ9"


@pytest.mark.parametrize("expression", ["(", "a" * 501, "", "x*", "(?:a|"])
def test_a_pattern_that_cannot_be_used(expression):
    with pytest.raises(BadPolicy, match="mine"):
        Pattern("mine", expression)


def test_an_unknown_option_is_refused():
    with pytest.raises(BadPolicy, match="EMAIL"):
        Policy(optional=frozenset(["EMAIL"]))


def test_a_pattern_out_of_time_hides_what_it_did_not_reach_and_is_told(monkeypatch):
    monkeypatch.setattr("copilot.privacy.policy.SECONDS", 0.02)
    late = []
    text = "b ab " + "a" * 5000 + "c and more"
    redacted = redact(text, policy=Policy(patterns=(Pattern("slow", SLOW),), late=late.append))
    assert "more" not in redacted.text
    assert redacted.restore() == text
    assert late == ["slow"]


class TestAllowed:
    @pytest.mark.parametrize(
        ("text", "allowed"),
        [
            ("call 01 42 68 53 00", "0142685300"),
            ("call 01 42 68 53 00", "01.42.68.53.00"),
            ("write to Help@Example.com", "help@example.com"),
            ("write to help@example.com", "@example.com"),
        ],
    )
    def test_a_value_that_stays(self, text, allowed):
        assert redact(text).text != text
        assert redact(text, policy=Policy(allowed=(allowed,))).text == text

    def test_others_do_not(self):
        policy = Policy(allowed=("@example.com",))
        assert redact("help@example.com and jane@example.org", policy=policy).text == "help@example.com and [EMAIL_1]"

    def test_a_person_called_like_the_product(self):
        policy = Policy(allowed=("Amex",))
        assert redact("Amex refuses", people=["Amex"], policy=policy).text == "Amex refuses"
        assert redact("Amex Dupont", people=["Amex Dupont"], policy=policy).text == "[PERSON_1]"

    def test_a_typed_placeholder_is_replaced_all_the_same(self):
        known = redact("jane@example.org").originals
        redacted = redact("[EMAIL_1]", known=known, policy=Policy(allowed=("[EMAIL_1]",)))
        assert redacted.text == "[TEXT_1]"


PIECES = st.one_of(
    st.text(max_size=12),
    st.sampled_from([sentence.format(value) for _, sentence, value in EVERY]),
    st.sampled_from(
        [" ", "\n", ": ", "password", " is ", "né le ", "SSN ", "-----BEGIN PRIVATE KEY-----", "[TEXT_1]", "\0"]
    ),
)
POLICY = Policy(optional=OPTIONAL, patterns=(Pattern("two", r"\w\d"),), allowed=("4577", "@example.com"))


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=6))
def test_restore_undoes_redact_under_any_policy(pieces):
    text = "".join(pieces)
    for policy in (Policy(), POLICY):
        first = redact(text, policy=policy)
        assert first.restore() == text
        again = redact(text, known=first.originals, policy=policy)
        assert again.restore() == text
        assert first.originals.items() <= again.originals.items()


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=6))
def test_spans_are_in_order_inside_the_text_and_of_a_known_kind(pieces):
    text = "".join(pieces)
    found = spans(text, policy=POLICY)
    assert found == merge(found)
    assert all(0 <= span.start < span.end <= len(text) and span.kind in KINDS for span in found)
