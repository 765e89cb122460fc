"""Each detector takes time that grows with the text's length only, whatever the text is made of."""

import pytest

from copilot.privacy import redact
from copilot.privacy.policy import Policy
from copilot.privacy.spans import OPTIONAL
from tests import timing

PIECES = [
    "password", "password ", "password: ", "password is ", "pass is a ", "mdp : ", "user ", "user id is ",
    "login of the ", "password we the ", "secret key token ", "cvv ", "ssn ", "ssn is my ", "last four ",
    "national insurance a1 ", "passport a", "passport no a1 ", "1 84 12 ", "12-", "123-45-", "AB 12 ", "siret ",
    "siret 123 ", "FR40 ", "bic ABCDEFGH ", "iban BNPAFRPP ", "born ", "né le ", "1/1/", "jan ",
    "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\nABCDEFGHABCDEFGH\n", "eyJabcdefgh.", "sk_live_",
    "Aa1", "Aa1+", "+", "bearer ", "cookie: ", "authorization: ", "x at ", "dot at y dot ", "gmail", "a 1 gmail",
    "card ", "card is in 1", "4 4 4 4 ", "1234 ", "order ", "order is ", "account no 1-", "#1-1 ", "«", "'x' ",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_length_only(piece):
    policy = Policy(optional=OPTIONAL)

    def seconds(size):
        return timing.seconds(lambda: redact((piece * size)[:size], policy=policy))

    seconds(1000)  # loads phone metadata
    assert seconds(32_000) < 8 * max(seconds(8_000), 0.05)
