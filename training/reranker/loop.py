"""The training loop: AdamW, a warm-up and a line down to nothing, over minutes rather than steps.

Invariant: a checkpoint is written beside and renamed, so that one that is there is whole; the time that a run has had
is in it, so a killed run goes on for the rest of its time.
"""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch

from training.reranker.batches import Batch
from training.reranker.network import Network, loss
from training.reranker.recipe import RerankerRecipe

CHECKPOINT = "checkpoint.pt"
CLIP = 1.0
# A step that took longer was paused, and counts as this many seconds.
PAUSED = 20.0
Log = list[dict[str, float]]


def fit(
    model: Network, batches: Callable[[int], Iterator[Batch]], measure: Callable[[bool], dict[str, float]],
    recipe: RerankerRecipe, work: Path, say: Callable[[str], None],
) -> Log:  # fmt: skip
    """Train `model` in place; return the log. `batches` gives those after a step, `measure` is told the end."""
    learnt = [weights for weights in model.parameters() if weights.requires_grad]
    optimizer = torch.optim.AdamW(learnt, lr=recipe.rate, weight_decay=0.01)
    state = _resume(model, optimizer, work)
    coming, losses = batches(int(state["step"])), list[float]()
    saved, measured = state["minutes"], state["minutes"]
    while state["minutes"] < recipe.minutes:
        started = time.monotonic()
        losses.append(_step(model, optimizer, learnt, next(coming), _rate(state["minutes"], recipe)))
        state["step"] += 1
        state["minutes"] += min(time.monotonic() - started, PAUSED) / 60
        if state["minutes"] - saved >= recipe.save_minutes or state["minutes"] >= recipe.minutes:
            ended = state["minutes"] >= recipe.minutes
            due = ended or state["minutes"] - measured >= recipe.measure_minutes
            entry = {"step": state["step"], "minutes": round(state["minutes"], 2), "loss": round(_mean(losses), 4)}
            state["log"].append(entry | (measure(ended) if due else {}))
            measured, saved = state["minutes"] if due else measured, state["minutes"]
            losses.clear()
            _save(model, optimizer, state, work)
            say(json.dumps(state["log"][-1]))
    found: Log = state["log"]
    return found


def _step(model: Network, optimizer: Any, learnt: list[Any], batch: Batch, rate: float) -> float:
    for group in optimizer.param_groups:
        group["lr"] = rate
    found = loss(model.train()(batch), batch.many)
    found.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(learnt, CLIP)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return float(found.detach())


def _rate(minutes: float, recipe: RerankerRecipe) -> float:
    done = min(1.0, minutes / recipe.minutes)
    return recipe.rate * min(done / recipe.warmup + 0.02, (1 - done) / (1 - recipe.warmup) + 0.02, 1.0)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _save(model: Network, optimizer: Any, state: dict[str, Any], work: Path) -> None:
    half = work / f"{CHECKPOINT}.half"
    learnt = {name: weights for name, weights in model.state_dict().items() if "embeddings" not in name}
    torch.save({"model": learnt, "optimizer": optimizer.state_dict(), **state}, half)
    half.rename(work / CHECKPOINT)


def _resume(model: Network, optimizer: Any, work: Path) -> dict[str, Any]:
    """The step, the minutes and the log that the run goes on from."""
    if not (work / CHECKPOINT).exists():
        return {"step": 0, "minutes": 0.0, "log": []}
    kept = torch.load(work / CHECKPOINT, weights_only=True)
    model.load_state_dict(kept["model"], strict=False)  # the words are as they were
    optimizer.load_state_dict(kept["optimizer"])
    return {name: kept[name] for name in ("step", "minutes", "log")}
