"""MiniLM fine-tuned on the labels themselves: a cosine head that starts at the labels' means, and all its layers.

Invariant: word embeddings stay as they are; everything else learns. What it says is judged in torch's float32, which
flatters it: served, it would be int8.
"""

import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from copilot.inference.convert import minilm_checkpoint
from evaluation.splits import Labelled

EPOCHS, BATCH, RATE, HEAD_RATE = 4, 32, 1.5e-4, 1.5e-3
SCALE, SMOOTHING, LONGEST = 20.0, 0.05, 128


def measure(train: Sequence[Labelled], test: Sequence[Labelled], epochs: int = EPOCHS) -> tuple[float, float]:
    """(accuracy, seconds of training)."""
    import torch
    from sentence_transformers import SentenceTransformer

    torch.manual_seed(0)
    model = SentenceTransformer(minilm_checkpoint(), device="cpu")
    model.max_seq_length = LONGEST
    names = sorted({row.category for row in train})
    gold = torch.tensor([names.index(row.category) for row in train])
    started = time.perf_counter()
    start = torch.tensor(model.encode([row.text for row in train], normalize_embeddings=True))
    head = torch.nn.Parameter(torch.stack([start[gold == label].mean(0) for label in range(len(names))]))
    _learn(model, head, [row.text for row in train], gold, epochs)
    seconds = time.perf_counter() - started
    said = torch.tensor(model.encode([row.text for row in test], normalize_embeddings=True)) @ _unit(head).T
    right = [names[label] == row.category for label, row in zip(said.argmax(1).tolist(), test, strict=True)]
    return float(np.mean(right)), seconds


def _learn(model: Any, head: Any, texts: Sequence[str], gold: Any, epochs: int) -> None:
    import torch

    layers = [weight for name, weight in model.named_parameters() if "embeddings" not in name]
    groups = [{"params": layers, "lr": RATE}, {"params": [head], "lr": HEAD_RATE}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    batches = [batch for epoch in range(epochs) for batch in _batches(texts, epoch)]
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [RATE, HEAD_RATE], total_steps=len(batches), pct_start=0.1, anneal_strategy="linear"
    )
    model.train()
    for batch in batches:
        vectors = model(model.tokenize([texts[i] for i in batch]))["sentence_embedding"]
        loss = torch.nn.functional.cross_entropy(
            SCALE * _unit(vectors) @ _unit(head).T, gold[batch], label_smoothing=SMOOTHING
        )
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(layers, 1.0)
        optimizer.step()
        schedule.step()
    model.eval()


def _unit(rows: Any) -> Any:
    import torch

    return torch.nn.functional.normalize(rows, dim=-1)


def _batches(texts: Sequence[str], epoch: int) -> Iterator[list[int]]:
    """Texts of like length together, in another order each epoch."""
    random = np.random.default_rng(epoch)
    order = random.permutation(len(texts))
    chunks = [order[i : i + 32 * BATCH] for i in range(0, len(order), 32 * BATCH)]
    made = []
    for chunk in chunks:
        ordered = sorted(chunk.tolist(), key=lambda i: len(texts[i]))
        made += [ordered[i : i + BATCH] for i in range(0, len(ordered), BATCH)]
    for i in random.permutation(len(made)):
        yield made[i]
