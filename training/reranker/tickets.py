"""Lists from the project's own labelled tickets: what a customer wrote, and the section with the words that answer."""

import random
from collections.abc import Iterator, Sequence

from copilot.inference.embedder import Embedder
from copilot.privacy import published
from training.corpora import Section
from training.reader.examples import Example
from training.reranker.lists import Draw, Listed, Shelf
from training.reranker.recipe import RerankerRecipe


def from_tickets(
    tickets: Sequence[Example], on: Shelf, embedder: Embedder, recipe: RerankerRecipe, chance: random.Random
) -> Iterator[Listed]:
    """Each ticket about the shelf's source several times, with other negatives each time."""
    vectors = embedder.embed([published(asked(ticket)) for ticket in tickets])
    draw = Draw(on, recipe.negatives, chance)
    for ticket, vector in zip(tickets, vectors, strict=True):
        answers = [place for place, one in enumerate(on.sections) if answers_it(one, ticket)]
        for answer in answers[: recipe.tickets] * max(1, recipe.tickets // max(1, len(answers))):
            made = draw.listed("ticket", asked(ticket), vector, answer, _whole, answers)
            if made is not None:
                yield made


def asked(ticket: Example) -> str:
    """The ticket as a search gets it."""
    return f"{ticket.subject}\n{ticket.body}"


def answers_it(section: Section, ticket: Example) -> bool:
    """Whether the section holds words that were marked."""
    return any(quote.text.strip() in section.text for quote in ticket.quotes if quote.text.strip())


def _whole(section: Section) -> str:
    return "\n".join(part for part in (section.title, section.heading, section.text) if part)
