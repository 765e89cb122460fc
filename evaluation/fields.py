"""How many facts of invoices are read right, on PDF files with their gold XML beside them.

Invariant: what is measured is what a ticket's attachment meets: the product's own reading, within its limits. A fact
is exact, missing or wrong; the three shares of a field are of the documents whose gold has that field, and those of
`overall` of all such facts together. What is found where the gold is silent is not counted.

Two values are the same when they are equal after this, and nothing more:
- number: letters' case and spaces aside;
- dates: as ISO 8601; currency: as ISO 4217; IBAN: spaces aside;
- amounts: as decimal numbers, to the cent. A credit note's sign is a convention, so it is left out where the gold's
  type is a credit note's (381 writes positive what the page prints negative);
- seller, buyer: case, spaces, line ends, commas and full stops aside, and without a legal form at the end: "Au bon
  moulin SARL" is "Au bon moulin".
"""

import re
import statistics
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

from copilot.documents import Limits, read
from copilot.documents.invoices import invoice_of
from copilot.documents.problems import Unreadable
from copilot.documents.types import Invoice
from copilot.documents.xml import parsed
from copilot.triage.fields.invoices import facts_of
from copilot.triage.fields.types import INVOICE, Found, Source
from evaluation.data import BadData

GOLD: Final = (".embedded.xml", ".cii.xml", ".ubl.xml", ".xml")
VERDICTS: Final = ("exact", "missing", "wrong")
_AMOUNTS: Final = ("net", "vat", "total")
_LEGAL: Final = re.compile(
    r" (?:sarl|sas|sasu|sa|eurl|snc|sci|gmbh|gmbh & co kg|ag|kg|ohg|ug|gbr|ek|ltd|limited|plc|llp|llc|inc"
    r"|corp|bv|nv|srl|spa)$"
)

Shares = dict[str, float]


class _Document(NamedTuple):
    path: Path
    gold: Invoice


def evaluate(folder: Path, *, embedded: bool) -> tuple[dict[str, object], list[dict[str, object]]]:
    """Shares by field, then `documents` and `seconds_p50` of reading one; and an item for each fact of the gold.

    Without `embedded`, the XML inside the PDF is not used. Raises BadData.
    """
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("overall", *INVOICE)}
    items: list[dict[str, object]] = []
    seconds: list[float] = []
    for document in _documents(folder):
        started = time.perf_counter()
        found = _facts(document.path, embedded=embedded)
        seconds.append(time.perf_counter() - started)
        for item in _compared(document, found, folder):
            counts[str(item["field"])][str(item["verdict"])] += 1
            counts["overall"][str(item["verdict"])] += 1
            items.append(item)
    if not seconds:
        raise BadData(f"{folder}: holds no PDF file with its gold beside it (X.pdf and X.cii.xml, say)")
    shares: dict[str, object] = {name: _shares(count) for name, count in counts.items() if count}
    return shares | {"documents": len(seconds), "seconds_p50": statistics.median(seconds)}, items


def readable(metrics: Mapping[str, object]) -> str:
    """A field a line."""
    rows = [f"{'':<12}{'exact':>9}{'missing':>9}{'wrong':>9}"]
    for name, shares in metrics.items():
        if isinstance(shares, dict):
            rows.append(f"{name:<12}" + "".join(f"{shares[verdict]:>9.3f}" for verdict in VERDICTS))
    return "\n".join([*rows, f"{metrics['documents']} documents, {metrics['seconds_p50']:.3f} s each (median)"])


def _documents(folder: Path) -> Iterator[_Document]:
    if not folder.is_dir():
        raise BadData(f"{folder}: is not a folder")
    for path in sorted(folder.rglob("*.pdf")):
        for suffix in GOLD:
            gold = path.with_name(path.stem + suffix)
            if gold.exists():
                yield _Document(path, _gold(gold))
                break


def _gold(path: Path) -> Invoice:
    try:
        invoice = invoice_of(parsed(path.read_bytes(), Limits()))
    except (OSError, Unreadable) as error:
        raise BadData(f"{path}: cannot be read ({error})") from error
    if not invoice:
        raise BadData(f"{path}: is neither CII nor UBL")
    return invoice


def _facts(path: Path, *, embedded: bool) -> dict[str, Found]:
    document = read(path.read_bytes(), path.name)
    return facts_of(Source(path.name, document.pages, document.invoice), with_data=embedded)


def _compared(document: _Document, found: Mapping[str, Found], folder: Path) -> Iterator[dict[str, object]]:
    for name, gold in document.gold.facts.items():
        value = found[name].value if name in found else None
        unsigned = document.gold.is_credit_note
        same = value is not None and normal(name, value, unsigned=unsigned) == normal(name, gold, unsigned=unsigned)
        verdict = "exact" if same else "missing" if value is None else "wrong"
        place = str(document.path.relative_to(folder))
        yield {"document": place, "field": name, "gold": gold, "found": value, "verdict": verdict}


def normal(name: str, value: str, *, unsigned: bool = False) -> str | Decimal:
    """`value` as it is compared; see the module."""
    if name in _AMOUNTS:
        amount = Decimal(value)
        return abs(amount) if unsigned else amount
    text = unicodedata.normalize("NFKC", value).casefold()
    if name in ("seller", "buyer"):
        return _LEGAL.sub("", " ".join(re.sub(r"[.,]", "", text).split()))
    return "".join(text.split())


def _shares(count: Counter[str]) -> Shares:
    return {verdict: count[verdict] / count.total() for verdict in VERDICTS}
