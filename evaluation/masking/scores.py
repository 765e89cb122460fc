"""Precision, recall and F2 of masks, by spans and by characters, and how many documents leak.

Invariant: only letters and digits count; a space or a comma between two masked words is nobody's secret. A value is
found when at least half of its letters and digits are masked, a mask is right when at least half of its own, those
over neutral marks left out, belong to required values.

Recall asks whether a value is masked, whatever the mask is called (as presidio-research counts "PII"); `recall_named`
asks for its kind. Precision of a label is that of the masks of its kind, over values of its kind; that of `overall` is
over all required values. `overall_named` asks for the kind in both. A document leaks
when one word of a required value, of two letters or digits or more, stays readable in whole or in part.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from copilot.privacy.spans import Span
from evaluation.masking.gold import Document, Mark

Find = Callable[[str], Sequence[Span]]
Rates = dict[str, float | None]
_WORD = re.compile(r"[^\W_]{2,}")


class Found(NamedTuple):
    """A document, and what was masked in it."""

    document: Document
    masks: Sequence[Span]


def scores(found: Iterable[Found]) -> dict[str, Any]:
    """`overall`, `overall_named`, each label; and how many documents there are, leak, miss a value, have a mask."""
    everything, named, kinds = Counter[str](), Counter[str](), defaultdict[str, Counter[str]](Counter)
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    kind_of: dict[str, str] = {}
    documents, masked_kinds = Counter[str](), Counter[str]()
    for document, masks in found:
        letters = _Letters(document)
        everything += letters.counts(document.required, masks, None)
        for kind in {mark.kind for mark in document.required} | {mask.kind for mask in masks}:
            own = [mark for mark in document.required if mark.kind == kind]
            counts = letters.counts(own, [mask for mask in masks if mask.kind == kind], kind)
            kinds[kind] += counts
            named += counts
        for mark in document.required:
            kind_of[mark.label] = mark.kind
            named_only = letters.recalled(mark, [mask for mask in masks if mask.kind == mark.kind])
            labels[mark.label] += letters.recalled(mark, masks) + Counter(found_named=named_only["found"])
        documents += letters.leaks(document.required, masks) + Counter(masked=int(bool(masks)))
        masked_kinds.update({mask.kind for mask in masks})
    return {
        "overall": _rates(everything),
        "overall_named": _rates(named),
        **{label: _label_rates(labels[label], kinds[kind_of[label]]) for label in sorted(labels)},
        "documents": documents["documents"],
        "documents_leaking": documents["leaking"],
        "documents_missing": documents["missing"],
        "documents_masked": documents["masked"],
        "documents_by_kind": dict(masked_kinds.most_common()),
    }


class _Letters:
    """Which letters and digits of a document are required, neutral, neither."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._required = {mark: self._of(mark.start, mark.end) for mark in document.required}
        self._all = set().union(*self._required.values())
        self._neutral = [(span.kind, self._of(span.start, span.end)) for span in document.neutral]

    def _of(self, start: int, end: int) -> set[int]:
        return {place for place in range(start, end) if self._text[place].isalnum()}

    def counts(self, marks: Sequence[Mark], masks: Sequence[Span], kind: str | None) -> Counter[str]:
        """Counts over `marks` of one kind, or of all (None)."""
        counts = Counter[str]()
        for mark in marks:
            counts += self.recalled(mark, masks)
        wanted = self._all if kind is None else set().union(*(self._required[mark] for mark in marks))
        for mask in masks:
            own = self._of(mask.start, mask.end)
            own -= set().union(*(letters for neutral, letters in self._neutral if neutral == mask.kind)) - wanted
            right = len(own & wanted)
            if own:
                counts += Counter(masks=1, right=int(right * 2 >= len(own)))
                counts += Counter(masked_letters=len(own), right_letters=right)
        return counts

    def recalled(self, mark: Mark, masks: Sequence[Span]) -> Counter[str]:
        letters = self._required[mark]
        masked = len(letters & set().union(*(self._of(mask.start, mask.end) for mask in masks)))
        is_found = masked * 2 >= len(letters)
        return Counter(gold=1, found=int(is_found), gold_letters=len(letters), found_letters=masked)

    def leaks(self, marks: Sequence[Mark], masks: Sequence[Span]) -> Counter[str]:
        masked = set().union(*(self._of(mask.start, mask.end) for mask in masks))
        readable = [
            mark
            for mark in marks
            for word in _WORD.finditer(self._text, mark.start, mark.end)
            if not masked.issuperset(range(*word.span()))
        ]
        missing = any(not self.recalled(mark, masks)["found"] for mark in marks)
        return Counter(documents=1, leaking=int(bool(readable)), missing=int(missing))


def _label_rates(values: Counter[str], masks: Counter[str]) -> Rates:
    """The recall of a label's values, the precision of its kind's masks."""
    of_masks = Counter({name: masks[name] for name in ("masks", "right", "masked_letters", "right_letters")})
    return {**_rates(values + of_masks), "recall_named": values["found_named"] / values["gold"]}


def _rates(counts: Counter[str]) -> Rates:
    spans = _three(counts, "right", "masks", "found", "gold")
    letters = _three(counts, "right_letters", "masked_letters", "found_letters", "gold_letters")
    return {
        **spans,
        **{f"char_{name}": value for name, value in letters.items()},
        "gold": counts["gold"],
        "masks": counts["masks"],
    }


def _three(counts: Counter[str], right: str, masks: str, found: str, gold: str) -> Rates:
    precision = counts[right] / counts[masks] if counts[masks] else None
    recall = counts[found] / counts[gold] if counts[gold] else None
    return {"precision": precision, "recall": recall, "f2": _f2(precision, recall)}


def _f2(precision: float | None, recall: float | None) -> float | None:
    """F-measure that weighs recall twice as much as precision (van Rijsbergen)."""
    if precision is None or recall is None:
        return None
    weighed = 4 * precision + recall
    return 5 * precision * recall / weighed if weighed else 0.0
