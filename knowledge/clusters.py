"""Questions that nobody could answer, grouped into gaps with a name.

Invariant: a name is made of words that people wrote, without what was redacted; a question is in one group at most.

Groups: agglomerative clustering with average linkage over cosine distances (scikit-learn), which needs no number of
groups and leaves a lonely question alone. Words of a group: class-based TF-IDF (Grootendorst, "BERTopic", 2022).
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from copilot.inference.embedder import Vectors
from copilot.language.words import content_words
from copilot.privacy.text import PLACEHOLDER

# Questions nearer than this to one another, on average, are one gap. Of 3,127 pairs of labelled tickets with different
# gold sections 1.5 % are nearer; of 133 with the same one, 34 %: several small gaps rather than one wrong one.
NEAR = 0.45
NAME_LENGTH = 80
_REPLY = re.compile(r"^(?:\s*(?:re|fwd?|tr|aw)\s*:\s*)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """One question, redacted; `subject` may be empty."""

    id: int
    subject: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Questions that want the same article, the most typical first; `centre` has shape (384,) and unit length."""

    name: str
    words: tuple[str, ...]
    members: tuple[int, ...]
    centre: Vectors


def clusters(questions: Sequence[Question], vectors: Vectors, near: float = NEAR) -> list[Cluster]:
    """Groups of one question or more, the largest first. `vectors`: shape (len(questions), 384), unit length."""
    if not questions:
        return []
    labels = _labels(vectors, near)
    bags = [Counter(_words(question)) for question in questions]
    everywhere = Counter(word for bag in bags for word in bag)
    groups = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    made = [_cluster(questions, vectors, bags, everywhere, group) for group in groups]
    return sorted(made, key=lambda cluster: (-len(cluster.members), cluster.members))


def _labels(vectors: Vectors, near: float) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    if len(vectors) == 1:
        return np.zeros(1, dtype=np.int64)
    from sklearn.cluster import AgglomerativeClustering

    model = AgglomerativeClustering(n_clusters=None, metric="cosine", linkage="average", distance_threshold=1 - near)
    labels: np.ndarray[tuple[int], np.dtype[np.int64]] = model.fit_predict(vectors)
    return labels


def _cluster(
    questions: Sequence[Question], vectors: Vectors, bags: Sequence[Counter[str]], everywhere: Counter[str],
    group: "np.ndarray[tuple[int], np.dtype[np.int64]]",
) -> Cluster:  # fmt: skip
    centre = vectors[group].mean(axis=0)
    centre = centre / max(float(np.linalg.norm(centre)), 1e-9)
    order = [int(place) for place in group[np.argsort(-(vectors[group] @ centre), kind="stable")]]
    words = _telling(sum((bags[place] for place in order), Counter[str]()), everywhere, len(questions))
    return Cluster(
        name=next((name for place in order if (name := name_of(questions[place]))), " ".join(words) or "?"),
        words=words, members=tuple(questions[place].id for place in order), centre=centre,
    )  # fmt: skip


def name_of(question: Question) -> str:
    """What the question is called: its subject, or its first sentence that asks."""
    subject = _bare(_REPLY.sub("", question.subject))
    if len(re.findall(r"\w+", subject)) >= 2:
        return _short(subject)
    sentences = re.split(r"(?<=[.!?])\s+|\n+", question.text)
    asked = next((sentence for sentence in sentences if sentence.rstrip().endswith("?")), "")
    first = next((sentence for sentence in sentences if len(re.findall(r"\w+", sentence)) > 2), "")
    return _short(_bare(asked)) or _short(_bare(first)) or _short(subject)


def _bare(text: str) -> str:
    return " ".join(PLACEHOLDER.sub("", text).split()).strip(" -:,.!")


def _short(text: str) -> str:
    if len(text) <= NAME_LENGTH:
        return text[:1].upper() + text[1:]
    return _short(text[: NAME_LENGTH - 1].rsplit(" ", 1)[0]) + "…"


def _words(question: Question) -> list[str]:
    text = PLACEHOLDER.sub("", f"{question.subject} {question.text}")
    return [word for word in content_words(text, question.language) if len(word) > 2 and word.isalpha()]


def _telling(bag: Counter[str], everywhere: Counter[str], total: int, k: int = 4) -> tuple[str, ...]:
    """The words that are this group's own."""
    weight = {word: count * math.log(1 + total / everywhere[word]) for word, count in bag.items()}
    return tuple(sorted(weight, key=lambda word: (-weight[word], word))[:k])
