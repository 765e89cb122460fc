"""Tickets for which nothing is searched: they ask nothing that can be read, or in a language that we do not draft in.

Invariant: an agent who asks for a reply in a language gets an attempt; only what nobody asked for is refused.
"""

from copilot.drafting.hold import hold
from copilot.drafting.types import Draft, Request
from copilot.language.detect import foreign


def refusal(request: Request, *, wanted: bool) -> Draft | None:
    """A holding reply with its reason, or None for a ticket to draft for; `wanted` says that a person chose how."""
    reason = _reason(request, wanted=wanted)
    return Draft(hold(request, reason), "quote", "", abstained=True, reason=reason) if reason else None


def _reason(request: Request, *, wanted: bool) -> str:
    if not any(map(str.isalpha, request.text.text)):
        return "not_a_question"
    return "other_language" if not wanted and foreign(request.text.text) else ""
