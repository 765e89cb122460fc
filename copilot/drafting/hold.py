"""The holding reply, for when there is no answer: it claims nothing, and says who looks into it and what would help."""

from copilot.drafting.frame import opening
from copilot.drafting.missing import asking
from copilot.drafting.phrases import Phrases, phrases_of
from copilot.drafting.types import Request, Sentence


def hold(request: Request, reason: str = "") -> tuple[Sentence, ...]:
    """A holding reply that fits why there is no answer (`Draft.reason`)."""
    phrases = phrases_of(request)
    return (*opening(request), *_body(request, reason, phrases), Sentence(phrases.closing, "closing", 3))


def _body(request: Request, reason: str, phrases: Phrases) -> tuple[Sentence, ...]:
    if reason == "not_a_question":
        return (Sentence(phrases.no_question, "holding", 2),)
    details = phrases.account_details if reason == "needs_lookup" else phrases.details
    details = asking(request) or details  # what is known to be missing is asked for, and not "anything"
    holding = phrases.holding_team.format(team=request.team) if request.team else phrases.holding
    return (Sentence(holding, "holding", 1), Sentence(details, "question", 2))
