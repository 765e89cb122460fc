"""Templates to texts in which it is known where the names and addresses are.

Invariant: what stands in a slot of a person or a place of living is marked, and nothing else is. A town that follows an
address is part of it; a town alone is not.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from copilot.privacy.spans import Span
from training.names.slots import FIRST, LAST, PERSON, PREFIX, Slots

_SLOT = re.compile(r"\{\{?(\w+)\}?\}")
_NAMED = frozenset([*PERSON, *FIRST, *LAST, *PREFIX, "titled"])
_HOME = frozenset(
    ["address", "street", "postcode", "zipcode", "building_number", "street_name", "secondary_address", "state_abbr"]
)
_TOWN = frozenset(["city", "country"])
_MORE = re.compile(r"[\s,>?.]*")  # what may stand between two parts of one address


class Filled(NamedTuple):
    """A text and its private spans."""

    text: str
    spans: tuple[Span, ...]


def fill(template: str, language: str, slots: Slots) -> Filled:
    """One text."""
    country = slots.country()
    pieces: list[tuple[str, str]] = []
    end = 0
    for slot in _SLOT.finditer(template):
        pieces += [(template[end : slot.start()], ""), (slots.value(slot[1], language, country), slot[1])]
        end = slot.end()
    return _marked([*pieces, (template[end:], "")])


def _marked(pieces: Sequence[tuple[str, str]]) -> Filled:
    """The text, its people, and its addresses: neighbouring parts of an address and the towns after them are one."""
    text = ""
    spans: list[Span] = []
    home = title = False  # whether the last span is an address, a form of address, that may go on
    for said, slot in pieces:
        start, text = len(text), text + said
        if slot in _NAMED:
            goes_on = title and slot not in PREFIX and text[spans[-1].end : start].isspace()
            spans.append(Span(spans.pop().start if goes_on else start, len(text), "PERSON"))
            home, title = False, slot in PREFIX
        elif slot in _HOME or (slot in _TOWN and home):
            spans.append(Span(spans.pop().start if home else start, len(text), "ADDRESS"))
            home, title = True, False
        elif slot or not _MORE.fullmatch(said):
            home = title = False
    return Filled(text, tuple(spans))
