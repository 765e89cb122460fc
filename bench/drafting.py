"""From ticket to draft, by stage, for both writers that come with Souffleur.

Invariant: both writers draft the same tickets from the same passages, in turns, all of them read once before.
"""

import time
from collections import defaultdict
from collections.abc import Sequence

from bench.measure import Row, percentiles
from copilot.drafting.types import Request, Sentence
from copilot.engine import embedder, runtime
from copilot.inference.catalog import WRITER, writer_folder
from copilot.inference.generator import Generator, load_generator
from copilot.privacy import redact
from knowledge.answer import answer

STAGES = ("understand", "retrieve", "select", "write", "verify")
ROUNDS = 3


class Watch:
    """Told of each stage by the drafting room; `seconds` by stage, of one draft."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._stage, self._since = STAGES[0], time.perf_counter()

    def __call__(self, stage: str, sentences: Sequence[Sentence]) -> None:
        """The next stage, or one more sentence of this one."""
        now = time.perf_counter()
        self.seconds[self._stage] += now - self._since
        self._stage, self._since = stage, now


def rows(tickets: Sequence[dict[str, str]]) -> list[Row]:
    """Quoting with passages never read before, then both writers in turns with passages that are remembered."""
    first = [sum(_drafted(ticket, None).values()) for ticket in tickets]
    model = load_generator(writer_folder(WRITER), runtime().intra_threads)
    _drafted(tickets[0], model)  # a model's first words take longer
    pairs = [(_drafted(ticket, None), _drafted(ticket, model)) for _ in range(ROUNDS) for ticket in tickets]
    quoting, writing = ([pair[writer] for pair in pairs] for writer in (0, 1))
    return [
        Row("quote: ticket to draft, passages never read", percentiles(first), ""),
        *_of("quote", quoting),
        *_of(WRITER, writing, against=quoting),
    ]


def _drafted(ticket: dict[str, str], generator: Generator | None) -> dict[str, float]:
    """Seconds by stage."""
    watch = Watch()
    request = Request(redact(ticket["subject"]), redact(ticket["body"]), ticket["lang"])
    answer(request, embedder=embedder(), generator=generator, progress=watch)
    watch("", ())
    return dict(watch.seconds)


def _of(writer: str, drafts: Sequence[dict[str, float]], against: Sequence[dict[str, float]] = ()) -> list[Row]:
    totals = [sum(draft.values()) for draft in drafts]
    whole = sum(totals)
    compared = f"quote's time: {whole / sum(sum(draft.values()) for draft in against):.2f} x" if against else ""
    stages = ((stage, [draft.get(stage, 0.0) for draft in drafts]) for stage in STAGES)
    return [
        Row(f"{writer}: ticket to draft", percentiles(totals), compared),
        *(Row(f"  {stage}", percentiles(taken), f"{sum(taken) / whole:.0%}") for stage, taken in stages),
        Row("  drafts a minute, one worker", f"{60 * len(totals) / whole:.0f}", ""),
    ]
