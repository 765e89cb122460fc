"""Labelled texts to a `Classifier`.

Invariant: regularisation, mixture, temperature and threshold are chosen on rows the scored model has not seen.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from threadpoolctl import threadpool_limits

from copilot.inference.embedder import Embedder
from copilot.privacy import Redacted, redact
from copilot.triage.classifier import Classifier
from copilot.triage.examples import CannotTrain, Examples, examples
from copilot.triage.fitting import fit, fit_meaning
from copilot.triage.folds import ENOUGH, Indexes, rounds, sample
from copilot.triage.held_out import Choice, HeldOut, best_temperature, choose, loss
from copilot.triage.lift import Floats, Lift, make_lift

__all__ = ["CannotTrain", "names_of", "train"]

STRENGTHS = (3.0, 10.0, 30.0)  # scikit-learn's C; the best on 10 rows a label as on 100 is among them
DEFAULT_STRENGTH = 10.0
SAMPLE = 3000  # rows on which C is chosen, on at least SAMPLE_HELD_OUT of them
SAMPLE_HELD_OUT = 300
SAMPLE_TOLERANCE = 3e-4
FEW = 20  # rows a label, up to which the label's own name is tried as one more row of it
UNTRIED = Choice(share=0.0, temperature=1.0, threshold=float(-np.inf), loss=float(np.inf))


def train(
    vectors: Floats, texts: Sequence[Redacted], labels: Sequence[str], *, recipe: str,
    called: Mapping[str, Floats] | None = None, seed: int = 0,
) -> Classifier:  # fmt: skip
    """A classifier of `texts` with their `vectors`, shape (n, width), one label each.

    `recipe` names what made the vectors; `called` has the vectors of the labels' own names (`spoken`), which teach
    where there are few rows. Raises CannotTrain, as `copilot.triage.examples.examples` does. Labels with one row are
    learned, though nothing can be measured on them.
    """
    # On cores that serve the desk as well, a second thread mostly spins: 15,000 rows took 25 s on one, 50 s on two; and
    # of a few hundred rows' training, most was the threads of one small decomposition that waited for each other.
    with threadpool_limits(1):
        return _train(vectors, texts, labels, recipe, called or {}, seed)


def _train(
    vectors: Floats, texts: Sequence[Redacted], labels: Sequence[str], recipe: str, called: Mapping[str, Floats],
    seed: int,
) -> Classifier:  # fmt: skip
    rows = examples(vectors, texts, labels)
    columns, targets = np.unique(np.asarray(labels, dtype=str), return_inverse=True)
    names = tuple(map(str, columns))
    lift = make_lift(vectors.shape[1], seed)
    strength = _choose_strength(rows, targets, lift, seed)
    by_name = _names_as_rows(called, names) if len(rows) <= FEW * len(names) else None
    tried = [
        (_try(rows, more, targets, lift, strength, seed), more) for more in ([None, by_name] if by_name else [None])
    ]
    choice, more = min(tried, key=lambda pair: pair[0].loss)
    heads = fit(rows.with_more(more), names, lift, strength)
    return Classifier(names, recipe, heads.meaning, heads.letters, choice.share, choice.temperature, choice.threshold)


def names_of(labels: Iterable[str], embedder: Embedder) -> dict[str, Floats]:
    """The vectors of the labels' own names."""
    names = sorted(set(labels))
    return dict(zip(names, embedder.embed([redact(spoken(name)) for name in names]), strict=True))


def spoken(label: str) -> str:
    """The label as a person would say it: "card_arrival" and "cardArrival" are "card arrival"."""
    apart = "".join(f" {letter}" if letter.isupper() else letter for letter in label)
    return " ".join("".join(letter if letter.isalnum() else " " for letter in apart).split()).lower()


def _names_as_rows(called: Mapping[str, Floats], names: Sequence[str]) -> Examples | None:
    known = [name for name in names if name in called and spoken(name)]
    if not known:
        return None
    texts = [redact(spoken(name)) for name in known]
    return examples(np.stack([called[name] for name in known]), texts, known) if len(known) > 1 else None


def _try(rows: Examples, more: Examples | None, targets: Indexes, lift: Lift, strength: float, seed: int) -> Choice:
    """What rows held out in turn choose, with `more` learnt in every round."""
    held_out = _hold_out(rows, more, targets, lift, strength, seed)
    return choose(held_out) if held_out else UNTRIED


def _hold_out(
    rows: Examples, more: Examples | None, targets: Indexes, lift: Lift, strength: float, seed: int
) -> HeldOut | None:
    """Logits of rows held out in turn; None where no label has a row to spare."""
    names = sorted(set(rows.labels))
    meaning, letters, gold = [], [], []
    for train_rows, test_rows in rounds(targets, seed, enough=ENOUGH):
        heads = fit(rows.at(train_rows).with_more(more), names, lift, strength)
        meaning.append(heads.meaning(rows.vectors[test_rows]))
        letters.append(heads.letters.of([rows.found[i] for i in test_rows]))
        gold.append(targets[test_rows])
    if not gold:
        return None
    return HeldOut(np.vstack(meaning).astype(float), np.vstack(letters).astype(float), np.concatenate(gold))


def _choose_strength(rows: Examples, targets: Indexes, lift: Lift, seed: int) -> float:
    """The C of the head of meaning whose held-out probabilities, at their best temperature, are best."""
    chosen = sample(targets, SAMPLE, seed)
    few, of_few = rows.at(chosen), targets[chosen]
    losses = {strength: _loss_at(few, of_few, lift, strength, seed) for strength in STRENGTHS}
    best = min(losses, key=losses.__getitem__)
    return best if np.isfinite(losses[best]) else DEFAULT_STRENGTH


def _loss_at(rows: Examples, targets: Indexes, lift: Lift, strength: float, seed: int) -> float:
    names = sorted(set(rows.labels))
    numbers = {name: number for number, name in enumerate(names)}
    logits, gold = [], []
    for train_rows, test_rows in rounds(targets, seed, enough=SAMPLE_HELD_OUT):
        head = fit_meaning(rows.at(train_rows), names, lift, strength, SAMPLE_TOLERANCE)
        logits.append(head(rows.vectors[test_rows]))
        gold += [numbers[rows.labels[i]] for i in test_rows]
    if not gold:
        return float(np.inf)
    stacked, right = np.vstack(logits).astype(float), np.array(gold, dtype=np.intp)
    return loss(stacked / best_temperature(stacked, right), right)
