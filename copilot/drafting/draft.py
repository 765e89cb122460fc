"""From a request and its evidence to a draft.

Invariant: the same request, evidence and recipe give the same draft.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from copilot.drafting.hold import hold
from copilot.drafting.kinds import asks_nothing, needs_lookup
from copilot.drafting.missing import with_missing
from copilot.drafting.needs import Needs, needs
from copilot.drafting.reader import reader_for
from copilot.drafting.reading import Reader
from copilot.drafting.select import Scored, select
from copilot.drafting.sheet import Sheet, sheet
from copilot.drafting.types import Draft, Evidence, Progress, Request, Sentence
from copilot.drafting.unmet import with_unmet
from copilot.drafting.writers import write
from copilot.inference.embedder import Embedder
from copilot.inference.generator import Generator

RECIPE = "draft-3"


@dataclass(frozen=True, slots=True)
class Read:
    """A ticket and its evidence, the best passages first, as the reader judged them."""

    asked: Needs
    evidence: tuple[Evidence, ...]
    chosen: tuple[Scored, ...]
    answers: float
    needs: tuple[float, ...]


def draft(
    request: Request,
    evidence: Sequence[Evidence],
    *,
    embedder: Embedder,
    generator: Generator | None = None,
    least: float = 0.0,
    progress: Progress | None = None,
    reader: Reader | None = None,
    asked: Needs | None = None,
) -> Draft:
    """A verified reply, or an abstention with its reason and a holding reply that claims nothing.

    `least` is what the reader's probability of an answer must exceed, beside its own threshold; `reader` is the one
    that fits the embedder unless given; `asked` spares reading the request again.
    """
    judge = reader or reader_for(embedder)
    recipe = "/".join(part for part in (RECIPE, judge.recipe, embedder.recipe, _recipe(generator)) if part)
    if asks_nothing(request) and not request.pinned:
        return _abstained(request, recipe, "not_a_question", evidence)
    if not evidence:
        return _abstained(request, recipe, "needs_lookup" if needs_lookup(request) else "nothing_found", evidence)
    if progress:
        progress("select", ())
    found = _read(sheet(asked or needs(request, embedder), evidence, embedder), judge)
    enough = found.answers >= judge.threshold and found.answers > least
    if not found.chosen or not (enough or request.pinned):  # a person said that a pinned passage answers
        reason = "needs_lookup" if needs_lookup(request) else "not_answering"
        return _abstained(request, recipe, reason, found.evidence, found.answers)
    if progress:
        progress("write", ())
    wanted = [need.text for need in found.asked.needs]
    written = write(request, found.chosen, found.evidence, embedder, generator, progress, wanted)
    if not any(sentence.kind == "fact" for sentence in written.sentences):  # nothing passed its check
        return _abstained(request, recipe, "not_answering", found.evidence, found.answers)
    sentences = with_unmet(written.sentences, request, found.asked, found.needs, judge.threshold)
    return Draft(
        with_missing(sentences, request), written.writer, recipe, note=written.note, nearness=found.answers,
        ranked=_ids(found.evidence),
    )  # fmt: skip


def _read(asked: Sheet, reader: Reader) -> Read:
    """The evidence in the reader's order, with what it would show of it."""
    if not asked.quotable.any():
        return Read(asked.needs, asked.evidence, (), 0.0, ())
    reading = reader.read(asked)
    place = {passage: order for order, passage in enumerate(reading.order)}
    chosen = (_moved(item, place) for item in select(asked, reading))
    evidence = tuple(asked.evidence[passage] for passage in reading.order)
    return Read(asked.needs, evidence, tuple(chosen), reading.answers, reading.needs)


def _moved(item: Scored, place: dict[int, int]) -> Scored:
    return replace(item, unit=replace(item.unit, evidence=place[item.unit.evidence]))


def _recipe(generator: Generator | None) -> str:
    return generator.recipe if generator else ""


def _ids(evidence: Sequence[Evidence]) -> tuple[int, ...]:
    return tuple(passage.id for passage in evidence)


def _abstained(request: Request, recipe: str, reason: str, evidence: Sequence[Evidence], answers: float = 0.0) -> Draft:
    sentences: tuple[Sentence, ...] = hold(request, reason)
    return Draft(sentences, "quote", recipe, abstained=True, reason=reason, nearness=answers, ranked=_ids(evidence))
