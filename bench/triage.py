"""Triage: one ticket, many tickets, training, and memory, beside TF-IDF with a linear SVM and plain SetFit.

Invariant: all learn from the same rows and are judged on the same others, in the same run.
"""

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator, Sequence

import numpy as np

from bench import finetuned, setfit
from bench.measure import Row, percentiles, rate
from copilot.engine import embedder
from copilot.inference.embedder import Vectors
from copilot.language.detect import detect
from copilot.privacy import Redacted, redact
from copilot.triage.classifier import Classifier
from copilot.triage.sentiment import sentiment
from copilot.triage.several import others
from copilot.triage.store import dumps
from copilot.triage.training import names_of, train
from copilot.triage.urgency import urgency
from evaluation.splits import Labelled, cut, few

ALONE = 200  # tickets measured one by one
TOGETHER = 512  # tickets in one call
MOST = 10_000  # rows trained on
FEW = 10  # rows a label, for those who begin
ITERATIONS = 20  # SetFit's own default


def rows(known: Sequence[Labelled], iterations: int = ITERATIONS) -> Iterator[Row]:
    """The lines of the table, from rows of text and label; `iterations` is how long SetFit learns (0: no rival that
    takes torch, which takes half an hour).
    """
    clean = [Labelled(redact(row.text).text, row.category) for row in known]
    taught, held = cut(random.Random(0).sample(clean, len(clean)))  # noqa: S311 - files come sorted by label
    classifier = yield from _learning(taught[:MOST], held, "")
    if iterations:
        right, seconds = finetuned.measure(taught[:MOST], held)
        yield Row(f"MiniLM fine-tuned, {finetuned.EPOCHS} epochs", f"{seconds:.0f} s", f"accuracy {right:.1%}")
    yield from _serving(classifier, [redact(row.text) for row in held])
    yield from _beginners(few(taught, FEW), held, iterations)
    yield Row(
        "a worker that serves it", f"{_megabytes(classifier)} MB", "resident, with the embedder, after one ticket"
    )


def _learning(taught: Sequence[Labelled], held: Sequence[Labelled], note: str) -> Generator[Row, None, Classifier]:
    """Ours against TF-IDF with a linear SVM, on the same rows."""
    started = time.perf_counter()
    classifier = _train(taught)
    seconds = time.perf_counter() - started
    svm = _svm(taught, held)
    right = _accuracy(_said(classifier, held), held)
    yield Row(f"train on {len(taught):,} rows{note}", f"{seconds:.1f} s", f"TF-IDF and SVM {svm[1]:.1f} s")
    yield Row(f"accuracy on {len(held):,} others{note}", f"{right:.1%}", f"TF-IDF and SVM {svm[0]:.1%}")
    return classifier


def _beginners(taught: Sequence[Labelled], held: Sequence[Labelled], iterations: int) -> Iterator[Row]:
    note = f", {FEW} a label"
    yield from _learning(taught, held, note)
    if iterations:
        right, seconds = setfit.measure(taught, held, iterations)
        yield Row(f"SetFit, {iterations} pairs a row{note}", f"{seconds:.0f} s", f"accuracy {right:.1%}")


def _serving(classifier: Classifier, texts: Sequence[Redacted]) -> Iterator[Row]:
    model = embedder()
    seconds = []
    for text in texts[: ALONE + 5]:
        started = time.perf_counter()
        _triage(classifier, text)
        seconds.append(time.perf_counter() - started)
    many = (list(texts) * (TOGETHER // len(texts) + 1))[:TOGETHER]
    together = rate(lambda: classifier.predict(model.embed(many), many), TOGETHER)
    vectors = rate(lambda: model.embed(many), TOGETHER)
    yield Row("one ticket", percentiles(seconds[5:]), "language, urgency, sentiment, intents")
    yield Row(
        f"{TOGETHER} tickets at once", f"{together:.0f} tickets/s", f"{together / vectors:.2f} x their vectors alone"
    )


def _triage(classifier: Classifier, text: Redacted) -> None:
    """All that is said of a ticket when it comes."""
    model = embedder()
    language = detect(text.text)
    urgency(text.text, language)
    sentiment(text.text, language)
    [said] = classifier.predict(model.embed([text]), [text])
    others(classifier, model, text, said.intent, language)


def _train(taught: Sequence[Labelled]) -> Classifier:
    texts, labels = [redact(row.text) for row in taught], [row.category for row in taught]
    model = embedder()
    return train(model.embed(texts), texts, labels, recipe=model.recipe, called=names_of(labels, model))


def _said(classifier: Classifier, held: Sequence[Labelled]) -> list[str]:
    texts = [redact(row.text) for row in held]
    vectors: Vectors = embedder().embed(texts)
    return [said.intent for said in classifier.predict(vectors, texts)]


def _svm(taught: Sequence[Labelled], held: Sequence[Labelled]) -> tuple[float, float]:
    """(accuracy, seconds) of what a careful engineer tries first."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LinearSVC())
    started = time.perf_counter()
    model.fit([row.text for row in taught], [row.category for row in taught])
    seconds = time.perf_counter() - started
    return _accuracy(model.predict([row.text for row in held]), held), seconds


def _accuracy(said: Sequence[str], held: Sequence[Labelled]) -> float:
    return float(np.mean([one == row.category for one, row in zip(said, held, strict=True)]))


def _megabytes(classifier: Classifier) -> int:
    """Of a process that loads what serves and triages one ticket."""
    with tempfile.NamedTemporaryFile(suffix=".npz") as file:
        file.write(dumps(classifier))
        file.flush()
        command = [sys.executable, "-m", "bench.triage_worker", file.name]
        answer = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(answer.stdout.split()[-1])
