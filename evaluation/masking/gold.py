"""Texts with the private values in them marked: Presidio-research JSON, JSON Lines of the same, MultiDoGO's TSV; and
a CSV with a column `text` in which nothing is private.

Invariant: what the marks mean is decided here, by rules on the text alone, before anything is found in it:

- `required`: what must be masked. A place (LOCATION, GPE) is required only as a part of a street address: where nothing
  but spaces and punctuation stands between it and a part of an address. A DATE_TIME is required only where the text
  calls it a birth.
- `neutral`: what is neither missed when readable nor wrong when masked as its own kind: other places masked as an
  address, titles and forms of address as a person, web addresses as a web address, dates of birth that only a template
  knows about. Masked as another kind (a town as a person), they count as wrong.
- Everything else, organisations and plain dates too, counts as wrong when masked.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from copilot.privacy.spans import Span
from evaluation.data import BadData, json_lines

# What each label of the sets is called here.
KINDS: Final[Mapping[str, str]] = {
    "PERSON": "PERSON", "ADDRESS": "ADDRESS", "STREET_ADDRESS": "ADDRESS", "PHONE_NUMBER": "PHONE",
    "EMAIL_ADDRESS": "EMAIL", "CREDIT_CARD": "CARD", "IBAN_CODE": "IBAN", "US_SSN": "IDNUMBER", "IP_ADDRESS": "IP",
    "DATE_TIME": "BIRTHDATE", "US_DRIVER_LICENSE": "IDNUMBER", "FR_NIR": "IDNUMBER", "ID_NUMBER": "IDNUMBER",
    "UK_NINO": "IDNUMBER", "SIREN": "COMPANY", "SIRET": "COMPANY", "BIC": "BIC", "SECRET": "SECRET",
    "PASSWORD": "SECRET", "USERNAME": "USERNAME", "SECRET_URL": "URL", "ORDER_NUMBER": "ORDER",
    "ACCOUNT_NUMBER": "ACCOUNT", "ZIP_CODE": "ADDRESS",
}  # fmt: skip
_NEUTRAL: Final[Mapping[str, str]] = {
    "LOCATION": "ADDRESS", "GPE": "ADDRESS", "PREFIX": "PERSON", "TITLE": "PERSON", "DOMAIN_NAME": "URL",
    "US_DRIVER_LICENSE": "IDNUMBER",
}  # fmt: skip
_PLACES: Final = ("LOCATION", "GPE")
_BORN = re.compile(r"\b(?:birth\w*|born|dob|né|née|naissance|anniversaire)\b", re.IGNORECASE)
_NEAR: Final = 60  # characters in which the word for a birth must stand before the date
_BETWEEN = re.compile(r"[\W_]*")
_FORM_OF_ADDRESS = re.compile(r"(?:mr|mrs|ms|miss|dr|m|mme|mlle|monsieur|madame)\b\.?\s*", re.IGNORECASE)
# MultiDoGO's slots; the others (sizes, brands, claims) are neither.
SLOTS: Final[Mapping[str, str]] = {
    "name": "PERSON", "ssn": "US_SSN", "card_number": "CREDIT_CARD", "account_number": "ACCOUNT_NUMBER",
    "target_account_number": "ACCOUNT_NUMBER", "email_address": "EMAIL_ADDRESS", "phone_number": "PHONE_NUMBER",
    "phonenumber": "PHONE_NUMBER", "address": "ADDRESS", "password": "PASSWORD",
}  # fmt: skip
# What a set marks, as it comes: start, end, label.
Marks = Sequence[tuple[int, int, str]]
Streets = Sequence[tuple[int, int]]
_FILES: Final = ("train.tsv", "dev.tsv")


class Mark(NamedTuple):
    """Characters `start` to `end` hold what the set calls `label` and we call `kind`."""

    start: int
    end: int
    label: str
    kind: str


class Document(NamedTuple):
    """A text and its marks."""

    text: str
    required: Sequence[Mark]
    neutral: Sequence[Span]


def read(path: Path) -> list[Document]:
    """The documents of a file, or of a folder of MultiDoGO's domains. Raises BadData."""
    if path.is_dir():
        return [document for file in _turn_files(path) for document in _turns(file)]
    if path.suffix == ".tsv":
        return list(_turns(path))
    if path.suffix == ".csv":
        return list(_plain(path))
    return [_document(row, path) for row in _rows(path)]


