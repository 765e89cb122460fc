"""The extractive summary: the sentences that stand best for each part, and the facts, word for word.

Invariant: `message.text.text[line.start:line.end] == line.text` for every line, so each is checked by construction;
no words are shown twice in one part.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from copilot.inference.embedder import Embedder
from copilot.privacy.text import Redacted
from copilot.summary.candidates import Candidate, candidates
from copilot.summary.cues import advises, is_idle, leans
from copilot.summary.facts import WORTH, Fact, facts
from copilot.summary.types import Line, Message, Role
from copilot.summary.weigh import SENTENCE_ROLES, Weighed, weigh

MOST_LINES: dict[Role, int] = {"problem": 3, "tried": 4, "asked": 4, "fact": 8}
LEAST: dict[Role, float] = {"problem": 1.1, "tried": 1.0, "asked": 1.0, "fact": 0.0}
# Of one part, what is so near to a line that stands already says it again.
SAME = 0.8
# A line must be worth this share of the best one of its part.
SHARE = 0.55
# So often is an agent's advice shown because somebody says "I did that".
MOST_FOLLOWED = 2
# What a customer says is worth so much more than what an agent says.
CUSTOMER = 0.15
# Of how long something takes or took; what an agent says of it is a promise, not a fact.
MOST_TIMES = 2
# So many sentences a model is given to read.
MOST_TOLD = 32


@dataclass(frozen=True, slots=True)
class Extract:
    """The lines in the order in which they are read, and the sentences that a model should read to say it better."""

    lines: tuple[Line, ...] = ()
    told: tuple[Candidate, ...] = ()


def extract(messages: Sequence[Message], subject: Redacted, language: str, embedder: Embedder) -> Extract:
    """Read the messages; nothing comes of it when nobody says anything."""
    found = candidates(messages, language)
    if not found:
        return Extract()
    weighed = weigh(found, messages, subject, embedder)
    roles = _roles(found, weighed)
    chosen = {role: _best(role, roles, found, weighed) for role in SENTENCE_ROLES}
    chosen["tried"] = _with_advice(chosen["tried"], found)
    lines = [_line(role, found[n], messages) for role in SENTENCE_ROLES for n in sorted(chosen[role])]
    return Extract((*lines, *fact_lines(found, messages)), _told(found, weighed))


def _told(found: Sequence[Candidate], weighed: Weighed) -> tuple[Candidate, ...]:
    """The sentences of most weight, in their order; courtesies are none of them."""
    best = weighed.weights.max(axis=1)
    order = sorted((n for n, each in enumerate(found) if not is_idle(each.text)), key=lambda n: (-float(best[n]), n))
    return tuple(found[n] for n in sorted(order[:MOST_TOLD]))


def _roles(found: Sequence[Candidate], weighed: Weighed) -> list[Role]:
    """The one role that each sentence may have."""
    return [SENTENCE_ROLES[int(best)] for best in weighed.weights.argmax(axis=1)]


def _best(role: Role, roles: Sequence[Role], found: Sequence[Candidate], weighed: Weighed) -> list[int]:
    """The sentences of this role with the greatest weights, none of which says again what another says."""
    weights = weighed.weights[:, SENTENCE_ROLES.index(role)]
    mine = [n for n, own in enumerate(roles) if own == role and not is_idle(found[n].text)]
    mine.sort(key=lambda n: (-float(weights[n]), n))
    if role == "problem" and not (mine and weights[mine[0]] >= LEAST[role]):
        return _opening(found, weighed)
    floor = max(LEAST[role], SHARE * float(weights[mine[0]])) if mine else 0.0
    chosen: list[int] = []
    for n in mine:
        if len(chosen) == MOST_LINES[role] or weights[n] < floor:
            break
        if not chosen or float((weighed.vectors[chosen] @ weighed.vectors[n]).max()) < SAME:
            chosen.append(n)
    return chosen


def _opening(found: Sequence[Candidate], weighed: Weighed) -> list[int]:
    """Where nothing says plainly what is wrong: the sentence of the first message that says most of it."""
    first = next((each.index for each in found if not each.by_agent), found[0].index)
    opening = [n for n, each in enumerate(found) if each.index == first and not each.text.endswith("?")]
    return [max(opening, key=lambda n: (float(weighed.weights[n, 0]), -n))] if opening else []


def _with_advice(tried: list[int], found: Sequence[Candidate]) -> list[int]:
    """With the advice in the message before, where one says only that it was followed."""
    followed = dict.fromkeys(each.index - 1 for each in found if leans(each.text) and not each.by_agent)
    for index in list(followed)[:MOST_FOLLOWED]:
        before = (n for n, each in enumerate(found) if each.index == index and each.by_agent and n not in tried)
        tried = [*tried, *[n for n in before if advises(found[n].text)][:1]]
    return tried


def _line(role: Role, each: Candidate, messages: Sequence[Message]) -> Line:
    return Line(role, each.text, messages[each.index].id, each.start, each.end)


def fact_lines(found: Sequence[Candidate], messages: Sequence[Message], *, by_worth: bool = True) -> list[Line]:
    """The facts of the conversation, each once, where it is said first: those of most worth, or the first ones."""
    seen: dict[str, tuple[int, Fact]] = {}
    for each in found:
        for fact in facts(messages[each.index].text.text, each.start, each.end):
            seen.setdefault(fact.value, (each.index, fact))
    order = [(index, fact) for index, fact in seen.values() if not (fact.kind == "time" and messages[index].by_agent)]
    if by_worth:
        order.sort(key=lambda pair: -WORTH[pair[1].kind] - CUSTOMER * (not messages[pair[0]].by_agent))
    times = [pair for pair in order if pair[1].kind == "time"]
    kept = [pair for pair in order if pair not in times[MOST_TIMES:]][: MOST_LINES["fact"]]
    kept.sort(key=lambda pair: (pair[0], pair[1].start))
    return [
        Line("fact", messages[index].text.text[fact.start : fact.end], messages[index].id, fact.start, fact.end)
        for index, fact in kept
    ]
