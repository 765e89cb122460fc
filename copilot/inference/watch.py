"""Follows texts while they are generated, token by token, and says when one has to stop.

Invariant: whether a text stops depends on that text alone, or on the caller's wish to stop everything; nothing raised
here reaches the runtime's thread, it is raised again in the caller's.
"""

from collections.abc import Callable, Sequence
from typing import Any

from copilot.inference.tokens import Tokens

# A loop: a run of at most LONGEST_RUN tokens, COPIES times in a row or more, in all at least LEAST tokens.
COPIES, LEAST, LONGEST_RUN = 3, 24, 60
# So many tokens without the end of a sentence or a line say nothing that could be checked.
UNENDED = 120
# So many tokens that say no letter and no digit.
EMPTY = 24
# The last is how byte-level vocabularies write a line end.
_ENDS = frozenset(".!?…:;\nĊ")

OnText = Callable[[int, str], None]
ShouldStop = Callable[[], bool]


class Watch:
    """The texts of one call. Given to CTranslate2 as its callback: True stops the text of that index."""

    def __init__(
        self, tokens: Tokens, count: int, ends: Sequence[str], on_text: OnText | None, should_stop: ShouldStop | None
    ) -> None:
        self._tokens = tokens
        self._ends = frozenset(ends)
        self._on_text = on_text
        self._should_stop = should_stop
        self._so_far: list[list[str]] = [[] for _ in range(count)]
        self._ended = [0] * count
        self._cuts: dict[int, int] = {}
        self._raised: Exception | None = None

    def group(self, indexes: Sequence[int]) -> Callable[[Any], bool]:
        """The callback for one batch, whose rows are the prompts of these indexes."""
        return lambda step: self._step(indexes[step.batch_id], step.token)

    def cut(self, index: int, tokens: Sequence[str]) -> Sequence[str]:
        """The tokens of a finished text, without what it said again."""
        return tokens[: self._cuts.get(index)]

    def raise_again(self) -> None:
        """What `on_text` or `should_stop` raised."""
        if self._raised:
            raise self._raised

    @property
    def stops_all(self) -> bool:
        """Whether nothing more is to be generated."""
        return self._raised is not None or bool(self._should_stop and self._should_stop())

    def _step(self, index: int, token: str) -> bool:
        try:
            return self._wants_to_stop(index, token)
        except Exception as error:  # whatever the caller's functions raise is the caller's
            self._raised = error
            return True

    def _wants_to_stop(self, index: int, token: str) -> bool:
        if token in self._ends:
            return False
        said = self._so_far[index]
        said.append(token)
        if not _ENDS.isdisjoint(token):
            self._ended[index] = len(said)
        if self._on_text:
            self._on_text(index, self._tokens.text(said).rstrip("\ufffd"))
        if again := repeated(said):
            self._cuts[index] = _sentence_end(said, len(said) - again)
        return bool(again) or len(said) - self._ended[index] >= UNENDED or _is_empty(said) or self.stops_all


def repeated(tokens: Sequence[str]) -> int:
    """How many of the last tokens say again what was said just before, where that is a loop; else 0."""
    for run in range(1, min(LONGEST_RUN, len(tokens) // COPIES) + 1):
        length = max(COPIES, -(-LEAST // run)) * run
        if length <= len(tokens) and tokens[-length:-run] == tokens[run - length :]:
            return length - run
    return 0


def _sentence_end(tokens: Sequence[str], first: int) -> int:
    """The end of the sentence in which `first` stands: a loop seldom begins where its sentence does."""
    ends = (place for place in range(first, len(tokens) + 1) if place and not _ENDS.isdisjoint(tokens[place - 1]))
    return next(ends, first)


def _is_empty(tokens: Sequence[str]) -> bool:
    return len(tokens) >= EMPTY and not any(map(str.isalnum, "".join(map(_plain, tokens[-EMPTY:]))))


def _plain(token: str) -> str:
    """Without the letters by which byte-level vocabularies write a space and a line end."""
    return token.strip("ĠĊĉ▁")
