"""What stands around the facts: greeting, acknowledgement, closing.

Invariant: nothing here claims anything. The subject that is acknowledged is the customer's own, and stands in quotes.
"""

import re

from copilot.drafting.phrases import phrases_of
from copilot.drafting.types import Request, Sentence

_REPLY_PREFIX = re.compile(r"^\s*(?:(?:re|fwd?|tr|rép?)\s*:\s*)+", re.IGNORECASE)


def opening(request: Request) -> tuple[Sentence, ...]:
    """The greeting, and what the ticket is about where it has a subject."""
    phrases = phrases_of(request)
    greeting = phrases.greeting.format(name=request.addressee) if request.addressee else phrases.greeting_nameless
    subject = _REPLY_PREFIX.sub("", request.subject.text).strip().rstrip(".!")
    acknowledged = (Sentence(phrases.acknowledge.format(subject=subject), "acknowledge", 1),) if subject else ()
    return (Sentence(greeting, "greeting", 0), *acknowledged)


def ending(request: Request, block: int) -> tuple[Sentence, ...]:
    """How to go on if this was not enough, and the closing, from paragraph `block` on."""
    phrases = phrases_of(request)
    return Sentence(phrases.follow_up, "closing", block), Sentence(phrases.closing, "closing", block + 1)
