"""Intents: training, calibration, the out-of-scope gate, storage, and the evaluation of all of it."""

import csv
import hashlib
import io
import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from copilot.privacy import kept
from copilot.triage.classifier import Classifier, Prediction
from copilot.triage.folds import rounds, sample
from copilot.triage.lift import make_lift
from copilot.triage.store import UnreadableModel, dumps, loads
from copilot.triage.training import CannotTrain, train
from evaluation.data import BadData
from evaluation.triage import calibration_error, evaluate

WIDTH = 16


def directions(count, seed=0):
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(WIDTH, WIDTH)))[0][:count]


def around(centre, rows, noise, random):
    points = centre + noise * random.normal(size=(rows, WIDTH))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


def questions(rows, *, noise=0.12, labels=4, seed=0):
    """`rows` unit vectors for each of `labels` intents that lie in orthogonal directions."""
    random = np.random.default_rng(seed)
    vectors = np.vstack([around(centre, rows, noise, random) for centre in directions(labels)])
    return vectors, [f"intent {i}" for i in range(labels) for _ in range(rows)]


def wordless(vectors):
    """A text for each row, which says nothing: what is told apart is told apart by the vectors."""
    return [kept("?")] * len(vectors)


def learn(vectors, labels, **options):
    return train(vectors, wordless(vectors), labels, **{"recipe": "r"} | options)


def predict(classifier, vectors):
    return classifier.predict(vectors, wordless(vectors))


def strangers(rows, seed=9):
    """Vectors in directions that no intent has."""
    random = np.random.default_rng(seed)
    return np.vstack([around(centre, rows, 0.1, random) for centre in directions(WIDTH)[8:12]])


@pytest.fixture(scope="module")
def classifier():
    return learn(*questions(40), recipe="fake-1")


class TestPrediction:
    def test_new_questions_are_recognised(self, classifier):
        vectors, labels = questions(25, seed=1)
        said = predict(classifier, vectors)
        assert np.mean([p.intent == label for p, label in zip(said, labels, strict=True)]) > 0.97
        assert np.mean([p.in_scope for p in said]) > 0.95

    def test_a_prediction_is_ranked_and_adds_up(self, classifier):
        said = predict(classifier, questions(1)[0])[0]
        assert isinstance(said, Prediction)
        assert said.ranked[0] == (said.intent, said.confidence)
        chances = [chance for _, chance in said.ranked]
        assert chances == sorted(chances, reverse=True)
        assert sum(chances) == pytest.approx(1)

    def test_what_no_intent_covers_is_out_of_scope(self, classifier):
        assert np.mean([p.in_scope for p in predict(classifier, strangers(10))]) < 0.1

    def test_the_gate_can_be_moved(self, classifier):
        vectors = np.vstack([questions(5)[0], strangers(5)])
        opened, closed = replace(classifier, threshold=-np.inf), replace(classifier, threshold=np.inf)
        assert all(p.in_scope for p in predict(opened, vectors))
        assert not any(p.in_scope for p in predict(closed, vectors))

    def test_a_row_does_not_depend_on_its_neighbours(self, classifier):
        vectors, _ = questions(5)
        alone = [predict(classifier, row[None])[0] for row in vectors]
        for one, other in zip(alone, predict(classifier, vectors), strict=True):
            assert one.intent == other.intent
            assert one.confidence == pytest.approx(other.confidence, abs=1e-5)

    def test_no_rows_no_predictions(self, classifier):
        assert predict(classifier, np.empty((0, WIDTH), dtype=np.float32)) == []

    @pytest.mark.parametrize("shape", [(3, WIDTH + 1), (WIDTH,)])
    def test_another_width_is_refused(self, classifier, shape):
        with pytest.raises(ValueError, match="shape"):
            predict(classifier, np.zeros(shape, dtype=np.float32))

    def test_values_that_are_not_finite_are_refused(self, classifier):
        with pytest.raises(ValueError, match="finite"):
            predict(classifier, np.full((1, WIDTH), np.nan, dtype=np.float32))


