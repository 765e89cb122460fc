"""Which passages a search may see: current ones, of some languages, for some audience."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.db.models import QuerySet

from copilot.language.words import LANGUAGES
from knowledge.models import Passage

Audience = Literal["customer", "agent"]
EVERY_LANGUAGE = tuple(LANGUAGES)
_VISIBLE: dict[Audience, list[str]] = {"customer": ["public"], "agent": ["public", "internal"]}


@dataclass(frozen=True, slots=True)
class Scope:
    """A filter on the rows of terms and of vectors, the same for every arm. Both stand for current passages only."""

    languages: Sequence[str]
    audience: Audience
    sql: str = "language = ANY(%(languages)s) AND visibility = ANY(%(visible)s)"

    @property
    def parameters(self) -> dict[str, list[str]]:
        """The parameters that `sql` names."""
        return {"languages": list(self.languages), "visible": self.visible}

    @property
    def visible(self) -> list[str]:
        """The visibilities that the audience may see."""
        return _VISIBLE[self.audience]

    def passages(self) -> QuerySet[Passage]:
        """Those that may be seen."""
        return Passage.objects.filter(current=True, language__in=self.languages, visibility__in=self.visible)
