"""The training loop: AdamW, a warm-up and a cosine to a tenth, checkpoints from which a killed run goes on.

Invariant: a checkpoint is written beside and renamed, so that one that is there is whole.
"""

import json
import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.writer.recipe import WriterRecipe

CHECKPOINT = "checkpoint.pt"
LOG_EVERY = 20
Batch = tuple[Tensor, Tensor]
CLIP = 1.0


def fit(
    model: Any,
    batches: Callable[[int], Iterator[Batch]],
    held_out: list[Batch],
    recipe: WriterRecipe,
    work: Path,
    say: Callable[[str], None],
) -> list[dict[str, float]]:
    """Train `model` in place and return the log; goes on from the checkpoint in `work` if there is one.

    `batches` gives those that follow a step: a run that goes on must not read again what it began with.
    """
    optimizer = torch.optim.AdamW(model.parameters(), lr=recipe.rate, betas=(0.9, 0.98), weight_decay=0.01)
    step, log = _resume(model, optimizer, work)
    coming = batches(step)
    losses: list[float] = []
    started = time.monotonic()
    while step < recipe.steps:
        losses.append(_step(model, optimizer, next(coming), _rate(step, recipe)))
        step += 1
        if step % LOG_EVERY == 0:
            mean = sum(losses) / len(losses)
            log.append({"step": step, "loss": round(mean, 4), "seconds": round(time.monotonic() - started)})
            losses.clear()
        if step % recipe.save_every == 0 or step == recipe.steps:
            log.append({"step": step, **measure(model, held_out)})
            _save(model, optimizer, step, log, work)
            say(json.dumps(log[-2:]))
    return log


def _step(model: Any, optimizer: torch.optim.Optimizer, batch: Batch, rate: float) -> float:
    for group in optimizer.param_groups:
        group["lr"] = rate
    loss = _loss(model.train(), batch)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return float(loss.detach())


def _loss(model: Any, batch: Batch) -> Tensor:
    source, labels = batch
    loss: Tensor = model(input_ids=source, attention_mask=source.ne(0), labels=labels).loss
    return loss


def _rate(step: int, recipe: WriterRecipe) -> float:
    if step < recipe.warmup:
        return recipe.rate * (step + 1) / recipe.warmup
    done = (step - recipe.warmup) / max(1, recipe.steps - recipe.warmup)
    return recipe.rate * (0.1 + 0.9 * (1 + math.cos(math.pi * done)) / 2)


@torch.no_grad()
def measure(model: Any, held_out: list[Batch]) -> dict[str, float]:
    """Mean loss a batch, and the share of replies whose every piece is the likeliest (given those before it)."""
    model.eval()
    losses, exact = [], []
    for source, labels in held_out:
        found = model(input_ids=source, attention_mask=source.ne(0), labels=labels)
        losses.append(float(found.loss))
        right = (found.logits.argmax(-1) == labels) | labels.eq(-100)
        exact += right.all(dim=1).tolist()
    return {"held_out": round(sum(losses) / len(losses), 4), "exact": round(sum(exact) / len(exact), 4)}


def _save(model: Any, optimizer: Any, step: int, log: list[dict[str, float]], work: Path) -> None:
    half = work / f"{CHECKPOINT}.half"
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step, "log": log}, half)
    half.rename(work / CHECKPOINT)


def _resume(model: Any, optimizer: Any, work: Path) -> tuple[int, list[dict[str, float]]]:
    if not (work / CHECKPOINT).exists():
        return 0, []
    kept = torch.load(work / CHECKPOINT, weights_only=True)
    model.load_state_dict(kept["model"])
    optimizer.load_state_dict(kept["optimizer"])
    return kept["step"], kept["log"]
