"""Summaries measured against sentences that a person chose, beside a summary by position alone.

A line is right when it shares at least half of the shorter one's characters with a gold sentence of its part in the
same message; a fact, when it holds the gold value. Gold sentences that say the same count as one. A line cites
correctly when the characters that it names are its words.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from copilot.inference.embedder import Embedder
from copilot.privacy import published
from copilot.summary.candidates import candidates
from copilot.summary.extract import MOST_LINES, fact_lines
from copilot.summary.summarise import Conversation, summarise
from copilot.summary.types import ROLES, Line, Message
from evaluation.data import BadData, json_lines
from evaluation.retrieval import percentile

FIELDS = ("id", "lang", "part", "subject", "messages", *ROLES)
ENOUGH = 0.5
Ticket = Mapping[str, Any]


def evaluate(file: Path, half: str, embedder: Embedder) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Figures for each part of a summary, ours and by position, and one item for each ticket. Raises BadData."""
    tickets = [ticket for ticket in json_lines(file, FIELDS) if half in ("all", ticket["part"])]
    if not tickets:
        raise BadData(f"{file}: holds no ticket of part {half!r}")
    _ours(tickets[0], _messages(tickets[0]), embedder)  # the first call reads what is typical of each part

    def ours(ticket: Ticket, messages: Sequence[Message]) -> Sequence[Line]:
        return _ours(ticket, messages, embedder)

    items = [_item(ticket, ours) for ticket in tickets]
    leads = [_item(ticket, _lead) for ticket in tickets]
    return {**_figures("", items), **_figures("lead ", leads)}, items


def _ours(ticket: Ticket, messages: Sequence[Message], embedder: Embedder) -> Sequence[Line]:
    return summarise(Conversation(messages, published(ticket["subject"]), ticket["lang"]), embedder)[0].lines


def _messages(ticket: Ticket) -> list[Message]:
    """The set's texts are its author's own, with nobody in them to mask."""
    rows = enumerate(ticket["messages"])
    return [Message(number, published(row["text"]), row["author"] == "agent") for number, row in rows]


def _item(ticket: Ticket, make: Callable[[Ticket, Sequence[Message]], Sequence[Line]]) -> dict[str, Any]:
    messages = _messages(ticket)
    began = time.perf_counter()
    lines = make(ticket, messages)
    seconds = time.perf_counter() - began
    return {
        "id": ticket["id"],
        "lang": ticket["lang"],
        "seconds": seconds,
        "cited": [messages[line.message].text.text[line.start : line.end] == line.text for line in lines],
        "lines": {role: [_line(line, ticket) for line in lines if line.role == role] for role in ROLES},
        "missed": {role: _missed(role, lines, ticket) for role in ROLES},
        "gold": {role: len(ticket[role]) for role in ROLES},
    }


def _line(line: Line, ticket: Ticket) -> dict[str, Any]:
    right = any(_same(line, gold, ticket) for group in ticket[line.role] for gold in group)
    return {"text": line.text, "message": line.message, "right": right}


def _missed(role: str, lines: Sequence[Line], ticket: Ticket) -> list[str]:
    mine = [line for line in lines if line.role == role]
    return [
        group[0]["text"]
        for group in ticket[role]
        if not any(_same(line, gold, ticket) for line in mine for gold in group)
    ]


def _same(line: Line, gold: Mapping[str, Any], ticket: Ticket) -> bool:
    if gold["message"] != line.message:
        return False
    value = str(gold["text"])
    start = str(ticket["messages"][line.message]["text"]).index(value)
    if line.role == "fact":
        return value in line.text or (line.text in value and 2 * len(line.text) >= len(value))
    shared = min(line.end, start + len(value)) - max(line.start, start)
    return shared >= ENOUGH * min(line.end - line.start, len(value))


def _lead(ticket: Ticket, messages: Sequence[Message]) -> Sequence[Line]:
    """By position alone: the customer's first sentences are the problem, the agents' first what was done, the
    customer's last what is asked; the facts are the first that stand there."""
    found = candidates(messages, ticket["lang"])
    theirs = [each for each in found if not each.by_agent]
    chosen = {
        "problem": theirs[: MOST_LINES["problem"]],
        "tried": [each for each in found if each.by_agent][: MOST_LINES["tried"]],
        "asked": theirs[-MOST_LINES["asked"] :],
    }
    lines = [
        Line(role, each.text, each.index, each.start, each.end)  # type: ignore[arg-type]  # a role by its name
        for role, sentences in chosen.items()
        for each in sentences
    ]
    return [*lines, *fact_lines(found, messages, by_worth=False)]


def _figures(name: str, items: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float | None]]:
    figures = {f"{name}{role}": _of([role], items) for role in ROLES}
    seconds = sorted(item["seconds"] for item in items)
    cited = [right for item in items for right in item["cited"]]
    every = {"cited": sum(cited) / len(cited) if cited else None, "seconds_p50": percentile(seconds, 50)}
    return {**figures, f"{name}all": {**_of(list(ROLES), items), **every}}


def _of(roles: Sequence[str], items: Sequence[Mapping[str, Any]]) -> dict[str, float | None]:
    lines = [line["right"] for item in items for role in roles for line in item["lines"][role]]
    gold = sum(item["gold"][role] for item in items for role in roles)
    missed = sum(len(item["missed"][role]) for item in items for role in roles)
    precision = sum(lines) / len(lines) if lines else None
    recall = (gold - missed) / gold if gold else None
    both = 2 * precision * recall / (precision + recall) if precision and recall else 0.0
    return {"lines": len(lines), "gold": gold, "precision": precision, "recall": recall, "f1": both,
            "cited": None, "seconds_p50": None}  # fmt: skip
