"""Plain SetFit (Tunstall and others 2022): pairs of rows teach the encoder, then logistic regression on its vectors.

As published: for each row, ITERATIONS pairs with the same label and as many with another, one epoch of cosine loss in
batches of 16 at 2e-5. Written with sentence-transformers: the package `setfit` is older than the versions used here.
"""

import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from copilot.inference.convert import minilm_checkpoint
from evaluation.splits import Labelled

BATCH = 16
RATE = 2e-5


def measure(train: Sequence[Labelled], test: Sequence[Labelled], iterations: int) -> tuple[float, float]:
    """(accuracy, seconds of training) of MiniLM on redacted texts."""
    from sentence_transformers import SentenceTransformer
    from sklearn.linear_model import LogisticRegression

    model = SentenceTransformer(minilm_checkpoint(), device="cpu")
    started = time.perf_counter()
    _contrast(model, pairs(train, iterations))
    vectors = model.encode([row.text for row in train])
    head = LogisticRegression(max_iter=1000).fit(vectors, [row.category for row in train])
    seconds = time.perf_counter() - started
    said = head.predict(model.encode([row.text for row in test]))
    return sum(one == row.category for one, row in zip(said, test, strict=True)) / len(test), seconds


def pairs(rows: Sequence[Labelled], iterations: int, seed: int = 0) -> list[tuple[str, str, float]]:
    """(text, text, 1.0 for the same label or 0.0), `iterations` of both kinds a row."""
    chosen = random.Random(seed)  # noqa: S311
    by_label: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        by_label[row.category].append(row.text)
    made = []
    for row in [*rows] * iterations:
        other = chosen.choice([label for label in by_label if label != row.category])
        made.append((row.text, chosen.choice(by_label[row.category]), 1.0))
        made.append((row.text, chosen.choice(by_label[other]), 0.0))
    chosen.shuffle(made)
    return made


def _contrast(model: Any, made: Sequence[tuple[str, str, float]]) -> None:
    from datasets import Dataset
    from sentence_transformers import SentenceTransformerTrainer, SentenceTransformerTrainingArguments
    from sentence_transformers.sentence_transformer.losses import CosineSimilarityLoss

    columns = zip(("first", "second", "label"), zip(*made, strict=True), strict=True)
    with tempfile.TemporaryDirectory() as scratch:
        arguments = SentenceTransformerTrainingArguments(
            output_dir=scratch, num_train_epochs=1, per_device_train_batch_size=BATCH, learning_rate=RATE,
            warmup_ratio=0.1, save_strategy="no", report_to=[], disable_tqdm=True, use_cpu=True, logging_strategy="no",
        )  # fmt: skip
        data = Dataset.from_dict({name: list(values) for name, values in columns})
        loss = CosineSimilarityLoss(model)
        SentenceTransformerTrainer(model=model, args=arguments, train_dataset=data, loss=loss).train()
