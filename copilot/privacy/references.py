"""Numbers of orders and accounts, for administrators who ask for them.

Invariant: a number is one only right behind the word that calls it so, and holds a digit. Off by default, since agents
and rules need them.
"""

import re
from collections.abc import Iterator
from typing import Final

from copilot.privacy.context import NUMBER, any_of
from copilot.privacy.spans import Span

_ORDER: Final = any_of(
    "orders?", "purchase order", "booking", "reservation", "invoice", "bill", "shipment", "tracking", "parcel",
    "ticket", "case", "claim", "commandes?", "r[ée]servation", "facture", "suivi", "colis", "dossier",
    "ref(?:erence)?", "r[ée]f(?:[ée]rence)?",
)  # fmt: skip
_ACCOUNT: Final = any_of(
    "(?:bank |checking |savings? |customer |client )?accounts?", "acct", "a/c", "acc", "ac(?= ?(?:no|num|number)\\b)",
    "customer", "member(?:ship)?", "polic(?:y|ies)", "contract", "compte(?: (?:bancaire|client))?", "client",
    "abonn[ée]", "adh[ée]rent", "contrat", "rib", "sort code", "routing",
)  # fmt: skip
_BETWEEN: Final = (
    rf"{NUMBER}(?:[\s_.:=#(-]{{1,3}}(?:(?:is|was|est|ends?|ending|in|with|the|last|four|4|digits?|of|my)\b\s?)?){{0,6}}"
)
_VALUE: Final = r"(?<![\w.-])(?P<value>(?:[A-Za-z]{1,6}[-/ ]?)?\d[\w-]{2,30}(?:[ /-]\d{2,8}){0,5})(?![\w])"
_DIGITS = re.compile(r"\d\w{2}")
_NAMED: Final = {
    kind: re.compile(rf"(?<!\w){words}(?!\w){_BETWEEN}{_VALUE}", re.IGNORECASE)
    for kind, words in (("ORDER", _ORDER), ("ACCOUNT", _ACCOUNT))
}


def references(text: str) -> Iterator[Span]:
    """What stands behind "order number", "n° de client" and the like: ORDER, ACCOUNT."""
    if not _DIGITS.search(text):
        return
    for kind, pattern in _NAMED.items():
        for match in pattern.finditer(text):
            yield Span(*match.span("value"), kind)
