"""Which passages a search may see: current ones, of some languages, for some audience."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from copilot.language.words import LANGUAGES

Audience = Literal["customer", "agent"]
EVERY_LANGUAGE = tuple(LANGUAGES)
_VISIBLE: dict[Audience, list[str]] = {"customer": ["public"], "agent": ["public", "internal"]}


@dataclass(frozen=True, slots=True)
class Scope:
    """A filter on `knowledge_passage`, the same for every arm."""

    languages: Sequence[str]
    audience: Audience
    sql: str = "current AND language = ANY(%(languages)s) AND visibility = ANY(%(visible)s)"

    @property
    def parameters(self) -> dict[str, list[str]]:
        """The parameters that `sql` names."""
        return {"languages": list(self.languages), "visible": _VISIBLE[self.audience]}
