"""Lists from an open collection of FAQs about hotels and restaurants (DSTC9, track 1).

Invariant: the entities of its training file are left out, for another challenge's set, on which we measure, is made of
them; what is learnt from are those that its evaluation file alone has.
"""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from copilot.inference.embedder import Embedder, Vectors
from copilot.privacy import published
from training.corpora import Section
from training.reranker.lists import Draw, Listed, Shelf
from training.reranker.recipe import RerankerRecipe

SOURCE = "dstc9-track1-kb"
# Another entity's question is another wording of this one when it is so near, and nearer than this one's neighbours.
SAME = 0.8


@dataclass(frozen=True)
class Faqs:
    """FAQs (title: the entity, heading: the question) and the vectors of the questions without the names."""

    sections: list[Section]
    asked: Vectors


def faqs(folder: Path, embedder: Embedder, entities: int, chance: random.Random) -> Faqs:
    """The FAQs of so many entities; none where the collection is not at hand."""
    files = [folder / SOURCE / f"knowledge_{name}.json" for name in ("train", "eval")]
    if not all(file.exists() for file in files):
        return Faqs([], embedder.embed([]))
    seen, known = (_entities(json.loads(file.read_text(encoding="utf-8"))) for file in files)
    names = sorted(known.keys() - seen.keys())
    some = chance.sample(names, min(entities, len(names)))
    sections = [Section(SOURCE, "en", name, question, answer) for name in some for question, answer in known[name]]
    return Faqs(sections, embedder.embed([published(_nameless(one)) for one in sections]))


def _entities(said: Mapping[str, Mapping[str, Any]]) -> dict[str, list[tuple[str, str]]]:
    """Questions and answers by the name of what they are about."""
    found: dict[str, list[tuple[str, str]]] = {}
    for entity in (entity for domain in said.values() for entity in domain.values() if entity.get("name")):
        found.setdefault(entity["name"], []).extend((doc["title"], doc["body"]) for doc in entity["docs"].values())
    return found


def _nameless(section: Section) -> str:
    return section.heading.replace(section.title, "this place")


def from_faqs(on: Faqs, embedder: Embedder, recipe: RerankerRecipe, chance: random.Random) -> Iterator[Listed]:
    """A question about an entity, in another entity's words or in its own; its own are hidden from the passages."""
    if not on.sections:
        return
    places = chance.sample(range(len(on.sections)), min(len(on.sections), 8 * recipe.lists))
    asked = [(place, *_asked(place, on, chance)) for place in places]
    texts = [published(f"{one.title}: {one.heading} {one.text}") for one in on.sections]
    draw = Draw(Shelf(on.sections, embedder.embed(texts)), recipe.negatives, chance)
    vectors = embedder.embed([published(query) for _, _, query in asked])
    for (place, kind, query), vector in zip(asked, vectors, strict=True):
        show = _whole if kind == "reworded" else _answer
        if (made := draw.listed(kind, query, vector, place, show)) is not None:
            yield made


def _asked(place: int, on: Faqs, chance: random.Random) -> tuple[str, str]:
    """The kind of the list, and the question with the entity's name somewhere."""
    own = on.sections[place]
    wording = another_wording(place, on, chance)
    question = _nameless(own) if wording is None else wording
    form = chance.choice(["{name}: {question}", "{question} ({name})", "{name}\n{question}"])
    return "answer" if wording is None else "reworded", form.format(name=own.title, question=question)


def another_wording(place: int, on: Faqs, chance: random.Random) -> str | None:
    """How another entity is asked the same; None where none is, or another question of this entity is as near."""
    own = on.sections[place]
    near = on.asked @ on.asked[place]
    inside = [other for other, one in enumerate(on.sections) if one.title == own.title]
    alike = [
        other
        for other in np.flatnonzero(near > SAME).tolist()
        if on.sections[other].title != own.title
        and _nameless(on.sections[other]).lower() != _nameless(own).lower()
        and inside[int(np.argmax(on.asked[inside] @ on.asked[other]))] == place
    ]
    return _nameless(on.sections[chance.choice(alike)]) if alike else None


def _whole(section: Section) -> str:
    return f"{section.title}: {section.heading}\n{section.text}"


def _answer(section: Section) -> str:
    return f"{section.title}\n{section.text}"
