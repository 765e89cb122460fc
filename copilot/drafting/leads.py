"""What leads into a quotation.

Invariant: before the first words in another language than the ticket's, the reply says which language follows.
"""

from collections.abc import Sequence

from copilot.drafting.phrases import PHRASES
from copilot.drafting.types import Evidence, Request


def first_lead(request: Request, quoted: Sequence[Evidence]) -> str:
    """Into the first passage of those that are quoted; the answer may be in another language throughout."""
    phrases = PHRASES[request.language]
    languages = [foreign(request, passage) for passage in quoted] or [""]
    if not languages[0]:
        return phrases.lead
    if not all(languages):
        return another_page(request, quoted[0])
    return phrases.lead_foreign.format(language=phrases.languages[languages[0]])


def next_lead(request: Request, before: Evidence, passage: Evidence) -> str:
    """Into another page; its language is named where it changes."""
    if before.language != passage.language and foreign(request, passage):
        return another_page(request, passage)
    return PHRASES[request.language].more.format(title=passage.title)


def foreign(request: Request, passage: Evidence) -> str:
    """The passage's language, if it is not the ticket's; else nothing."""
    return passage.language if passage.language != request.language else ""


def another_page(request: Request, passage: Evidence) -> str:
    """Into words of a page in another language."""
    phrases = PHRASES[request.language]
    return phrases.more_foreign.format(title=passage.title, language=phrases.languages[passage.language])
