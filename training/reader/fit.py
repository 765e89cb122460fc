"""Cases to weights: units by logistic regression, pages by a choice among those found, answers by logistic regression.

Invariant: what a later model learns from an earlier one is the earlier one's word about products that it did not learn
from (`out_of_fold`); otherwise the later would trust it too much.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from copilot.drafting.answering import answer_features
from copilot.drafting.features import Features, unit_features
from copilot.drafting.linear import Linear
from copilot.drafting.pages import page_features
from copilot.drafting.reader import softmax
from copilot.drafting.sheet import Floats
from training.reader.cases import Case

# Inverse strengths of the penalty, chosen by leaving products out (docs/adr/0009).
UNITS_C, PAGES_C, ANSWERED_C = 0.02, 0.3, 0.05
FOLDS = 6


@dataclass(frozen=True, slots=True)
class Models:
    """The three linear models."""

    units: Linear
    pages: Linear
    answered: Linear


@dataclass(frozen=True, slots=True)
class Learned:
    """A case with its unit features, computed once."""

    case: Case
    features: Features


def learnable(found: Sequence[Case]) -> list[Learned]:
    """The cases with their features."""
    return [Learned(case, unit_features(case.sheet)) for case in found]


def fit(rows: Sequence[Learned], answers: Sequence[Learned]) -> Models:
    """Fit all three. `answers` are the rows for the last model: with and without an answer."""
    answered = [row for row in rows if row.case.answered]
    odds = out_of_fold(answered, lambda some: fit_units(some).score)
    units = fit_units(answered)
    pages = fit_pages(answered, odds)
    return Models(units, pages, fit_answered(answers, units, pages))


def fit_units(rows: Sequence[Learned]) -> Linear:
    """Is this unit part of the answer? Learned from tickets that have one."""
    names = tuple(rows[0].features)
    matrix = np.concatenate([_matrix(row.features, names)[row.case.sheet.quotable] for row in rows])
    gold = np.concatenate([row.case.units[row.case.sheet.quotable] for row in rows])
    return _logistic(names, matrix, gold, UNITS_C)


def fit_pages(rows: Sequence[Learned], odds: Sequence[Floats]) -> Linear:
    """Which page is it? A softmax over the pages found, the mass on all gold ones maximised."""
    found = [page_features(row.case.sheet, row.features, one) for row, one in zip(rows, odds, strict=True)]
    names = tuple(found[0])
    matrices = [_matrix(features, names) for features in found]
    every = np.concatenate(matrices)
    scale = _scale(every)
    data = [(matrix / scale, row.case.pages > 0) for matrix, row in zip(matrices, rows, strict=True)]
    weights = minimize(_choice_loss, np.zeros(len(names)), args=(data,), jac=True, method="L-BFGS-B").x
    return Linear(names, np.zeros(len(names)), scale, weights, 0.0)


def _choice_loss(weights: Floats, data: Sequence[tuple[Floats, Floats]]) -> tuple[float, Floats]:
    """Mean negative log of the probability on gold pages, with the penalty; and its gradient."""
    penalty = 1 / (PAGES_C * len(data))
    loss, gradient = float(weights @ weights) * penalty / 2, weights * penalty
    for matrix, gold in data:
        chances = softmax(matrix @ weights)
        on_gold = float(chances[gold].sum()) + 1e-12
        loss -= np.log(on_gold) / len(data)
        gradient = gradient - matrix.T @ (np.where(gold, chances / on_gold, 0.0) - chances) / len(data)
    return loss, gradient


def fit_answered(rows: Sequence[Learned], units: Linear, pages: Linear) -> Linear:
    """Does the evidence answer?"""
    found = [answer_row(row, units, pages) for row in rows]
    names = tuple(found[0])
    matrix = np.stack([_matrix(features, names) for features in found])
    return _logistic(names, matrix, np.array([row.case.answered for row in rows], dtype=np.float64), ANSWERED_C)


def answer_row(row: Learned, units: Linear, pages: Linear) -> Features:
    """What the last model sees of a case."""
    odds = units.score(row.features)
    chances = softmax(pages.score(page_features(row.case.sheet, row.features, odds)))
    return answer_features(row.case.sheet, row.features, odds, chances)


def out_of_fold(
    rows: Sequence[Learned], learn: Callable[[Sequence[Learned]], Callable[[Features], Floats]]
) -> list[Floats]:
    """Each row's scores by a model that learned from other products; by all, where there is one product only."""
    sources = sorted({row.case.source for row in rows})
    fold_of = {source: place % FOLDS for place, source in enumerate(sources)}
    said: dict[str, Floats] = {}
    for fold in set(fold_of.values()):
        others = [row for row in rows if fold_of[row.case.source] != fold]
        score = learn(others or rows)
        said |= {row.case.id: score(row.features) for row in rows if fold_of[row.case.source] == fold}
    return [said[row.case.id] for row in rows]


def _logistic(names: tuple[str, ...], matrix: Floats, gold: Floats, strength: float) -> Linear:
    mean, scale = matrix.mean(axis=0), _scale(matrix)
    model = LogisticRegression(C=strength, max_iter=3000).fit((matrix - mean) / scale, gold > 0)
    return Linear(names, mean, scale, model.coef_[0], float(model.intercept_[0]))


def _matrix(features: Features, names: Sequence[str]) -> Floats:
    return np.stack([features[name] for name in names], axis=-1)


def _scale(matrix: Floats) -> Floats:
    spread = matrix.std(axis=0)
    return np.asarray(np.where(spread > 1e-6, spread, 1.0))
