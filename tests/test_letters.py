"""Letters and words beside meaning: hashing, the head that reads them, and how much it is listened to."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.privacy import kept
from copilot.triage.folds import rounds
from copilot.triage.grams import BUCKETS, MAX_CHARACTERS, WIDTH, grams
from copilot.triage.heads import matrix, rarity_of, weighted
from copilot.triage.held_out import HeldOut, choose, threshold
from copilot.triage.training import spoken, train

# Vectors that say nothing: what is learnt is learnt from the letters.
BLIND = 4
FROZEN = (104, 253_047)  # how many columns a sentence has, and their sum: another hash would make every model wrong


def blind(rows):
    return np.tile(np.ones(BLIND, np.float32) / 2, (rows, 1))


class TestGrams:
    def test_a_text_has_the_same_grams_in_every_process(self):
        found = grams("Où est ma commande 4711 ?")
        assert (len(found.columns), int(found.columns.sum())) == FROZEN

    def test_case_and_spaces_do_not_count(self):
        assert np.array_equal(grams("Stolen  Bike\n").columns, grams("stolen bike").columns)

    def test_a_long_log_costs_no_more_than_its_beginning(self):
        start = "error at line 5. " * (MAX_CHARACTERS // 17 + 1)
        assert np.array_equal(grams(start).columns, grams(start + "something else entirely " * 9000).columns)

    @settings(deadline=None)
    @given(st.text(max_size=80))
    def test_any_text_has_sorted_columns_in_range(self, text):
        found = grams(text)
        assert (np.diff(found.columns) > 0).all()
        assert ((found.columns >= 0) & (found.columns < WIDTH)).all()
        assert (np.abs(found.values) >= 1).all()

    def test_lone_surrogates_are_read(self):
        assert len(grams("\ud800 broken").columns)

    def test_words_and_characters_each_weigh_one(self):
        found = weighted(grams("where is my parcel"), np.ones(WIDTH, np.float32))
        words = found.columns >= BUCKETS
        assert np.linalg.norm(found.values[words]) == pytest.approx(1)
        assert np.linalg.norm(found.values[~words]) == pytest.approx(1)

    def test_training_and_serving_see_the_same(self):
        found = [grams(text) for text in ("where is my parcel", "", "a refund please")]
        rarity = rarity_of(found)
        rows = matrix(found, rarity).toarray()
        for row, one in zip(rows, found, strict=True):
            served = weighted(one, rarity)
            assert np.array_equal(row[served.columns], served.values)
            assert np.count_nonzero(row) == len(served.columns)


class TestTogether:
    TEXTS = [
        f"my {thing} number {i} {end}" for i in range(12) for thing, end in (("refund", "is late"), ("bike", "broke"))
    ]
    LABELS = ["money", "repair"] * 12

    def test_words_tell_apart_what_vectors_cannot(self):
        texts = [kept(text) for text in self.TEXTS]
        trained = train(blind(len(texts)), texts, self.LABELS, recipe="r")
        assert trained.share > 0
        said = trained.predict(blind(2), [kept("a bike that broke"), kept("the refund is late")])
        assert [one.intent for one in said] == ["repair", "money"]

    def test_letters_are_not_listened_to_where_they_mislead(self):
        gold, random = np.array([0, 1] * 100), np.random.default_rng(0)
        right, noise = np.eye(2)[gold] + 0.3 * random.normal(size=(200, 2)), random.normal(size=(200, 2))
        assert choose(HeldOut(right, noise, gold)).share <= 0.1
        assert choose(HeldOut(noise, right, gold)).share == 0.5

    def test_a_threshold_turns_almost_nothing_right_away(self):
        gold = np.zeros(1000, dtype=int)
        logits = np.column_stack([np.linspace(1, 9, 1000), np.zeros(1000)])
        least = threshold(logits, gold)
        assert 1 <= np.sum(np.log(np.exp(logits).sum(1)) < least) <= 3

    def test_a_row_more_or_less_of_texts_is_refused(self):
        trained = train(blind(24), [kept(text) for text in self.TEXTS], self.LABELS, recipe="r")
        with pytest.raises(ValueError, match="1 texts"):
            trained.predict(blind(2), [kept("one")])


class TestNames:
    @pytest.mark.parametrize(
        ("label", "said"),
        [
            ("card_arrival", "card arrival"),
            ("cardArrival", "card arrival"),
            ("Reverted_card_payment?", "reverted card payment"),
            ("facture-impayée", "facture impayée"),
        ],
    )
    def test_a_label_is_read_as_words(self, label, said):
        assert spoken(label) == said

    def test_a_label_s_name_teaches_where_rows_are_few(self):
        """Rows lie between their label's name and a direction that all share; questions lie nearer to the names."""
        names = ("refund", "login", "parcel")
        directions = np.eye(4, dtype=np.float32)[:3]
        random = np.random.default_rng(0)
        vectors = np.vstack([0.35 * d + np.eye(4)[3] + 0.25 * random.normal(size=(6, 4)) for d in directions])
        vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
        labels, texts = [name for name in names for _ in range(6)], [kept("?")] * 18
        called = dict(zip(names, directions, strict=True))
        learnt = train(vectors, texts, labels, recipe="r", called=called)
        said = learnt.predict(directions, texts[:3])
        assert [one.intent for one in said] == list(names)
        assert len(learnt.labels) == 3

    def test_every_round_knows_every_label(self):
        targets = np.array([0, 0, 1, 1])
        assert all(set(targets[rows]) == {0, 1} for rows, _ in rounds(targets, seed=0))
