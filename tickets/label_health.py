"""What labels are like, from rows and their vectors: numbers and rows' keys, no text.

Invariant: what is said of a row was worked out by models that had not seen it or a copy of it.

A quick model (logistic regression over the vectors) is trained in FOLDS rounds, each on the rows of the other rounds.
Probable mislabels are found as Northcutt, Jiang and Chuang do (Confident Learning, JAIR 70, 2021): a label is believed
of a row when its probability reaches the mean that rows of that label have; a row of which another label is believed,
and more than its own, is doubtful. `cleanlab` is their library; these few lines spare its dependencies.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from copilot.inference.embedder import Vectors
from tickets.lesson import Row
from tickets.models import TrainingRow

FOLDS = 5
FEW, LEAST = 10, 2
SHOWN = 40
NEAR = 0.96  # cosine of texts that say the same
BLOCK = 512

Chances = npt.NDArray[np.float64]
Indexes = npt.NDArray[np.intp]


def examine(rows: Sequence[Row], vectors: Vectors, known: set[str]) -> dict[str, Any]:
    """The report; `known` are the labels that the serving model has learned."""
    names, gold = np.unique([row.intent for row in rows], return_inverse=True)
    chances = out_of_fold(rows, vectors, gold, len(names))
    judged = np.asarray(~np.isnan(chances).any(axis=1))
    said = np.where(judged, np.nan_to_num(chances).argmax(axis=1), -1)
    return {
        "rows": len(rows),
        "intents": _intents(rows, names, gold, said, known),
        "confusions": _confusions(names, gold, said),
        "doubtful": _doubtful(rows, names, gold, chances, judged),
        "contradictions": contradictions(rows, vectors),
        "accuracy": float(np.mean(said[judged] == gold[judged])) if judged.any() else None,
    }


def out_of_fold(rows: Sequence[Row], vectors: Vectors, gold: Indexes, labels: int) -> Chances:
    """Probabilities of shape (rows, labels) by models that had not seen the row; NaN where none could be trained."""
    from sklearn.linear_model import LogisticRegression  # two seconds, for processes that never need it

    fold = np.array([int(row.digest[8:16], 16) % FOLDS for row in rows])
    chances = np.full((len(rows), labels), np.nan)
    for number in range(FOLDS):
        out, rest = fold == number, fold != number
        there = np.unique(gold[rest])
        if len(there) < 2 or not out.any():
            continue
        with threadpool_limits(1):
            model = LogisticRegression(C=10.0, tol=1e-3, max_iter=100).fit(vectors[rest], gold[rest])
        chances[out] = 0.0
        chances[np.ix_(out, there)] = model.predict_proba(vectors[out])
    return chances


def _intents(
    rows: Sequence[Row], names: npt.NDArray[np.str_], gold: Indexes, said: Indexes, known: set[str]
) -> list[dict[str, Any]]:
    by_agents = np.array([row.origin == TrainingRow.Origin.AGENT for row in rows])
    found = []
    for label, name in enumerate(names):
        ours, claimed = gold == label, said == label
        right, asked = int(np.sum(ours & claimed)), int(np.sum(ours & (said >= 0)))
        found.append({
            "name": str(name), "rows": int(ours.sum()), "agents": float(by_agents[ours].mean()),
            "precision": right / int(claimed.sum()) if claimed.any() else None,
            "recall": right / asked if asked else None, "new": bool(known) and str(name) not in known,
        })  # fmt: skip
    return found


def _confusions(names: npt.NDArray[np.str_], gold: Indexes, said: Indexes) -> list[dict[str, Any]]:
    """Labels that are taken for each other, both ways together, the most frequent first."""
    wrong: Counter[tuple[int, int]] = Counter()
    for label, other in zip(gold, said, strict=True):
        if other >= 0 and label != other:
            wrong[min(label, other), max(label, other)] += 1
    pairs = [pair for pair in wrong.most_common(SHOWN) if pair[1] > 1]
    return [{"a": str(names[a]), "b": str(names[b]), "rows": number} for (a, b), number in pairs]


def _doubtful(
    rows: Sequence[Row], names: npt.NDArray[np.str_], gold: Indexes, chances: Chances, judged: npt.NDArray[np.bool_]
) -> list[dict[str, Any]]:
    """Probable mislabels, the surest first."""
    bars = np.array([
        chances[(gold == label) & judged, label].mean() if ((gold == label) & judged).any() else 1.0
        for label in range(len(names))
    ])  # fmt: skip
    believed = np.where(np.nan_to_num(chances) >= bars, np.nan_to_num(chances), 0.0)
    best = believed.argmax(axis=1)
    here = np.arange(len(rows))
    margin = believed[here, best] - np.nan_to_num(chances)[here, gold]
    places = np.flatnonzero(judged & (best != gold) & (margin > 0) & (believed[here, best] > 0))
    places = places[np.argsort(-margin[places], kind="stable")][:SHOWN]
    return [{"row": rows[i].pk, "said": str(names[best[i]]), "margin": float(margin[i])} for i in places.tolist()]


def contradictions(rows: Sequence[Row], vectors: Vectors) -> list[dict[str, Any]]:
    """Pairs of the same or nearly the same text with different labels, the same texts first."""
    by_text: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_text[row.digest].append(row)
    same = [
        {"a": group[0].pk, "b": other.pk, "same": True}
        for group in by_text.values()
        for other in group[1:]
        if other.intent != group[0].intent
    ]
    return [*same, *_near(rows, vectors)][:SHOWN]


def _near(rows: Sequence[Row], vectors: Vectors) -> list[dict[str, Any]]:
    labels = np.array([row.intent for row in rows])
    found = []
    for start in range(0, len(rows), BLOCK):
        nearness = vectors[start : start + BLOCK] @ vectors.T
        nearness[labels[start : start + BLOCK, None] == labels[None, :]] = 0
        for i, j in np.argwhere(nearness >= NEAR):
            if start + i < j and rows[start + i].digest != rows[j].digest:
                found.append((float(nearness[i, j]), rows[start + i].pk, rows[j].pk))
        if len(found) > 50 * SHOWN:
            break
    return [{"a": a, "b": b, "same": False} for _nearness, a, b in sorted(found, reverse=True)[:SHOWN]]
