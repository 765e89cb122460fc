"""One ticket's evidence and draft, as an agent would see them, in text."""

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from copilot.drafting.reading import Reader
from copilot.inference.embedder import Embedder
from copilot.inference.generator import Generator
from evaluation.data import BadData, json_lines
from evaluation.drafting import FIELDS, draft_one

WIDTH = 100


def one(
    tickets: Path, identifier: str, embedder: Embedder, generator: Generator | None, reader: Reader | None = None
) -> str:
    """The ticket, the passages found and the draft with its citations. Raises BadData for an unknown id."""
    for ticket in json_lines(tickets, FIELDS):
        if str(ticket["id"]) == identifier:
            return "\n".join(_lines(ticket, draft_one(ticket, embedder, generator, reader)))
    raise BadData(f"{tickets}: has no ticket {identifier!r}")


def _lines(ticket: Mapping[str, Any], item: Mapping[str, Any]) -> list[str]:
    state = f"ABSTAINED ({item['reason']})" if item["abstained"] else f"DRAFT in {item['seconds']:.2f} s"
    return [
        f"{ticket['id']} · {ticket['subject']}",
        *textwrap.wrap(ticket["body"], WIDTH, initial_indent="  ", subsequent_indent="  "),
        "\nEVIDENCE",
        *(line for rank, passage in enumerate(item["ranked"], 1) for line in _passage(rank, passage, item)),
        f"\n{state}",
        *(line for sentence in item["sentences"] for line in _sentence(sentence)),
    ]


def _passage(rank: int, passage: Mapping[str, Any], item: Mapping[str, Any]) -> list[str]:
    gold = " (gold)" if passage["page"] in item["gold_pages"] else ""
    title = " › ".join(part for part in (passage["title"], passage["heading"]) if part)
    return [
        f"{rank}. {passage['score']:.2f} {passage['page']}{gold} · {title}",
        textwrap.shorten(passage["text"], WIDTH, initial_indent="     ", placeholder=" …"),
    ]


def _sentence(sentence: Mapping[str, Any]) -> list[str]:
    marks = "".join(f" [{number}]" for number in sentence["cites"])
    verdict = f" ({sentence['verdict']})" if sentence["verdict"] not in ("none", "supported") else ""
    return textwrap.wrap(sentence["text"] + marks + verdict, WIDTH, initial_indent="  ", subsequent_indent="  ")
