"""What reading an attachment gives.

Invariant: reading never raises for what is in the bytes: what could not be read is said in `problem`, for a person.
"""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["pdf", "image", "xml", "text", "archive", "unknown"]
Read = Literal["text", "ocr", "xml"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page's text, in reading order; `number` starts at 1. `read` says how: a text layer, or recognised."""

    number: int
    text: str
    read: Read


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice's facts, by the names of `copilot.triage.fields.types.INVOICE`: dates ISO 8601, amounts "1234.50",
    currencies ISO 4217, IBANs without spaces. What the document does not say is not in there.
    """

    facts: dict[str, str]
    syntax: Literal["cii", "ubl"]
    is_credit_note: bool = False  # of a type whose positive amounts are owed to the buyer


@dataclass(frozen=True, slots=True)
class Document:
    """An attachment that was read as far as the limits allow.

    `kind` is what the bytes are, whatever their name says. `problem` is empty, or a code of
    `copilot.documents.problems` ("encrypted", "too-many-pages", "not-what-it-says", ...); what was read until then is
    there all the same.
    """

    name: str
    kind: Kind
    pages: tuple[Page, ...] = ()
    invoice: Invoice | None = None
    problem: str = ""
    seconds: float = field(default=0.0, compare=False)
