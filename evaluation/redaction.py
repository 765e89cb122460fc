"""How well redaction masks: ours, without what a ticket knows of its people, and rivals on the same texts.

Invariant: a text is masked alone; no name is given, and nothing is remembered from the text before.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from copilot.privacy.policy import DEFAULT, Policy
from copilot.privacy.redaction import spans
from copilot.privacy.spans import OPTIONAL
from evaluation.masking.gold import Document, read
from evaluation.masking.rivals import rivals
from evaluation.masking.scores import Find, Found, Rates, scores

Metrics = dict[str, Any]
_OTHERS = ("rivals", "documents_by_kind")


def evaluate(
    path: Path, *, with_rivals: bool = True, optional: bool = False
) -> tuple[Metrics, list[dict[str, object]], list[str]]:
    """Ours at the top, each rival's under `rivals`; an item for every text with a miss or a wrong mask; notes.

    Raises BadData.
    """
    documents = read(path)
    policy = Policy(optional=OPTIONAL) if optional else DEFAULT
    found = _masked(documents, lambda text: spans(text, policy=policy))
    others, notes = rivals() if with_rivals else ({}, [])
    metrics: Metrics = dict(scores(found))
    metrics["rivals"] = {name: scores(_masked(documents, find)) for name, find in others.items()}
    return metrics, [item for one in found if (item := _item(one))], notes


def _masked(documents: Sequence[Document], find: Find) -> list[Found]:
    return [Found(document, find(document.text)) for document in documents]


def _item(found: Found) -> dict[str, object] | None:
    document, masks = found
    missed = [mark for mark in document.required if not _is_covered(mark.start, mark.end, masks)]
    right = [*document.required, *document.neutral]
    wrong = [mask for mask in masks if not _is_covered(mask.start, mask.end, right)]
    if not missed and not wrong:
        return None
    shown = [(one.kind, document.text[one.start : one.end]) for one in missed]
    return {"text": document.text, "missed": shown, "wrong": [(m.kind, document.text[m.start : m.end]) for m in wrong]}


def _is_covered(start: int, end: int, others: Sequence[Any]) -> bool:
    """At least half."""
    places = set(range(start, end))
    covered = places.intersection(*[set().union(*(range(one.start, one.end) for one in others))])
    return len(covered) * 2 >= len(places)


def readable(metrics: Metrics) -> str:
    """A table for ours and one for each rival."""
    return "\n\n".join([_table("ours", metrics), *(_table(*pair) for pair in metrics["rivals"].items())])


def _table(name: str, metrics: Metrics) -> str:
    rows: dict[str, Rates] = {row: it for row, it in metrics.items() if isinstance(it, dict) and row not in _OTHERS}
    columns = ("precision", "recall", "f2", "char_precision", "char_recall", "char_f2", "gold", "masks")
    width = max(len(row) for row in [name, *rows])
    lines = [f"{name:<{width}}" + "".join(f"{column:>16}" for column in columns)]
    lines += [f"{row:<{width}}" + "".join(_cell(rates[column]) for column in columns) for row, rates in rows.items()]
    of = f"{metrics['documents_leaking']} of {metrics['documents']}"
    lines.append(f"documents with a leak: {of}; with a value missed: {metrics['documents_missing']}")
    kinds = ", ".join(f"{kind} {count}" for kind, count in metrics["documents_by_kind"].items())
    return "\n".join([*lines, f"documents with a mask: {metrics['documents_masked']} ({kinds})"])


def _cell(value: float | None) -> str:
    shown = "-" if value is None else str(value) if isinstance(value, int) else f"{value:.3f}"
    return f"{shown:>16}"
