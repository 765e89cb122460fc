"""The bundled writer's reply as sentences: each number leads back to the very unit that it stood for.

Invariant: a citation points at one unit of one passage; a sentence without a number, or with one that was not given,
cites nothing.
"""

from collections.abc import Sequence
from dataclasses import replace

from copilot.drafting.compose import fact, numbers
from copilot.drafting.numbered import read
from copilot.drafting.select import Scored
from copilot.drafting.types import Evidence, Request, Sentence


def said(reply: str, request: Request, chosen: Sequence[Scored], evidence: Sequence[Evidence]) -> list[Sentence]:
    """The reply's sentences as facts, in its order, each once; lists stay lists. The verdicts are still to come."""
    shown = numbers(chosen)
    found: dict[str, Sentence] = {}
    for line in read(reply):
        if 1 <= line.number <= len(chosen):
            item = chosen[line.number - 1]
            cited = fact(request, item, evidence[item.unit.evidence], shown[item.unit.evidence], block=2)
            found.setdefault(line.text, replace(cited, text=line.text))
        else:
            found.setdefault(line.text, Sentence(line.text, "fact", 2))
    return list(found.values())
