"""What is learnt from: a question, what answers it, and passages that look as if they did.

Invariant: in a list, all passages are shown in one way: where the answer's heading is hidden, every heading is.
"""

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from copilot.inference.embedder import Embedder, Vectors
from copilot.privacy import published
from training.corpora import Section

# Nearest passages among which negatives are drawn; one that is nearer than ALIKE to the answer may answer as well.
NEAREST = 25
ALIKE = 0.95
# Words of a section that are embedded to find its neighbours.
EMBEDDED = 40
# Words of a passage that are kept: more than a pair has room for.
KEPT = 90


@dataclass(frozen=True, slots=True)
class Listed:
    """`passages[0]` answers `query`; the others do not. `kind` says how it was made."""

    kind: str
    source: str
    query: str
    passages: tuple[str, ...]


@dataclass(frozen=True)
class Shelf:
    """Sections of one source and language, and their vectors, shape (sections, 384), without their headings."""

    sections: Sequence[Section]
    vectors: Vectors


def shelf(sections: Sequence[Section], embedder: Embedder) -> Shelf:
    """Embed the sections."""
    texts = [published(cut(f"{one.title}\n{one.text}", EMBEDDED)) for one in sections]
    return Shelf(sections, embedder.embed(texts))


@dataclass(frozen=True)
class Draw:
    """Makes lists of a shelf's sections, with `many` negatives each."""

    on: Shelf
    many: int
    chance: random.Random

    def listed(
        self, kind: str, query: str, vector: Vectors, answer: int, show: Callable[[Section], str],
        also: Collection[int] = (),
    ) -> Listed | None:  # fmt: skip
        """A list of section `answer` and some near ones; `also` are further answers. None where there are too few."""
        near = neighbours(vector, answer, self.on, also)
        if len(near) < self.many:
            return None
        own = self.on.sections[answer]
        shown = (own, *(self.on.sections[place] for place in self.chance.sample(near, self.many)))
        return Listed(kind, own.source, query, tuple(cut(show(one), KEPT) for one in shown))


def neighbours(vector: Vectors, answer: int, on: Shelf, also: Collection[int]) -> list[int]:
    """The sections that a search for `vector` would put on top, without those that may answer as well."""
    alike = on.vectors @ on.vectors[answer]
    own = on.sections[answer]
    found = []
    for place in np.argsort(-(on.vectors @ vector)).tolist():
        other = on.sections[place]
        twin = alike[place] > ALIKE or (other.title, other.heading) == (own.title, own.heading)
        if place != answer and place not in also and not twin:
            found.append(place)
        if len(found) == NEAREST:
            break
    return found


def cut(text: str, words: int) -> str:
    """The first `words` words."""
    return " ".join(text.split()[:words])
