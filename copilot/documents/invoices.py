"""Invoices that machines can read: CII (Factur-X, ZUGFeRD, XRechnung) and UBL, by the terms of EN 16931.

Invariant: a fact is copied from the element that the standard gives it, and nothing is worked out; an element that is
missing, empty or ill-formed gives no fact.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from lxml import etree

from copilot.documents.types import Invoice

Element = etree._Element
# The types of UNTDID 1001 that EN 16931 counts as credit notes: their amounts are positive, and owed the other way.
_CREDIT_NOTES = frozenset(["81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"])
_UBL = re.compile(r"urn:oasis:names:specification:ubl:schema:xsd:(Invoice|CreditNote)-2$")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")


def invoice_of(root: Element) -> Invoice | None:
    """The invoice whose root this is; None for any other XML."""
    name = etree.QName(root)
    if name.localname in ("CrossIndustryInvoice", "CrossIndustryDocument"):
        return _cii(root)
    if name.namespace and _UBL.match(name.namespace):
        return _ubl(root)
    return None


def _cii(root: Element) -> Invoice:
    """Of today's schema, or of ZUGFeRD 1.0's, which has other names for some of the same elements."""
    document = "ExchangedDocument|HeaderExchangedDocument"
    trade = "SupplyChainTradeTransaction|SpecifiedSupplyChainTradeTransaction"
    agreement = f"{trade}/ApplicableHeaderTradeAgreement|ApplicableSupplyChainTradeAgreement"
    settlement = f"{trade}/ApplicableHeaderTradeSettlement|ApplicableSupplyChainTradeSettlement"
    sums = f"{settlement}/SpecifiedTradeSettlementHeaderMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
    account = "SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount/IBANID"
    currency = _text(root, f"{settlement}/InvoiceCurrencyCode")
    facts = {
        "number": _text(root, f"{document}/ID"),
        "issue_date": _date(_text(root, f"{document}/IssueDateTime/DateTimeString")),
        "due_date": _date(_text(root, f"{settlement}/SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString")),
        "seller": _text(root, f"{agreement}/SellerTradeParty/Name"),
        "buyer": _text(root, f"{agreement}/BuyerTradeParty/Name"),
        "currency": currency,
        "net": _amount(root, f"{sums}/TaxBasisTotalAmount", currency),
        "vat": _amount(root, f"{sums}/TaxTotalAmount", currency),
        "total": _amount(root, f"{sums}/GrandTotalAmount", currency),
        "iban": _iban(_text(root, f"{settlement}/{account}")),
    }
    return _made(facts, "cii", credit=_text(root, f"{document}/TypeCode") in _CREDIT_NOTES)


def _ubl(root: Element) -> Invoice:
    currency = _text(root, "DocumentCurrencyCode")
    credit = etree.QName(root).localname == "CreditNote"
    facts = {
        "number": _text(root, "ID"),
        "issue_date": _date(_text(root, "IssueDate")),
        "due_date": _date(_text(root, "DueDate") or _text(root, "PaymentMeans/PaymentDueDate")),
        "seller": _party(root, "AccountingSupplierParty"),
        "buyer": _party(root, "AccountingCustomerParty"),
        "currency": currency,
        "net": _amount(root, "LegalMonetaryTotal/TaxExclusiveAmount", currency),
        "vat": _amount(root, "TaxTotal/TaxAmount", currency),
        "total": _amount(root, "LegalMonetaryTotal/TaxInclusiveAmount", currency),
        "iban": _iban(_text(root, "PaymentMeans/PayeeFinancialAccount/ID")),
    }
    return _made(facts, "ubl", credit=credit or _text(root, "InvoiceTypeCode") in _CREDIT_NOTES)


def _made(facts: dict[str, str], syntax: str, *, credit: bool) -> Invoice:
    known = {name: value for name, value in facts.items() if value}
    return Invoice(known, "cii" if syntax == "cii" else "ubl", credit)


def _party(root: Element, role: str) -> str:
    """BT-27 or BT-44, the registered name; a trading name where there is none."""
    return _text(root, f"{role}/Party/PartyLegalEntity/RegistrationName") or _text(root, f"{role}/Party/PartyName/Name")


def _all(root: Element, path: str) -> Iterator[Element]:
    """The elements at `path`: local names with /, alternatives with |. Prefixes and versions of a namespace vary."""
    here, _, rest = path.partition("/")
    for child in root.iterchildren(tag=etree.Element):
        if etree.QName(child).localname in here.split("|"):
            if rest:
                yield from _all(child, rest)
            else:
                yield child


def _text(root: Element, path: str) -> str:
    return next((text for element in _all(root, path) if (text := " ".join((element.text or "").split()))), "")


def _amount(root: Element, path: str, currency: str) -> str:
    """The amount in the invoice's currency: a VAT total may stand there in the seller's own, too."""
    for element in _all(root, path):
        if element.get("currencyID") in (None, "", currency):
            try:
                return plain(Decimal((element.text or "").strip()))
            except InvalidOperation:
                return ""
    return ""


def plain(amount: Decimal) -> str:
    """An amount as facts write it: "1234.50", with more decimals only where they say something."""
    if not amount.is_finite() or abs(amount) >= Decimal(10) ** 15:
        return ""
    cents = amount.quantize(Decimal("0.01"))
    return f"{cents + 0:f}" if cents == amount else f"{amount.normalize():f}"


def _date(written: str) -> str:
    """ISO 8601 from 20180605 (format 102 of UNTDID 2379) or 2018-06-05, with or without a zone behind."""
    match = re.match(r"(\d{4})-?(\d{2})-?(\d{2})(?!\d)", written)
    try:
        return date(*(int(part) for part in match.groups())).isoformat() if match else ""
    except ValueError:
        return ""


def _iban(written: str) -> str:
    """BT-84 may hold an account number of another kind, which is none."""
    compact = "".join(written.split()).upper()
    return compact if _IBAN.fullmatch(compact) else ""