def _plain(path: Path) -> Iterator[Document]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if "text" not in (reader.fieldnames or ()):
                raise BadData(f"{path}, line 1: the column 'text' is missing")
            yield from (Document(row["text"] or "", [], []) for row in reader)
    except OSError as error:
        raise BadData(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadData(f"{path}: is not UTF-8") from error


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    if path.suffix == ".jsonl":
        yield from json_lines(path, ["full_text", "spans"])
        return
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadData(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise BadData(f"{path}: is not JSON ({error})") from error
    if not isinstance(rows, list):
        raise BadData(f"{path}: is not a list of texts")
    yield from rows


def _document(row: dict[str, Any], path: Path) -> Document:
    try:
        text = row["full_text"]
        marks = [(int(span["start_position"]), int(span["end_position"]), span["entity_type"]) for span in row["spans"]]
    except (KeyError, TypeError, ValueError) as error:
        raise BadData(f"{path}: a text without full_text or spans with their positions") from error
    marks.sort()
    streets = [(start, end) for start, end, label in marks if KINDS.get(label) == "ADDRESS"]
    required, neutral = [], []
    for start, end, label in marks:
        if label == "PERSON":
            start += _title_length(text[start:end])  # noqa: PLW2901
        if _is_required(text, start, end, label, streets, marks):
            kind = "ADDRESS" if label in _PLACES else KINDS[label]
            required.append(Mark(start, end, "ADDRESS" if label in _PLACES else label, kind))
        elif kind := _NEUTRAL.get(label) or (KINDS.get(label, "") if label == "DATE_TIME" and _is_birth(row) else ""):
            neutral.append(Span(start, end, kind))
    return Document(text, required, [*neutral, *_titles(text, marks)])


def _title_length(name: str) -> int:
    match = _FORM_OF_ADDRESS.match(name)
    return match.end() if match else 0


def _titles(text: str, marks: Marks) -> Iterator[Span]:
    """`Dr.` is a part of some persons in the set, a PREFIX in others, and left out in others again."""
    for start, end, label in marks:
        if label == "PERSON" and (length := _title_length(text[start:end])):
            yield Span(start, start + length, "PERSON")


def _is_required(
    text: str,
    start: int,
    end: int,
    label: str,
    streets: Streets,
    marks: Marks,
) -> bool:
    if start >= end or label == "US_DRIVER_LICENSE":
        return False
    if label in _PLACES:
        return _is_in_address(text, start, end, streets, marks)
    if label == "DATE_TIME":
        return _BORN.search(text, max(0, start - _NEAR), start) is not None
    return label in KINDS


def _is_in_address(text: str, start: int, end: int, streets: Streets, marks: Marks) -> bool:
    """Only spaces, punctuation and other places between it and a part of an address."""
    places = {(first, last) for first, last, label in marks if label in _PLACES} - {(start, end)}
    reached = {(start, end)}
    grew = True
    while grew:
        near = {
            other
            for other in [*streets, *places]
            for one in reached
            if other not in reached and _touch(text, one, other)
        }
        if near & set(streets):
            return True
        reached |= near
        grew = bool(near)
    return False


def _touch(text: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    first, second = sorted([one, other])
    return first[1] <= second[0] and _BETWEEN.fullmatch(text, first[1], second[0]) is not None


def _is_birth(row: dict[str, Any]) -> bool:
    return "date_of_birth" in str(row.get("masked") or "")


def _turn_files(folder: Path) -> list[Path]:
    files = [path for name in _FILES for path in sorted(folder.rglob(name))]
    if not files:
        raise BadData(f"{folder}: holds no {' or '.join(_FILES)}")
    return files


def _turns(path: Path) -> Iterator[Document]:
    """Turns with as many labels as words; a few rows of the set are broken."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if missing := [name for name in ("utterance", "slot-labels") if name not in (reader.fieldnames or ())]:
                raise BadData(f"{path}, line 1: the column {missing[0]!r} is missing")
            for row in reader:
                words, labels = (row["utterance"] or "").split(" "), (row["slot-labels"] or "").split(" ")
                if len(words) == len(labels) and row["utterance"]:
                    yield Document(row["utterance"], list(_slots(words, labels)), [])
    except OSError as error:
        raise BadData(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadData(f"{path}: is not UTF-8") from error


def _slots(words: Sequence[str], labels: Sequence[str]) -> Iterator[Mark]:
    """Neighbouring words of one slot are one value."""
    position, open_mark = 0, None
    for word, slot in zip([*words, ""], [*labels, "O"], strict=True):
        label = SLOTS.get(slot)
        if open_mark and (label is None or open_mark.label != label):
            yield open_mark
            open_mark = None
        if label:
            start = open_mark.start if open_mark else position
            open_mark = Mark(start, position + len(word), label, KINDS[label])
        position += len(word) + 1
