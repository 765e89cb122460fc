"""A citation that names the wrong passage, or none: put right when there is no choice.

Invariant: a repaired sentence is supported by exactly one passage of the evidence; where two carry it, or none does,
nothing is guessed.
"""

from collections.abc import Mapping
from dataclasses import replace

from copilot.drafting.types import Citation, Evidence, Sentence
from copilot.drafting.verify import verify


def repair(sentence: Sentence, evidence: Mapping[int, Evidence], shown: Mapping[int, int]) -> Sentence | None:
    """The sentence with the one citation that supports it, marked as repaired; None when there is not exactly one.

    `shown` gives the number under which the reader sees a passage, by the passage's id.
    """
    supported = []
    for passage in evidence.values():
        whole = Citation(passage.id, shown[passage.id], 0, len(passage.text), 1.0)
        checked = verify(replace(sentence, citations=(whole,)), evidence)
        if checked.verdict == "supported":
            supported.append(checked)
    return replace(supported[0], repaired=True) if len(supported) == 1 else None
