"""What a generator is asked, and how its answer is read: as the bundled writer was trained, or as others like it.

Invariant: an answer is read with the numbers of the very prompt that it answers.
"""

from collections.abc import Sequence

from copilot.drafting.numbered import numbered
from copilot.drafting.prompt import parse, prompt
from copilot.drafting.said import said
from copilot.drafting.select import Scored
from copilot.drafting.types import Evidence, Request, Sentence
from copilot.inference.generator import Generator
from copilot.inference.prompts import Prompt
from copilot.privacy.text import Redacted


def asked(
    generator: Generator,
    request: Request,
    chosen: Sequence[Scored],
    evidence: Sequence[Evidence],
    needs: Sequence[Redacted],
) -> Prompt | Redacted:
    """The prompt in the generator's style."""
    if generator.style == "numbered":
        return numbered(request.language, needs or [request.text], [item.unit.text for item in chosen])
    return prompt(request, chosen, evidence, [need for need in needs if need != request.hint])  # the ticket holds it


def heard(
    generator: Generator, text: str, request: Request, chosen: Sequence[Scored], evidence: Sequence[Evidence]
) -> list[Sentence]:
    """The sentences of its text, with what they cite; nothing is checked yet."""
    if generator.style == "numbered":
        return said(text, request, chosen, evidence)
    return parse(text, evidence, request.language, chosen)
