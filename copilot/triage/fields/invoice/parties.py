"""Who sells and who buys: by the words over their addresses, or by where a letter has its sender and its addressee.

Invariant: a name is one cell, or the cells of one block, that holds letters and is no label, date, amount or address;
the seller and the buyer are not one block, and the one to whom goods are delivered is neither.
"""

import re
from typing import Final, NamedTuple

from copilot.triage.fields.invoice.grid import Cell, Grid
from copilot.triage.fields.invoice.roles import HEADINGS, NAME, is_heading

_TOP: Final = 14  # rows of a page that a letterhead takes
_BLOCK: Final = 10  # rows in which a labelled block has its name
_POSTCODE: Final = re.compile(
    r"(?:^|[\s,])(?:[a-z]{1,2}[ -])?\d{4,5}(?:-\d{3,4})? [^\W\d_]"
    r"|\b[a-z]{1,2}\d[a-z\d]? \d[a-z]{2}\b|, [a-z]{2} \d{5}\b"
)
LEGAL: Final = re.compile(
    r"\b(?:s\.?a\.?r\.?l|s\.?a\.?s\.?u?|s\.?a|e\.?u\.?r\.?l|s\.?n\.?c|s\.?c\.?i|gmbh(?: & co\.? kg)?|ag|kg|ohg|ug|gbr"
    r"|e\.? ?k|mbh|e\.v|a\.g|ltd|limited|plc|llp|llc|inc|corp(?:oration)?|co|b\.?v|n\.?v|s\.?r\.?l|s\.?p\.?a|s\.?l"
    r"|oy|a/s|aps|ab)\b\.?"
)
_SELLERS: Final = re.compile(
    r"\b(?:siret|siren|rcs|r\.c\.s|ape|naf|capital|hrb|amtsgericht|handelsregister\w*|ust-?\.?-?id\w*|steuernummer"
    r"|company (?:no|number|reg\w*)|registered (?:in|office)|vat (?:no|number|reg\w*|id)|tva|n° tva|tax id|ein)\b"
)
_NO_NAME: Final = re.compile(
    r"^(?:page|seite|date|datum|invoice|tax invoice|facture|avoir|rechnung|credit note|gutschrift|original|copy|copie"
    r"|kopie|duplicat\w*|tel|phone|fax|e-?mail|mail|www|http|siret|siren|tva|vat|ust|iban|bic|total|description|attn|note|order|commande"
    r"|bestellung|customer (?:no|number)|kunden\w*|numero|nummer|number|n°|no\b|nr\b|ref|your|votre|ihre?\b|contact\b"
    r"|adresse|address|anschrift|payment|paiement|zahlung|currency|wahrung|devise)"
)
_SALUTATION: Final = re.compile(
    r"^(?:an |a )?(?:die |the )?(?:firma|herrn?|frau|familie|monsieur|madame|m\.|mme|mr|mrs|ms)\.?$"
)
_SEPARATOR: Final = re.compile(r"\s+[-–—|·•∙*/]\s+|\s*[|·•∙]\s*|,\s+(?=\d|[^,]*\d)")


class Party(NamedTuple):
    """A name and where it stands in its page."""

    value: str
    weight: float
    page: int
    start: int
    end: int
    row: int
    left: int


def parties(grid: Grid) -> tuple[Party | None, Party | None]:
    """Seller and buyer."""
    seller, buyer = _labelled(grid, "seller"), _labelled(grid, "buyer")
    if not buyer:
        buyer = _addressee(grid, seller)
    if not seller:
        seller = _letterhead(grid, buyer)
    return seller, buyer


def _labelled(grid: Grid, role: str) -> Party | None:
    for cell in grid.cells():
        match = HEADINGS[role].match(cell.plain)
        if not match:
            continue
        if cell.plain[match.end() :].strip():
            if _is_name(cell.plain[match.end() :]):
                return _party(cell, match.end(), 0.9)
            continue
        if found := _named(grid, cell) or _first(grid, cell):
            return found
    return None


def _named(grid: Grid, heading: Cell) -> Party | None:
    """The value of a "Name:" below the heading, before another party's begins."""
    for row in grid.rows[heading.row : heading.row + _BLOCK]:
        for cell in row:
            if cell.page != heading.page or cell.left < heading.left - 3 or _is_heading(cell, heading):
                continue
            match = NAME.match(cell.plain)
            if match and cell.plain[match.end() :].strip():
                return _party(cell, match.end(), 0.95)
            if match and (value := next(iter(grid.right_of(cell)), None)):
                return _whole(grid, value)
        if any(_is_heading(cell, heading) for cell in row):
            return None
    return None


