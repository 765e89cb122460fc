"""How well fields are found in chats, on MultiDoGO's token labels: precision and recall of each slot.

Invariant: a turn is read alone, as a customer wrote it, by the fields that an administrator would define for that
desk; nothing is learnt from the labels. A slot is right when the value found is one of the turn's labelled values,
spaces aside. The chats have neither punctuation nor what the agent asked before: an address has lost its @, and
"4577" may be anything, which no reading of the turn alone can mend.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from copilot.documents.types import Page
from copilot.triage.fields import Source, Wanted, find
from evaluation.data import BadData

COLUMNS: Final = ("utterance", "slot-labels")
FILES: Final = ("train.tsv", "dev.tsv")
# fmt: off
_EMAIL: Final = (
    r"\b[\w.+-]+(?: \d{1,4})? ?(?:@ ?[\w.-]+\.[a-z]{2,}|(?:gmail|yahoo|hotmail|outlook|rediffmail|ymail) ?com)\b"
)
_BRANDS: Final = (
    "Acura", "Audi", "BMW", "Bentley", "Bugatti", "Buick", "Cadillac", "Chevrolet", "Chevy", "Chrysler", "Dodge",
    "Ferrari", "Fiat", "Ford", "GMC", "Honda", "Hyundai", "Infiniti", "Jaguar", "Jeep", "Kia", "Lamborghini",
    "Land Rover", "Lexus", "Lincoln", "Mahindra", "Maruti", "Maruti Suzuki", "Maserati", "Mazda", "Mercedes",
    "Mercedes Benz", "Mini", "Mitsubishi", "Nissan", "Opel", "Peugeot", "Porsche", "Renault", "Rolls Royce", "Saab",
    "Skoda", "Subaru", "Suzuki", "Tata", "Tesla", "Toyota", "Volkswagen", "Volvo",
)
_SOFTWARE: Final = (
    "Outlook", "Microsoft Outlook", "Microsoft Office Outlook", "Skype", "Salesforce", "Messenger", "Twitter", "Slack",
    "Teams", "Zoom", "Word", "Excel", "PowerPoint", "Photoshop", "Facebook", "WhatsApp", "Instagram", "Chrome",
    "Firefox", "Gmail", "Office", "Windows", "Dropbox", "SharePoint", "OneDrive", "LinkedIn",
)
# The slots that a field of ours can be, as an administrator of each desk would define it.
WANTED: Final[Mapping[str, tuple[Wanted, ...]]] = {
    "insurance": (
        Wanted("email_address", "pattern", pattern=_EMAIL),
        Wanted("phone_number", "phone", words=("phone", "number", "mobile", "call")),
        Wanted("policyid", "pattern", pattern=r"\b[a-z]{3} ?\d{6,10}\b"),
        Wanted("claimid", "pattern", pattern=r"\b[a-z]{3} ?\d{3}\b"),
        Wanted("car_year", "pattern", pattern=r"\b(?:19[5-9]\d|20[0-2]\d)\b"),
        Wanted("car_brand", "product", words=_BRANDS),
        Wanted("ssn", "order_number", words=("ssn", "social", "social security", "last four", "last 4 digits")),
    ),
    "finance": (
        Wanted("card_number", "order_number", words=("card", "credit card", "debit card", "card number")),
        Wanted("account_number", "order_number", words=("account", "account number", "acc", "a c")),
        Wanted("ssn", "order_number", words=("ssn", "social", "social security", "last four", "last 4 digits")),
        Wanted("address", "address"),
        Wanted("charge_amount", "amount", words=("charge", "charged", "amount", "charge of")),
        Wanted("transferamount", "amount", words=("transfer", "send", "move")),
    ),
    "software": (
        Wanted("software_name", "product", words=_SOFTWARE),
        Wanted("account_number", "order_number", words=("account", "account number")),
        Wanted("cost", "amount"),
        Wanted("item_code", "pattern", pattern=r"\b(?:ypt|psre|psrew|psrf) ?\d{2,4}\b"),
    ),
    "fastfood": (
        Wanted("phonenumber", "phone", words=("phone", "number", "mobile", "call")),
        Wanted("address", "address"),
    ),
}  # fmt: skip
# fmt: on


class _Turn(NamedTuple):
    text: str
    gold: Mapping[str, Sequence[str]]


def evaluate(folder: Path) -> tuple[dict[str, dict[str, float | None]], list[dict[str, object]]]:
    """By "domain/slot": precision, recall, and how many the labels have and we found; and an item for each mistake."""
    metrics: dict[str, dict[str, float | None]] = {}
    items: list[dict[str, object]] = []
    for domain, wanted in WANTED.items():
        turns = [turn for name in FILES for turn in _turns(folder / domain / name)]
        for field in wanted:
            counts: Counter[str] = Counter()
            for turn in turns:
                said = _value(field, turn.text)
                gold = [_plain(value) for value in turn.gold.get(field.name, ())]
                right = said is not None and _plain(said) in gold
                counts += Counter(gold=len(gold), found=said is not None, right=right)
                if (gold and not right) or (said is not None and not right):
                    slot = f"{domain}/{field.name}"
                    items.append({"slot": slot, "text": turn.text, "gold": gold, "found": said})
            metrics[f"{domain}/{field.name}"] = _rates(counts)
    return metrics, items


def _value(field: Wanted, text: str) -> str | None:
    found = find([field], [Source("turn", (Page(0, text, "text"),))], "en").found
    return found[0].raw if found else None


def _plain(value: str) -> str:
    return "".join(value.casefold().split())


def _rates(counts: Counter[str]) -> dict[str, float | None]:
    return {
        "precision": counts["right"] / counts["found"] if counts["found"] else None,
        "recall": counts["right"] / counts["gold"] if counts["gold"] else None,
        "gold": counts["gold"],
        "found": counts["found"],
    }


def _turns(path: Path) -> Iterator[_Turn]:
    """The turns with as many labels as words; a few rows of the set are broken."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
                raise BadData(f"{path}, line 1: the column {missing[0]!r} is missing")
            for row in reader:
                words, marks = (row["utterance"] or "").split(" "), (row["slot-labels"] or "").split(" ")
                if len(words) == len(marks) and row["utterance"]:
                    yield _Turn(row["utterance"], _slots(words, marks))
    except OSError as error:
        raise BadData(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadData(f"{path}: is not UTF-8") from error


def _slots(words: Sequence[str], marks: Sequence[str]) -> dict[str, list[str]]:
    """Neighbouring words of one label are one value."""
    found: dict[str, list[str]] = {}
    before = "O"
    for word, mark in zip(words, marks, strict=True):
        if mark != "O" and mark == before:
            found[mark][-1] += f" {word}"
        elif mark != "O":
            found.setdefault(mark, []).append(word)
        before = mark
    return found
