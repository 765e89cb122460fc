"""How much of an attachment is read. Past a limit, what was read until then is kept and `problem` says which it was."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The defaults suit an attachment of a ticket: an invoice, a form, a screenshot, a photograph of a receipt."""

    bytes: int = 25 * 1024 * 1024  # of the file
    xml_bytes: int = 5 * 1024 * 1024  # of XML, unpacked from a PDF or alone
    pages: int = 20  # of a PDF, the first ones
    recognised: int = 8  # pages of it that are read by OCR
    pixels: int = 60_000_000  # of an image: more than a telephone takes
    characters: int = 400_000  # of all pages together
    seconds: float = 60.0  # no page is begun after