class TestTraining:
    def test_facts_are_kept(self, classifier):
        assert classifier.labels == ("intent 0", "intent 1", "intent 2", "intent 3")
        assert classifier.recipe == "fake-1"

    def test_same_rows_and_seed_same_model(self):
        vectors, labels = questions(10)
        assert dumps(learn(vectors, labels)) == dumps(learn(vectors, labels))

    @pytest.mark.parametrize("noise", [0.25, 0.6])
    def test_confidence_is_calibrated(self, noise):
        trained = learn(*questions(60, noise=noise))
        vectors, labels = questions(400, noise=noise, seed=5)
        said = predict(trained, vectors)
        right = np.array([p.intent == label for p, label in zip(said, labels, strict=True)])
        assert calibration_error(np.array([p.confidence for p in said]), right) < 0.06

    def test_two_labels(self):
        vectors, labels = questions(20, labels=2)
        assert [p.intent for p in predict(learn(vectors, labels), vectors)] == labels

    def test_a_label_with_one_row_is_learned(self):
        vectors, labels = questions(20, labels=3)
        keep = [*range(40), 40]
        trained = learn(vectors[keep], [labels[i] for i in keep])
        assert trained.labels == ("intent 0", "intent 1", "intent 2")
        assert predict(trained, vectors[40:41])[0].intent == "intent 2"

    def test_one_row_each_turns_nothing_away(self):
        vectors, labels = questions(1)
        trained = learn(vectors, labels)
        assert [p.intent for p in predict(trained, vectors)] == labels
        assert all(p.in_scope for p in predict(trained, strangers(2)))

    def test_few_rows_are_not_certain(self):
        vectors, labels = questions(2, labels=2)
        assert max(p.confidence for p in predict(learn(vectors, labels), vectors)) < 0.999

    @pytest.mark.parametrize(
        ("vectors", "labels", "message"),
        [
            (np.empty((0, WIDTH)), [], "no labelled rows"),
            (np.ones((3, WIDTH)), ["a", "a", "a"], "all rows have the label 'a'"),
            (np.ones((2, WIDTH)), ["a", " "], "row 1 has an empty label"),
            (np.ones((2, WIDTH)), ["a", "b", "c"], "3 labels"),
            (np.vstack([np.ones(WIDTH), np.zeros(WIDTH)]), ["a", "b"], "row 1 .* text empty"),
            (np.vstack([np.full(WIDTH, np.nan), np.ones(WIDTH)]), ["a", "b"], "row 0 .* text empty"),
        ],
    )
    def test_rows_that_cannot_train(self, vectors, labels, message):
        with pytest.raises(CannotTrain, match=message):
            learn(vectors.astype(np.float32), labels)

    def test_training_and_serving_do_not_import_torch(self):
        code = "import sys, copilot.triage.training, copilot.triage.store; sys.exit('torch' in sys.modules)"
        subprocess.run([sys.executable, "-c", code], check=True)


class TestFolds:
    TARGETS = np.array([0] * 30 + [1] * 7 + [2] * 2 + [3])

    def test_each_row_is_held_out_once_except_an_only_one(self):
        out = np.concatenate([held for _, held in rounds(self.TARGETS, seed=1)])
        assert sorted(out) == list(range(39))

    def test_every_label_is_always_trained_on(self):
        for rows, held in rounds(self.TARGETS, seed=1):
            assert set(self.TARGETS[rows]) == {0, 1, 2, 3}
            assert not set(rows) & set(held)

    def test_rounds_stop_when_enough_is_known(self):
        assert len(list(rounds(self.TARGETS, seed=1, enough=10))) == 2

    def test_a_sample_keeps_every_label(self):
        rows = sample(self.TARGETS, 10, seed=1)
        assert set(self.TARGETS[rows]) == {0, 1, 2, 3}
        assert len(rows) <= 14

    def test_the_lift_knows_no_row(self):
        assert np.array_equal(make_lift(WIDTH, 3).projection, make_lift(WIDTH, 3).projection)


