"""Passages by words alone, for a person who picks one.

Invariant: only current passages are found, and internal ones only where they are asked for.
"""

from copilot.language.words import stems_in
from knowledge import bm25
from knowledge.models import Passage
from knowledge.scope import EVERY_LANGUAGE, Scope


def by_words(words: str, language: str, k: int = 6, *, internal: bool = False) -> list[Passage]:
    """The `k` best passages for `words`, those in `language` first; none for no words. `internal` ones for agents."""
    stems = stems_in(words, [language, *(other for other in EVERY_LANGUAGE if other != language)])
    scope = Scope(EVERY_LANGUAGE, "agent" if internal else "customer")
    [scores] = bm25.search([stems], scope, k)
    found = scope.passages().select_related("version").in_bulk(scores)
    best = [found[pk] for pk in scores if pk in found]
    return sorted(best, key=lambda passage: passage.language != language)
