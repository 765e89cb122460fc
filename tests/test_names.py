"""Names and addresses that nobody told us of: what the shipped tagger masks, and what it leaves alone."""

import hashlib

import numpy as np
import pytest

from copilot.privacy import redact
from copilot.privacy.lexicon import Known
from copilot.privacy.signs import Reading
from copilot.privacy.tagger import LABELS, SHIPPED, TaggerUnusable, best_path, load, save
from copilot.privacy.tagging import tagged
from copilot.privacy.tokens import fold, token_spans
from tests import timing

DIGEST = "d9b78ba79d50a0aa44192ce8bce94a5991ac44bc127ebb3b064e14c03f971483"

NAMED = [
    ("My name is Camille Lefranc and I can't log in.", "Camille Lefranc"),
    ("my name is camille lefranc", "camille lefranc"),
    ("Bonjour, je m'appelle Aurélie Quentin.", "Aurélie Quentin"),
    ("Bonjour Mme Kowalczyk, merci pour votre retour.", "Kowalczyk"),
    ("Hi Bob,\n\nthe export fails again.", "Bob"),
    ("Dear Dr. Osterwald,", "Osterwald"),
    ("I spoke to Priya Raman on the phone yesterday.", "Priya Raman"),
    ("J'ai eu Mathilde au téléphone hier.", "Mathilde"),
    ("C'est Ludovic de la société Brinel.", "Ludovic"),
    ("It does not work.\n\nKind regards,\nJens Thorvaldsen\nSales Manager", "Jens Thorvaldsen"),
    ("Rien ne marche.\n\nCordialement,\nMme Nathalie BERTHELOT", "Nathalie BERTHELOT"),
    ("Name: Ngozi Adeyemi\nPhone: 06 12 34 56 78", "Ngozi Adeyemi"),
    ("Nom : Lemoine\nPrénom : Gaëtan", "Lemoine"),
    ("CORDIALEMENT,\nJEAN-PIERRE MARCHAND", "JEAN-PIERRE MARCHAND"),
    ("The account is under the name of Szymon Wójcik.", "Szymon Wójcik"),
]
HOMES = [
    (
        "Please send it to 742 Birchwood Avenue, Apt 3, Springfield, IL 62704.",
        "742 Birchwood Avenue, Apt 3, Springfield, IL 62704",
    ),
    ("my address is 14 mill lane leeds LS1 4DY", "14 mill lane leeds LS1 4DY"),
    ("J'habite 12 bis rue des Lilas, 75011 Paris.", "12 bis rue des Lilas, 75011 Paris"),
    (
        "Adresse de livraison :\n3 place du Marché\nBât. B, 2e étage\n35000 Rennes",
        "3 place du Marché\nBât. B, 2e étage\n35000 Rennes",
    ),
    ("Livrez au 8, avenue Victor Hugo à Nantes svp", "8, avenue Victor Hugo"),
    ("Siège social : BP 1204, 44000 Nantes Cedex 1", "BP 1204, 44000 Nantes Cedex 1"),
    ("It goes to Lindenstraße 27, 10969 Berlin, Germany", "Lindenstraße 27, 10969 Berlin"),
]
ORDINARY = [
    "How do I connect Search Console to my dashboard?",
    "Hello,\n\nI would like a refund for May and June. Is that possible?\n\nThanks in advance",
    "Bonjour, comment exporter mes données vers Google Sheets ? Merci d'avance. Cordialement",
    "Hi there,\n\nWe use Jira Cloud and Slack. Since Monday the Slack bot returns Error 500.",
    "I live in Paris and my server is in Frankfurt.",
    "Livrez-vous en Belgique et en Suisse ?",
    "TypeError: Cannot read properties of undefined (reading 'map')",
    "run `docker compose up -d` and open Settings > Billing > Invoices",
    "Je n'arrive pas à réinitialiser mon mot de passe depuis Firefox.",
    "how do i change the address on my account",
    "Mon nom est mal orthographié sur la facture, que faire ?",
    "I'm the administrator of our WordPress site.",
    "This is urgent, the Black Friday sale starts tomorrow!",
    "The invoice of 12/05/2024 shows 3 users, but we have 5.",
]


