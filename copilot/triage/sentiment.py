"""How a requester takes it.

Invariant: displeasure outweighs any pleasure: "great product, but this is unacceptable" is displeased.

A list of cues, like urgency and for the same reason: an agent can see why, and a wrong guess about a person's mood
must not come from a model that nobody can question.
"""

from typing import Literal

from copilot.triage.matching import is_shouted, plain_of, prose_of, said
from copilot.triage.moods import NEGATIVE, POSITIVE

Sentiment = Literal["negative", "neutral", "positive"]
LONGEST = 20_000  # characters; a log beyond it has no mood


def sentiment(text: str, language: str) -> Sentiment:
    """The mood of the text; `language` is "en" or "fr", others are read as English."""
    language = language if language in NEGATIVE else "en"
    prose = prose_of(text[:LONGEST])
    plain = plain_of(prose)
    if said(NEGATIVE[language], plain, language) or is_shouted(prose):
        return "negative"
    return "positive" if said(POSITIVE[language], plain, language) else "neutral"
