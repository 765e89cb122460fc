"""The quoting writer: a frame of fixed phrases around sentences quoted word for word.

Invariant: every fact is `evidence.text[start:end]`, verbatim, so nothing can be invented; and before a quotation in
another language than the ticket's, the reply says which language follows.
"""

from collections.abc import Sequence

from copilot.drafting.frame import ending, opening
from copilot.drafting.leads import first_lead, foreign, next_lead
from copilot.drafting.select import Scored
from copilot.drafting.types import Citation, Evidence, Listing, Request, Sentence
from copilot.drafting.units import Unit

_LISTINGS: dict[str, Listing] = {"ol": "ol", "ul": "ul", "row": "ul"}


def quote(request: Request, chosen: Sequence[Scored], evidence: Sequence[Evidence]) -> tuple[Sentence, ...]:
    """A whole reply from the chosen units, in their order."""
    lead = first_lead(request, [evidence[item.unit.evidence] for item in chosen])
    facts = _facts(request, chosen, evidence, first_block=2)
    last = facts[-1].block if facts else 1
    return (*opening(request), Sentence(lead, "lead", 1), *facts, *ending(request, last + 1))


def _facts(
    request: Request, chosen: Sequence[Scored], evidence: Sequence[Evidence], first_block: int
) -> list[Sentence]:
    sentences: list[Sentence] = []
    block, before = first_block, None
    shown = numbers(chosen)
    for item in chosen:
        if before is not None and not _continues(before, item.unit):
            block += 1
        passage = evidence[item.unit.evidence]
        if before is not None and evidence[before.evidence].page != passage.page:
            sentences.append(Sentence(next_lead(request, evidence[before.evidence], passage), "lead", block))
            block += _LISTINGS.get(item.unit.shape, "") != ""
        sentences.append(fact(request, item, passage, shown[item.unit.evidence], block))
        before = item.unit
    return sentences


def _continues(before: Unit, unit: Unit) -> bool:
    """Whether the unit belongs to the paragraph or list of the one before it."""
    return before.evidence == unit.evidence and _LISTINGS.get(before.shape) == _LISTINGS.get(unit.shape)


def numbers(chosen: Sequence[Scored]) -> dict[int, int]:
    """Passages are numbered as the reader meets them."""
    order = dict.fromkeys(item.unit.evidence for item in chosen)
    return {index: number for number, index in enumerate(order, 1)}


def fact(request: Request, item: Scored, passage: Evidence, number: int, block: int) -> Sentence:
    """The unit word for word, cited as `number`, in paragraph `block`."""
    unit = item.unit
    return Sentence(
        text=unit.text,
        kind="fact",
        block=block,
        listing=_LISTINGS.get(unit.shape, ""),
        citations=(Citation(passage.id, number, unit.start, unit.end, item.score),),
        language=foreign(request, passage),
    )