@pytest.mark.parametrize(("text", "name"), NAMED)
def test_names_are_masked(text, name):
    redacted = redact(text)
    assert all(part not in redacted.text for part in name.split())
    assert "[PERSON_1]" in redacted.text and redacted.restore() == text


@pytest.mark.parametrize(("text", "home"), HOMES)
def test_addresses_are_masked_whole(text, home):
    redacted = redact(text)
    assert "[ADDRESS_1]" in redacted.text and redacted.restore() == text
    assert all(part not in redacted.text for part in home.replace(",", " ").split() if len(part) > 1)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_is_left_alone(text):
    assert redact(text).text == text


def test_a_name_found_once_is_masked_wherever_it_stands():
    text = "Kind words first: thrandil is slow.\nRegards,\nOswin Thrandil"
    assert "hrandil" not in redact(text).text


def test_an_everyday_part_of_a_name_is_not_masked_elsewhere():
    text = "The page is blank, each page.\n\nRegards,\nMarguerite Page"
    assert redact(text).text.startswith("The page is blank, each page.")


def test_a_name_keeps_its_placeholder_through_a_ticket():
    first = redact("My name is Camille Lefranc.")
    again = redact("It is me, Camille Lefranc, once more.", known=first.originals)
    assert "[PERSON_1]" in again.text and "Lefranc" not in again.text


def test_the_weights_are_those_that_were_measured():
    assert hashlib.sha256(SHIPPED.read_bytes()).hexdigest() == DIGEST
    assert SHIPPED.stat().st_size < 3_000_000


def test_weights_survive_their_file(tmp_path):
    weights = load(SHIPPED)
    save(weights, tmp_path / "again.npz")
    again = load(tmp_path / "again.npz")
    assert again.lexicon == weights.lexicon and again.near.rows == weights.near.rows
    assert np.array_equal(again.own.weights, weights.own.weights)


@pytest.mark.parametrize("content", [b"", b"PK nothing", b"\x80\x04pickle"])
def test_a_broken_file_is_refused(tmp_path, content):
    file = tmp_path / "names.npz"
    file.write_bytes(content)
    with pytest.raises(TaggerUnusable):
        load(file)


class TestSearch:
    def test_the_path_is_the_best_of_all(self):
        """Against every labelling of short stretches: what is skipped as surely O changes nothing."""
        chance = np.random.default_rng(7)
        for _ in range(200):
            scores = chance.normal(0, 3, (4, len(LABELS))).astype(np.float32)
            moves = chance.normal(0, 1.5, (len(LABELS), len(LABELS))).astype(np.float32)
            every = np.stack(np.meshgrid(*[range(len(LABELS))] * 4), -1).reshape(-1, 4)
            totals = scores[range(4), every].sum(axis=1) + moves[every[:, :-1], every[:, 1:]].sum(axis=1)
            path = np.array(best_path(scores, moves))
            total = scores[range(4), path].sum() + moves[path[:-1], path[1:]].sum()
            assert total == pytest.approx(totals.max(), abs=1e-3)

    def test_nothing_in_nothing_out(self):
        assert list(tagged("")) == list(tagged(" \t ")) == []


class TestSigns:
    def test_tokens_cover_all_but_blanks(self):
        text = "Écrivez-moi: a.b@c.fr, https://x.io/y [EMAIL_1] 75011\nJe\u0301rôme_2 ٣ 你好"
        left = list(text)
        for start, end in token_spans(text):
            left[start:end] = " " * (end - start)
        assert not "".join(left).strip()

    def test_accents_do_not_matter(self):
        assert fold("Jérôme") == fold("JE\u0301RO\u0302ME") == "jerome"

    def test_only_words_of_the_lexicon_are_kept_in_memory(self):
        reading = Reading({"hello": int(Known.COMMON)})
        reading.signs("hello Thrandil hello")
        assert "Thrandil" not in repr(reading.__dict__)


@pytest.mark.parametrize(
    "piece", ["Bob Lee, ", "12 rue des Lilas ", "x", "a.", "@", "Hi\n", "é", "A", "1 Main Street\n"]
)
def test_time_grows_with_length_only(piece):
    def seconds(size):
        return timing.seconds(lambda: list(tagged((piece * size)[:size])))

    seconds(1000)  # loads the weights
    assert seconds(64_000) < 8 * max(seconds(16_000), 0.05)
