"""The headings over the addresses of an invoice: who sells, who buys, where goods go; and the names of the documents.

Invariant: a heading is a whole cell, or what a colon ends; in running text the same words head nothing.
"""

import re
from typing import Final

_SELLER: Final = (
    r"seller|vendor|supplier|issued by|invoice from|billed by|from|sold by|payable to|vendeur|emetteur|fournisseur"
    r"|prestataire|emise? par|societe emettrice|verkaufer(?:in)?|lieferant|rechnungssteller(?:in)?|aussteller"
    r"|leistungserbringer|verkauft von|absender"
)
_BUYER: Final = (
    r"buyer|bill(?:ed)? to|invoiced? to|invoice for|sold to|customer|client|purchaser|billing address|invoice address"
    r"|recipient|to|an|prepared for|acheteur|facturee? a|adresse de facturation|destinataire"
    r"|adresse client|client facture|a l'attention de|facturer a|vendu a"
    r"|kaufer(?:in)?(?:\s?/\s?leistungsempfanger)?|rechnungsempfanger(?:in)?"
    r"|leistungsempfanger|rechnung an|kunde|rechnungsadresse|rechnungsanschrift|auftraggeber|empfanger"
)
_DELIVERY: Final = (
    r"(?:delivery|shipping) address|deliver(?:ed)? to|ship(?:ped)? to|adresse de livraison|livre a|lieu de livraison"
    r"|lieferadresse|lieferanschrift|lieferung an|warenempfanger"
)
_ROLES: Final = {"seller": _SELLER, "buyer": _BUYER, "delivery": _DELIVERY}
HEADINGS: Final = {
    role: re.compile(rf"(?:{words})(?: name| details| information)?\s*(?::|$)\s*") for role, words in _ROLES.items()
}
NAME: Final = re.compile(
    r"(?:company name|firmenname|raison sociale|denomination(?: sociale)?|name|nom|firma|company|societe)\s*(?::|$)\s*"
)
# Words that make a number another document's, or another kind of number.
ANOTHERS: Final = re.compile(
    r"lie[es]?\b|origine?\b|original\w*|annul\w*|related|preceding|previous|corrected|correction of|ursprung\w*"
    r"|storn\w*|bezug\w*|rectifi\w*|your|ihre?\b|votre|vos\b|kunden|\bclient\b|customer|order|commande|bestell|liefer|livraison"
)


def is_heading(plain: str) -> bool:
    """Whether a cell begins with any party's heading."""
    return any(pattern.match(plain) for pattern in HEADINGS.values())