def _is_heading(cell: Cell, heading: Cell) -> bool:
    """Another party's heading in the heading's column."""
    if cell == heading or abs(cell.left - heading.left) > 3:
        return False
    return is_heading(cell.plain)


def _whole(grid: Grid, cell: Cell) -> Party:
    """A name of two lines beside one label, which stands at the middle of the two."""
    above = grid.above(cell)
    is_name = above and (_is_name(above.plain) or _SALUTATION.match(above.plain))
    is_alone = above and is_name and not grid.left_of(above) and not grid.above(above)
    if not above or not is_alone:
        return _party(cell, 0, 0.95)
    value = f"{above.text} {cell.text}"
    return Party(value, 0.95, cell.page, above.start, cell.start + len(cell.text), above.row, cell.left)


def _first(grid: Grid, heading: Cell) -> Party | None:
    """The first name below a heading, or else beside it."""
    for cell in [*grid.below(heading, near=4, slack=0), *grid.right_of(heading)[:1]]:
        if _is_name(cell.plain) and not _POSTCODE.search(cell.plain):
            return _party(cell, 0, 0.85)
    return None


def _addressee(grid: Grid, seller: Party | None) -> Party | None:
    """The top of the first block that ends in a postcode and is neither the seller's nor for the delivery."""
    for cell in grid.cells():
        if not _POSTCODE.search(cell.plain) or len(_SEPARATOR.split(cell.plain)) > 1:
            continue
        block = _up(grid, cell)
        top = next((line for line in block if _is_name(line.plain) and not _is_sender_line(line)), None)
        is_other = any(HEADINGS["delivery"].match(line.plain) for line in block) or (
            seller is not None and any(line.row == seller.row and line.left == seller.left for line in block)
        )
        if top and top is not cell and not is_other and not _is_senders(grid, block):
            return _party(top, 0, 0.6)
    return None


def _is_sender_line(cell: Cell) -> bool:
    """Name, street and town on one line, as a sender stands over the window of an envelope."""
    return len(_SEPARATOR.split(cell.plain)) > 2


def _is_senders(grid: Grid, block: list[Cell]) -> bool:
    """A block with a register number beneath, or at the very top of the page with another below it, is the sender's."""
    last = block[-1]
    beneath = [cell for cell in grid.below(last, near=5) if abs(cell.left - last.left) <= 2]
    return any(_SELLERS.search(cell.plain) and "client" not in cell.plain for cell in beneath)


def _up(grid: Grid, cell: Cell) -> list[Cell]:
    """The cells over `cell` in its column without a blank row between, from the top; and itself."""
    block = [cell]
    while len(block) < 7 and (above := grid.above(block[0])):
        block.insert(0, above)
    return block


def _letterhead(grid: Grid, buyer: Party | None) -> Party | None:
    """The first name at the top of the first page; rather one with a legal form, or near a register number."""
    top = [cell for row in grid.rows[:_TOP] for cell in row]
    found = []
    for cell in top:
        name = _SEPARATOR.split(cell.plain, maxsplit=1)[0]
        is_buyer = buyer and (cell.row, cell.left) >= (buyer.row, buyer.left) and abs(cell.left - buyer.left) <= 2
        if not _is_name(name) or _SELLERS.search(name) or is_buyer or is_heading(cell.plain):
            continue
        near = any(_SELLERS.search(other.plain) for other in grid.below(cell, near=7, slack=4))
        weight = 0.5 + 0.2 * bool(LEGAL.search(name)) + 0.1 * near - 0.01 * cell.row
        found.append(_party(cell, 0, weight, len(name)))
    return max(found, key=lambda party: party.weight, default=None)


def _is_name(plain: str) -> bool:
    plain = plain.strip()
    letters = sum(map(str.isalpha, plain))
    return (
        letters >= 2 and letters * 2 > len(plain) and len(plain) <= 90 and not plain.endswith(":") and "@" not in plain
        and not _NO_NAME.match(plain) and not _SALUTATION.match(plain) and not re.match(r"[\d+(]", plain)
    )  # fmt: skip


def _party(cell: Cell, begin: int, weight: float, end: int | None = None) -> Party:
    text = cell.text[begin:end]
    begin += len(text) - len(text.lstrip())
    text = text.strip(" ,;")
    return Party(text, weight, cell.page, cell.start + begin, cell.start + begin + len(text), cell.row, cell.left)
