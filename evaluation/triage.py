"""How well intents are recognised, on two CSV files of `text,category`.

Invariant: what is measured is what a ticket meets: texts are redacted, embedded and predicted by the product's own
path, and a question wrongly turned away as out of scope counts as a wrong answer.
"""

import csv
import io
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.metrics import f1_score

from copilot.inference.embedder import Embedder
from copilot.privacy import redact
from copilot.triage.classifier import Classifier, Prediction
from copilot.triage.training import CannotTrain, names_of, train
from evaluation.data import BadData
from evaluation.splits import Labelled, cut, few

COLUMNS = ("text", "category")
BINS = 15
BATCH = 256  # texts embedded at a time
OUT_OF_SCOPE = "oos"  # how a turned-away row is written when the data has no label for it

Metrics = dict[str, float | None]


def evaluate(
    train_csv: Path, test_csv: Path | None, embedder: Embedder, oos_label: str | None, *, per_label: int = 0
) -> tuple[Metrics, list[dict[str, object]]]:
    """Train on one file, measure on the other; without another, on a fifth of the first that is not trained on.

    Rows of `oos_label` are not trained on; `per_label` trains on so many rows of each label.

    The metrics: `accuracy` and `macro_f1` over in-scope rows, of answers after the out-of-scope gate; `ece`, the
    expected calibration error of `confidence` as the chance that `intent` is right, before the gate, in 15 equal-width
    bins (Guo and others 2017), over in-scope rows; `oos_recall` and `oos_precision` at the default threshold, None
    without `oos_label`; `tickets_per_second` from text to prediction; `train_seconds` without embedding; `rows` trained
    on, `test_rows`, `labels`, and `share`, how much letters and words count beside meaning (0 to 1).
    The second value has one item per test row. Raises BadData with the file, and the line where there is one.
    """
    known = read(train_csv)
    known, rows = cut(known) if test_csv is None else (known, read(test_csv))
    if not rows:
        raise BadData(f"{train_csv}: has too few rows to hold some out")
    known = [row for row in known if row.category != oos_label]
    taught = few(known, per_label) if per_label else known
    classifier, train_seconds = _train(train_csv, taught, embedder, oos_label)
    started = time.perf_counter()
    predictions = _predict(classifier, embedder, rows)
    seconds = time.perf_counter() - started
    metrics = _measure(rows, predictions, oos_label)
    speed: Metrics = {"tickets_per_second": len(rows) / seconds, "train_seconds": train_seconds}
    speed |= {
        "rows": len(taught), "test_rows": len(rows), "labels": len(classifier.labels), "share": classifier.share
    }  # fmt: skip
    return metrics | speed, [_item(row, said, oos_label) for row, said in zip(rows, predictions, strict=True)]


def _train(path: Path, rows: Sequence[Labelled], embedder: Embedder, oos_label: str | None) -> tuple[Classifier, float]:
    if not rows:
        raise BadData(f"{path}: every row is {oos_label!r}, so there is nothing to learn")
    texts = [redact(row.text) for row in rows]
    labels = [row.category for row in rows]
    vectors = np.vstack([embedder.embed(texts[i : i + BATCH]) for i in range(0, len(rows), BATCH)])
    started = time.perf_counter()
    try:
        called = names_of(labels, embedder)
        classifier = train(vectors, texts, labels, recipe=embedder.recipe, called=called)
    except CannotTrain as error:
        raise BadData(f"{path}: {error}") from error
    return classifier, time.perf_counter() - started


def _predict(classifier: Classifier, embedder: Embedder, rows: Sequence[Labelled]) -> list[Prediction]:
    predictions = []
    for i in range(0, len(rows), BATCH):
        texts = [redact(row.text) for row in rows[i : i + BATCH]]
        predictions += classifier.predict(embedder.embed(texts), texts)
    return predictions


def _measure(rows: Sequence[Labelled], predictions: Sequence[Prediction], oos_label: str | None) -> Metrics:
    gold = np.array([row.category for row in rows])
    intents = np.array([said.intent for said in predictions])
    accepted = np.array([said.in_scope for said in predictions])
    confidence = np.array([said.confidence for said in predictions])
    ours = gold != oos_label if oos_label is not None else np.ones(len(gold), dtype=bool)
    metrics: Metrics = dict.fromkeys(["accuracy", "macro_f1", "ece"])
    if ours.any():
        metrics["accuracy"] = float(np.mean((intents == gold)[ours] & accepted[ours]))
        metrics["macro_f1"] = _macro_f1(gold, np.where(accepted, intents, ""), ours)
        metrics["ece"] = calibration_error(confidence[ours], (intents == gold)[ours])
    return metrics | _out_of_scope(~ours, ~accepted, oos_label)


def _macro_f1(gold: npt.NDArray[np.str_], answers: npt.NDArray[np.str_], ours: npt.NDArray[np.bool_]) -> float:
    """Mean F1 of the test rows' in-scope labels; an out-of-scope row answered with one of them counts against it."""
    return float(f1_score(gold, answers, labels=np.unique(gold[ours]), average="macro", zero_division=0))


def calibration_error(confidence: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> float:
    """Mean distance of confidence from the share that is right, over BINS equal-width bins weighted by their rows."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    error = 0.0
    for number in np.unique(bins):
        inside = bins == number
        error += abs(float(confidence[inside].mean() - right[inside].mean())) * float(inside.mean())
    return error


def _out_of_scope(gold: npt.NDArray[np.bool_], said: npt.NDArray[np.bool_], oos_label: str | None) -> Metrics:
    if oos_label is None or not gold.any():
        return {"oos_recall": None, "oos_precision": None}
    found = int(np.sum(gold & said))
    return {"oos_recall": found / int(gold.sum()), "oos_precision": found / max(1, int(said.sum()))}


def _item(row: Labelled, said: Prediction, oos_label: str | None) -> dict[str, object]:
    return {
        "text": row.text,
        "gold": row.category,
        "predicted": said.intent if said.in_scope else oos_label or OUT_OF_SCOPE,
        "confidence": said.confidence,
        "in_scope": said.in_scope,
        "top": [list(pair) for pair in said.ranked[:3]],
    }


def read(path: Path) -> list[Labelled]:
    """The rows of a CSV file `text,category`; further columns are left out. Raises BadData."""
    reader = csv.DictReader(io.StringIO(_decode(path), newline=""), strict=True)
    try:
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise BadData(f"{path}, line 1: the column {missing[0]!r} is missing")
        rows = [_row(path, reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise BadData(f"{path}, line {reader.reader.line_num}: {error}") from error
    if not rows:
        raise BadData(f"{path}, line 2: there are no rows")
    return rows


def _row(path: Path, line: int, row: dict[str, str | None]) -> Labelled:
    text, category = ((row[name] or "").strip() for name in COLUMNS)
    if not text or not category:
        raise BadData(f"{path}, line {line}: the {'text' if category else 'category'} is empty")
    return Labelled(text, category)


def _decode(path: Path) -> str:
    try:
        data = path.read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise BadData(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadData(f"{path}, line {line}: is not UTF-8") from error
