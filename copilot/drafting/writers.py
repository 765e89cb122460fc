"""Who puts the reply into words: the quoting writer, or a model whose sentences are checked.

Invariant: a model's sentence that fails its check is never shown as supported; when too little is left, the
quoting writer's reply is used and the draft says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from copilot.drafting.asking import asked, heard
from copilot.drafting.compose import numbers, quote
from copilot.drafting.leads import another_page
from copilot.drafting.select import Scored
from copilot.drafting.settle import Settled, settle
from copilot.drafting.types import Evidence, Progress, Request, Sentence
from copilot.drafting.verify import verify
from copilot.inference.embedder import Embedder
from copilot.inference.generator import Generator
from copilot.privacy.text import Redacted

MAX_TOKENS = 220
# A model's reply stands when at least this share of its claims is carried by what it cites.
ENOUGH = 0.5
# One that says most of its sentences again is looping.
LOOPING = 0.5
UNCARRIED = "the model’s text was not carried by the evidence"
REPEATED = "the model repeated itself"
REPAIRED = "a citation was put right"


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
    progress: Progress | None = None,
    needs: Sequence[Redacted] = (),
) -> Written:
    """A verified reply to `needs` from the configured model or the quoting writer. Raises what `progress` raises."""
    by_id = {passage.id: passage for passage in evidence}
    quoted = _checked(quote(request, chosen, evidence), by_id)
    if generator is None:
        return _told(Written(quoted, "quote"), progress)
    [text] = generator.generate([asked(generator, request, chosen, evidence, needs)], MAX_TOKENS)
    shown = _shown(chosen, evidence)
    frame = [sentence for sentence in quoted if sentence.kind in ("greeting", "acknowledge", "closing")]

    def told(kept: Sequence[Sentence]) -> None:
        if progress and kept:
            progress("verify", _framed(frame, kept))

    sentences = heard(generator, text, request, chosen, evidence)
    settled = settle(sentences, request, by_id, shown, embedder, told)
    if reason := _refused(settled):
        return _told(Written(quoted, "quote", reason), progress)
    framed = _framed(frame, _led(request, settled.sentences, by_id))
    return Written(framed, f"model:{generator.recipe}", REPAIRED if settled.repaired else "")


def _shown(chosen: Sequence[Scored], evidence: Sequence[Evidence]) -> dict[int, int]:
    """The number of each passage by its id: those of the chosen units first, as the reader meets them."""
    order = dict.fromkeys([*numbers(chosen), *range(len(evidence))])
    return {evidence[index].id: number for number, index in enumerate(order, 1)}


def _checked(sentences: Sequence[Sentence], by_id: Mapping[int, Evidence]) -> tuple[Sentence, ...]:
    """The quoting writer's sentences with their verdicts; what fails even here is not shown."""
    checked = (verify(sentence, by_id) for sentence in sentences)
    return tuple(sentence for sentence in checked if sentence.verdict != "unsupported")


def _told(written: Written, progress: Progress | None) -> Written:
    if progress:
        progress("verify", written.sentences)
    return written


def _refused(settled: Settled) -> str:
    """Why the model's text is not used; empty when it is."""
    every = settled.repeated + settled.claims
    if settled.repeated and settled.repeated / max(1, every) > LOOPING:
        return REPEATED
    if not settled.carried or settled.carried / settled.claims < ENOUGH:
        return UNCARRIED
    return ""


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
