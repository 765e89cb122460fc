"""What the bundled writer reads, and its reply read back: needs, then facts that each end with their number.

Invariant: a text never holds a mark of its own; what looks like one is opened up ("[1]" to "[ 1]"), so a number in the
reply can only be one that we gave. The number stands after its fact, here as in the reply: who copies a fact to its end
copies the right number with it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.privacy.text import Redacted, joined, published

NEED, FACTS = "<need>", "<facts>"
LANGUAGES = {"en": "<en>", "fr": "<fr>"}
MOST_FACTS = 20
MARKS = tuple(f"[{number}]" for number in range(1, MOST_FACTS + 1))
CONTROLS = (NEED, FACTS, *LANGUAGES.values())
NEED_WORDS = 40
MOST_NEEDS = 3

_MARK = re.compile(r"\[(\d{1,2})\]")
_CONTROL = re.compile("|".join(map(re.escape, CONTROLS)))


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of a reply and the number after it; 0 when there is none."""

    text: str
    number: int


def numbered(language: str, needs: Sequence[Redacted], facts: Sequence[str]) -> Redacted:
    """The source text of one reply. Needs and facts beyond what the model was trained to read are left out."""
    asked = [part for need in needs[:MOST_NEEDS] for part in (published(NEED), _short(need))]
    told = " ".join(f"{inert(fact)} [{number}]" for number, fact in enumerate(facts[:MOST_FACTS], 1))
    return joined([published(LANGUAGES[language]), *asked, published(f"{FACTS} {told}")], " ")


def answer(facts: Sequence[tuple[str, int]]) -> str:
    """A reply as the writer should give it: facts with their numbers."""
    return " ".join(f"{inert(text)} [{number}]" for text, number in facts)


def read(reply: str) -> list[Said]:
    """The sentences of a reply, split at their numbers; words after the last number have none."""
    said, start = [], 0
    for mark in _MARK.finditer(reply):
        if text := reply[start : mark.start()].strip():
            said.append(Said(text, int(mark[1])))
        start = mark.end()
    rest = reply[start:].strip()
    return [*said, Said(rest, 0)] if rest else said


def inert(text: str) -> str:
    """The text on one line, with nothing in it that the model would take for a mark or a control."""
    return " ".join(_CONTROL.sub(" ", _MARK.sub(r"[ \1]", text)).split())


def _short(need: Redacted) -> Redacted:
    return need.without(_MARK).without(_CONTROL).first_words(NEED_WORDS)