class TestStore:
    def test_comes_back_as_it_was(self, classifier):
        vectors, _ = questions(5, seed=2)
        again = loads(dumps(classifier))
        assert isinstance(again, Classifier)
        assert (again.labels, again.recipe, again.threshold) == (
            classifier.labels, classifier.recipe, classifier.threshold
        )  # fmt: skip
        assert predict(again, vectors) == predict(classifier, vectors)

    def test_an_open_gate_is_kept(self, classifier):
        assert loads(dumps(replace(classifier, threshold=-np.inf))).threshold == -np.inf

    @pytest.mark.parametrize("damage", [lambda data: b"", lambda data: b"PK nonsense", lambda data: data[:-200]])
    def test_damaged_bytes_are_refused(self, classifier, damage):
        with pytest.raises(UnreadableModel):
            loads(damage(dumps(classifier)))

    def test_a_flipped_byte_is_noticed(self, classifier):
        data = bytearray(dumps(classifier))
        data[len(data) // 2] ^= 0xFF
        with pytest.raises(UnreadableModel):
            loads(bytes(data))

    def test_another_format_is_refused(self, classifier):
        with pytest.raises(UnreadableModel, match="format 99"):
            loads(changed(classifier, about={"format": 99, "labels": [], "recipe": ""}))

    def test_arrays_that_do_not_fit_are_refused(self, classifier):
        with pytest.raises(UnreadableModel, match="do not fit"):
            loads(changed(classifier, bias=np.zeros(7, dtype=np.float32)))

    def test_pickles_are_refused(self, classifier):
        with pytest.raises(UnreadableModel):
            loads(changed(classifier, bias=np.array([print], dtype=object)))


def changed(classifier, *, about=None, **arrays):
    """A stored classifier with some parts replaced."""
    with np.load(io.BytesIO(dumps(classifier))) as archive:
        parts = {name: archive[name] for name in archive.files}
    if about:
        parts["about"] = np.frombuffer(json.dumps(about).encode(), dtype=np.uint8)
    buffer = io.BytesIO()
    np.savez(buffer, **(parts | arrays))
    return buffer.getvalue()


class BagOfWords:
    """Each word is a fixed random direction; texts that share words are near."""

    recipe = "bag-of-words-64"

    def __init__(self):
        self.seen = []

    def embed(self, texts):
        self.seen += [text.text for text in texts]
        vectors = np.vstack([sum(map(self._word, text.text.lower().split())) for text in texts])
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)

    @staticmethod
    def _word(word):
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
        return np.random.default_rng(seed).normal(size=64)


TOPICS = {
    "refund": "refund money back invoice",
    "login": "password login account locked",
    "parcel": "parcel delivery late lost",
}


def asked(topic, number):
    words = TOPICS[topic].split()
    return f"{words[number % 4]} {words[(number // 4) % 4]} {words[(number // 2) % 4]} {topic}"


def write(path, rows, header=("text", "category")):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


@pytest.fixture
def data(tmp_path):
    rows = [(asked(topic, i), topic) for topic in TOPICS for i in range(16)]
    strange = [("zebra quantum violin", "oos"), ("moon cheese dance", "oos")]
    train_csv = write(tmp_path / "train.csv", [*rows, *strange])
    test_csv = write(
        tmp_path / "test.csv", [(asked(topic, i) + " please", topic) for topic in TOPICS for i in range(4)] + strange
    )
    return train_csv, test_csv


