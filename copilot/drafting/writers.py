"""Who puts the reply into words: the quoting writer, or a model whose sentences are checked.

Invariant: a model's sentence that fails its check is never shown as supported; when too little is left, the
quoting writer's reply is used and the draft says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from copilot.drafting.check import check
from copilot.drafting.compose import quote
from copilot.drafting.leads import another_page
from copilot.drafting.prompt import parse, prompt
from copilot.drafting.select import Scored
from copilot.drafting.types import Evidence, Request, Sentence
from copilot.drafting.verify import verify
from copilot.inference.embedder import Embedder
from copilot.inference.generator import Generator

MAX_TOKENS = 220
# A model's reply stands when at least this share of its claims is carried by what it cites.
ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Written:
    """Verified sentences, who wrote them, and what the agent should know."""

    sentences: tuple[Sentence, ...]
    writer: str
    note: str = ""


def write(
    request: Request,
    chosen: Sequence[Scored],
    evidence: Sequence[Evidence],
    embedder: Embedder,
    generator: Generator | None,
) -> Written:
    """A verified reply from the configured model, or from the quoting writer."""
    by_id = {passage.id: passage for passage in evidence}
    quoted = tuple(verify(sentence, by_id) for sentence in quote(request, chosen, evidence))
    if generator is None:
        return Written(quoted, "quote")
    [text] = generator.generate([prompt(request, evidence)], MAX_TOKENS)
    written = parse(text, evidence, request.language)
    kept = _kept([check(sentence, by_id, request.language, embedder) for sentence in written])
    if not kept:
        return Written(quoted, "quote", "the model’s text was not carried by the evidence")
    frame = [sentence for sentence in quoted if sentence.kind in ("greeting", "acknowledge", "closing")]
    return Written(_framed(frame, _led(request, kept, by_id)), f"model:{generator.recipe}")


def _kept(checked: Sequence[Sentence]) -> list[Sentence]:
    carried = [sentence for sentence in checked if sentence.verdict != "unsupported"]
    return carried if checked and len(carried) / len(checked) >= ENOUGH else []


def _led(request: Request, facts: Sequence[Sentence], by_id: Mapping[int, Evidence]) -> list[Sentence]:
    """The facts; before the first that is a quotation in another language, the one line that says which."""
    first = next((n for n, fact in enumerate(facts) if fact.language), None)
    if first is None:
        return list(facts)
    lead = another_page(request, by_id[facts[first].citations[0].evidence])
    return [*facts[:first], Sentence(lead, "lead", 2), *facts[first:]]


def _framed(frame: Sequence[Sentence], facts: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Greeting and acknowledgement before the facts, the closing after them."""
    opening = [sentence for sentence in frame if sentence.kind != "closing"]
    closing = [sentence for sentence in frame if sentence.kind == "closing"]
    last = (replace(sentence, block=block) for block, sentence in enumerate(closing, 3))
    return (*opening, *(replace(fact, block=2) for fact in facts), *last)
