"""How well each sentence stands for each part of a summary: its words, its place, its nearness to the others.

Invariant: the weights depend on the conversation alone, so the same messages give the same summary.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from copilot.inference.embedder import Embedder, Vectors
from copilot.privacy.text import Redacted, published
from copilot.summary.candidates import Candidate
from copilot.summary.cues import acts
from copilot.summary.types import Message, Role

SENTENCE_ROLES: tuple[Role, ...] = ("problem", "tried", "asked")
# What people say in each part, in their own words; a sentence without a cue is known by what it is near to.
TYPICAL: dict[Role, tuple[str, ...]] = {
    "problem": (
        "It does not work any more.", "I get an error message every time.", "The parcel never arrived.",
        "I was charged the wrong amount.", "Cela ne fonctionne plus.", "J'ai un message d'erreur à chaque fois.",
        "Le colis n'est jamais arrivé.", "On m'a facturé un mauvais montant.",
    ),
    "tried": (
        "I already tried to restart it, without success.", "I followed the steps and nothing changed.",
        "We have reset it on our side.", "I contacted the carrier.", "J'ai déjà essayé de redémarrer, sans succès.",
        "J'ai suivi les étapes et rien n'a changé.", "Nous l'avons réinitialisé de notre côté.",
        "J'ai contacté le transporteur.",
    ),
    "asked": (
        "Can you help me?", "Please send me a replacement.", "I would like a refund.", "When will it be solved?",
        "Pouvez-vous m'aider ?", "Merci de m'envoyer un remplacement.", "Je souhaite être remboursé.",
        "Quand sera-ce réglé ?",
    ),
}  # fmt: skip
CUE, TYPICALLY, SUBJECT, CENTRAL = 1.0, 0.6, 0.4, 0.5
# By who says it, where.
AGENT: dict[Role, float] = {"problem": -0.7, "tried": 0.0, "asked": -1.2}
OPENING: dict[Role, float] = {"problem": 0.45, "tried": 0.0, "asked": 0.1}
LATEST: dict[Role, float] = {"problem": 0.35, "tried": 0.0, "asked": 0.5}
QUESTION: dict[Role, float] = {"problem": -0.6, "tried": -0.9, "asked": 0.2}
# "I restarted it, but it still fails" is something that was tried.
ACTED = -0.7
# Sentences that are nearer than this speak of the same.
NEAR = 0.35
FEW_WORDS, TOO_FEW = 4, -0.4


@dataclass(frozen=True, slots=True)
class Weighed:
    """Weights of shape (sentences, SENTENCE_ROLES) and the sentences' unit vectors."""

    weights: Vectors
    vectors: Vectors


def weigh(found: Sequence[Candidate], messages: Sequence[Message], subject: Redacted, embedder: Embedder) -> Weighed:
    """Read all sentences in one call of the embedder."""
    texts = [messages[each.index].text.excerpt(each.text) for each in found]
    vectors = embedder.embed([*texts, subject])
    vectors, about = vectors[:-1], vectors[-1]
    weights = CUE * np.array([[each.cues[role] for role in SENTENCE_ROLES] for each in found], dtype=np.float32)
    weights += TYPICALLY * _typical(vectors, embedder)
    general = SUBJECT * (vectors @ about) + CENTRAL * _centrality(vectors)
    weights += general[:, None] * np.array([1.0, 0.3, 0.5], dtype=np.float32)
    return Weighed(weights + _placed(found), vectors)


def _typical(vectors: Vectors, embedder: Embedder) -> Vectors:
    """How much nearer each sentence is to what is typical of a role than to what is typical of the others."""
    near = np.stack([(vectors @ typical.T).max(axis=1) for typical in _typical_vectors(embedder)], axis=1)
    return np.asarray(near - near.mean(axis=1, keepdims=True), dtype=np.float32)


@lru_cache(maxsize=2)
def _typical_vectors(embedder: Embedder) -> tuple[Vectors, ...]:
    return tuple(embedder.embed([published(text) for text in TYPICAL[role]]) for role in SENTENCE_ROLES)


def _centrality(vectors: Vectors) -> Vectors:
    """The share of the other sentences that are near, of the most that any has: degree centrality, as in LexRank."""
    near = (vectors @ vectors.T > NEAR).sum(axis=1).astype(np.float32) - 1
    return np.asarray(near / max(float(near.max(initial=0.0)), 1.0), dtype=np.float32)


def _placed(found: Sequence[Candidate]) -> Vectors:
    """What place and author add."""
    first = next((each.index for each in found if not each.by_agent), 0)
    last = max((each.index for each in found if not each.by_agent), default=0)
    return np.array([[_bonus(each, role, first, last) for role in SENTENCE_ROLES] for each in found], dtype=np.float32)


def _bonus(each: Candidate, role: Role, first: int, last: int) -> float:
    bonus = AGENT[role] if each.by_agent else 0.0
    bonus += OPENING[role] * (each.index == first) + LATEST[role] * (each.index >= last)
    bonus += QUESTION[role] * each.text.endswith("?")
    if role == "problem" and each.cues["tried"] == 1.0 and acts(each.text):
        bonus += ACTED
    return bonus + TOO_FEW * (len(each.text.split()) < FEW_WORDS)
