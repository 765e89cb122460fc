"""Lists from documentation: headings as questions, their translations, and sentences torn out of their sections."""

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from copilot.inference.embedder import Embedder
from copilot.privacy import published
from training.corpora import Pair, Section
from training.reranker.lists import Draw, Listed, Shelf
from training.reranker.recipe import RerankerRecipe

# Shares of the sections whose question is a sentence, and a heading together with its page's title.
SENTENCES, TITLED = 0.2, 0.4
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def translations(pairs: Sequence[Pair]) -> dict[str, str]:
    """English to French and French to English, for what is short enough to be a heading."""
    short = [pair for pair in pairs if len(pair.english.split()) <= 14]
    return {pair.french: pair.english for pair in short} | {pair.english: pair.french for pair in short}


def from_documentation(
    on: Shelf, others: Mapping[str, str], embedder: Embedder, recipe: RerankerRecipe, chance: random.Random
) -> Iterator[Listed]:
    """Lists of one shelf, at most `recipe.lists` of its own language and as many across languages."""
    asked = [(place, *_question(section, chance)) for place, section in enumerate(on.sections)]
    asked = [one for one in asked if len(one[2].split()) > 1]
    foreign = [
        (place, "translated", others[name])
        for place, section in enumerate(on.sections)
        if (name := _last(section.heading) or section.title) in others and len(name.split()) > 1
    ]
    some = [*_some(asked, recipe.lists, chance), *_some(foreign, recipe.lists, chance)]
    vectors = embedder.embed([published(query) for _, _, query in some])
    draw = Draw(on, recipe.negatives, chance)
    for (place, kind, query), vector in zip(some, vectors, strict=True):
        if (made := draw.listed(kind, query, vector, place, _shown(kind, query))) is not None:
            yield made


def _question(section: Section, chance: random.Random) -> tuple[str, str]:
    """How the section is asked for: the kind, and the words."""
    dice = chance.random()
    sentences = [one for one in _SENTENCE.split(section.text) if 6 <= len(one.split()) <= 30]
    if dice < SENTENCES and len(sentences) > 2:
        return "sentence", chance.choice(sentences)
    heading = _last(section.heading)
    if not heading or dice < SENTENCES + TITLED:
        return "titled", " ".join(part for part in (section.title, heading) if part)
    return "heading", heading


def _shown(kind: str, query: str) -> Callable[[Section], str]:
    """How the sections of a list are shown: without what the question says word for word."""
    if kind == "translated":
        return lambda one: f"{one.title}\n{one.heading}\n{one.text}"
    if kind == "sentence":
        return lambda one: f"{one.title}\n{one.heading}\n{one.text.replace(query, ' ')}"
    return (lambda one: f"{one.title}\n{one.text}") if kind == "heading" else (lambda one: one.text)


def _last(heading: str) -> str:
    return heading.rpartition(" > ")[2]


def _some(items: list[tuple[int, str, str]], most: int, chance: random.Random) -> list[tuple[int, str, str]]:
    return chance.sample(items, min(most, len(items)))
