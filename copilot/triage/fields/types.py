"""What is looked for in a ticket, and what is found.

Invariant: a value is never guessed: `Found` says in which words of which source it stands.
"""

from dataclasses import dataclass

from copilot.documents.types import Invoice, Page

# The kinds of field that the product knows; any other is found by its own pattern.
KINDS = (
    "order_number", "invoice_number", "amount", "date", "iban", "product", "version", "device", "address", "email",
    "phone", "pattern",
)  # fmt: skip
# What an invoice holds (EN 16931's BT-1, BT-2, BT-9, BT-27, BT-44, BT-5, BT-109, BT-110, BT-112, BT-84).
INVOICE = (
    "number", "issue_date", "due_date", "seller", "buyer", "currency", "net", "vat", "total", "iban",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """A field to look for. `words` stand near it ("order", "commande"), or are its values for a product or device;
    `pattern` is a regular expression, for the kind "pattern", or what an order number of this customer looks like.
    """

    name: str
    kind: str
    required: bool = False
    words: tuple[str, ...] = ()
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where to look: a message (`key` its id, one page, number 0) or an attachment."""

    key: str
    pages: tuple[Page, ...]
    invoice: Invoice | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """`value`, normalised, as it stands (`raw`) on characters `start` to `end` of a page; page 0 is a message's text,
    -1 the invoice data inside a file. `problem` is empty, or the code of the rule that the value breaks.
    """

    name: str
    value: str
    raw: str
    source: str
    page: int
    start: int
    end: int
    confidence: float
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """At most one value a field, the likeliest; the required ones that are missing; and the codes of rules that hold
    between fields and are broken, such as "sum" for net + VAT = total.
    """

    found: tuple[Found, ...]
    missing: tuple[str, ...]
    problems: tuple[str, ...]
