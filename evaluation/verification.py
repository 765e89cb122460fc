"""How well the check tells sentences that their passage carries from those that it does not.

Invariant: each row goes through the product's own check, as a model's sentence would: first whether it claims
anything, then against the passages it cites. A bad row that counts as no claim is let through, and counts as missed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copilot.drafting.claims import kind_of
from copilot.drafting.repair import repair
from copilot.drafting.types import Citation, Evidence, Sentence
from copilot.drafting.verify import verify
from copilot.language.detect import detect
from evaluation.data import BadData, json_lines

REQUIRED = ("passages", "sentence", "cited", "label")
LABELS = {"good": True, "bad": False, "supported": True, "unsupported": False}
WRONG = "wrong citation"

Metrics = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence that cites some of its passages (numbers from 1), and whether it is good."""

    passages: tuple[str, ...]
    sentence: str
    cited: tuple[int, ...]
    good: bool
    kind: str = ""
    language: str = "en"
    part: str = ""

    @property
    def evidence(self) -> dict[int, Evidence]:
        """The passages by number."""
        return {n: Evidence(n, "", "", text, self.language, 1.0, 1.0) for n, text in enumerate(self.passages, 1)}

    @property
    def written(self) -> Sentence:
        """The sentence as a model's."""
        cited = tuple(Citation(n, n, 0, len(self.passages[n - 1]), 1.0) for n in self.cited)
        return Sentence(self.sentence, kind_of(self.sentence), 0, citations=cited)


def read_rows(path: Path) -> list[Row]:
    """The rows of a JSON Lines file. Raises BadData with the file and the row's number."""
    rows = [_row(path, number, said) for number, said in enumerate(json_lines(path, REQUIRED), 1)]
    if not rows:
        raise BadData(f"{path}: there are no rows")
    return rows


def _row(path: Path, number: int, said: dict[str, Any]) -> Row:
    cited = said["cited"] if isinstance(said["cited"], list) else [said["cited"]]
    if not all(type(n) is int and 1 <= n <= len(said["passages"]) for n in cited):
        raise BadData(f"{path}, row {number}: `cited` must be numbers of passages, from 1")
    if said["label"] not in LABELS:
        raise BadData(f"{path}, row {number}: `label` must be good or bad")
    language = said.get("lang") or detect(f"{said['sentence']} {' '.join(said['passages'])}")
    return Row(
        tuple(said["passages"]), said["sentence"], tuple(cited), LABELS[said["label"]],
        said.get("kind", ""), language, said.get("part", ""),
    )  # fmt: skip


def evaluate(rows: Sequence[Row]) -> tuple[dict[str, Metrics], list[dict[str, object]]]:
    """Metrics by group: all rows, each part, each language, each kind; and one item per row.

    `bad_caught`: the share of bad rows whose verdict is weak or unsupported; `bad_unsupported`: unsupported alone.
    `good_flagged`: the share of good rows whose verdict is weak or unsupported; `good_unsupported`: unsupported alone.
    `repaired`: of rows with a wrong citation, the share for which repair names a passage that carries the sentence.
    """
    items = [_item(row) for row in rows]
    groups: dict[str, list[dict[str, object]]] = defaultdict(list)
    for item in items:
        for group in _groups(item):
            groups[group].append(item)
    return {group: _measure(members) for group, members in groups.items()}, items


def _item(row: Row) -> dict[str, object]:
    verdict = verify(row.written, row.evidence).verdict
    mended = (
        repair(row.written, row.evidence, {n: n for n in row.evidence}) if verdict in ("weak", "unsupported") else None
    )
    return {
        "sentence": row.sentence, "good": row.good, "verdict": verdict, "kind": row.kind, "lang": row.language,
        "part": row.part, "repaired_to": mended.citations[0].evidence if mended else None,
    }  # fmt: skip


def _groups(item: dict[str, object]) -> list[str]:
    """The groups that a row counts in; each part is also told by language."""
    names = ["all", item["part"], item["lang"], item["part"] and f"{item['part']} {item['lang']}"]
    kind = item["kind"] and f"{'good' if item['good'] else 'bad'}: {item['kind']}"
    return [str(name) for name in (*names, kind, item["part"] and kind and f"{kind} ({item['part']})") if name]


def _measure(items: Sequence[dict[str, object]]) -> Metrics:
    bad = [item for item in items if not item["good"]]
    good = [item for item in items if item["good"]]
    wrong = [item for item in bad if item["kind"] == WRONG]
    return {
        "rows": len(items),
        "bad_caught": _share(item["verdict"] in ("weak", "unsupported") for item in bad),
        "bad_unsupported": _share(item["verdict"] == "unsupported" for item in bad),
        "good_flagged": _share(item["verdict"] in ("weak", "unsupported") for item in good),
        "good_unsupported": _share(item["verdict"] == "unsupported" for item in good),
        "repaired": _share(item["repaired_to"] is not None for item in wrong),
    }


def _share(found: Iterable[bool]) -> float | None:
    counted = list(found)
    return sum(counted) / len(counted) if counted else None