class TestEvaluation:
    def test_metrics_and_items(self, data):
        metrics, items = evaluate(*data, BagOfWords(), "oos")
        assert list(metrics) == [
            "accuracy", "macro_f1", "ece", "oos_recall", "oos_precision", "tickets_per_second", "train_seconds",
            "rows", "test_rows", "labels", "share",
        ]  # fmt: skip
        assert metrics["accuracy"] == sum(item["predicted"] == item["gold"] for item in items[:12]) / 12
        assert metrics["accuracy"] > 0.8
        assert metrics["oos_recall"] == 1
        assert metrics["tickets_per_second"] > 0
        assert len(items) == 14
        assert set(items[0]) == {"text", "gold", "predicted", "confidence", "in_scope", "top"}
        assert [item["predicted"] for item in items[12:]] == ["oos", "oos"]
        assert not items[12]["in_scope"]
        json.dumps(items)

    def test_turned_away_counts_as_wrong(self, data, monkeypatch):
        monkeypatch.setattr("evaluation.triage.train", lambda *a, **k: replace(train(*a, **k), threshold=np.inf))
        metrics, _ = evaluate(*data, BagOfWords(), "oos")
        assert (metrics["accuracy"], metrics["macro_f1"], metrics["oos_recall"]) == (0, 0, 1)
        assert metrics["oos_precision"] == 2 / 14
        assert metrics["ece"] < 0.5

    def test_a_fifth_is_held_out_of_one_file(self, tmp_path):
        rows = [(f"{asked(topic, i)} {i}", topic) for topic in TOPICS for i in range(40)]
        metrics, items = evaluate(write(tmp_path / "all.csv", rows), None, BagOfWords(), None)
        assert metrics["rows"] + metrics["test_rows"] == 120
        assert 12 <= metrics["test_rows"] == len(items) <= 40
        again, _ = evaluate(write(tmp_path / "turned.csv", rows[::-1]), None, BagOfWords(), None)
        assert again["test_rows"] == metrics["test_rows"]

    def test_few_rows_a_label(self, data):
        metrics, _ = evaluate(*data, BagOfWords(), "oos", per_label=3)
        assert (metrics["rows"], metrics["labels"]) == (9, 3)

    def test_without_an_oos_label(self, tmp_path, data):
        rows = [(asked(topic, i), topic) for topic in TOPICS for i in range(16)]
        plain = write(tmp_path / "plain.csv", rows)
        metrics, _ = evaluate(plain, plain, BagOfWords(), None)
        assert metrics["oos_recall"] is None
        assert metrics["oos_precision"] is None
        assert metrics["accuracy"] > 0.9

    def test_the_embedder_sees_redacted_text_only(self, tmp_path, data):
        train_csv, _ = data
        test_csv = write(tmp_path / "private.csv", [("refund alice@example.com", "refund")])
        embedder = BagOfWords()
        evaluate(train_csv, test_csv, embedder, "oos")
        assert embedder.seen[-1] == "refund [EMAIL_1]"

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "line 1: the column 'text' is missing"),
            (b"text,label\na,b\n", "line 1: the column 'category' is missing"),
            (b"text,category\n", "line 2: there are no rows"),
            (b"text,category\nok,a\ncaf\xe9,b\n", "line 3: is not UTF-8"),
            (b"text,category\nok,a\n ,b\n", "line 3: the text is empty"),
            (b"text,category\nok\n", "line 2: the category is empty"),
            (b'text,category\n"a" b,c\n', "line 2: "),
            (b"text,category\nok,a\nfine,a\n", "all rows have the label 'a'"),
            (b"text,category\nok,oos\n", "nothing to learn"),
        ],
    )
    def test_bad_files_are_named(self, tmp_path, data, content, message):
        bad = tmp_path / "bad.csv"
        bad.write_bytes(content)
        with pytest.raises(BadData, match=message) as caught:
            evaluate(bad, data[1], BagOfWords(), "oos")
        assert "bad.csv" in str(caught.value)

    def test_a_missing_file_is_named(self, tmp_path, data):
        with pytest.raises(BadData, match=r"none\.csv: No such file"):
            evaluate(data[0], tmp_path / "none.csv", BagOfWords(), None)

    def test_calibration_error_of_known_cases(self):
        assert calibration_error(np.array([0.75] * 4), np.array([True, True, True, False])) == 0
        assert calibration_error(np.array([1.0, 1.0]), np.array([True, False])) == 0.5
