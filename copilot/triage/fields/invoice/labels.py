"""What invoices call their facts, in English, French and German: by what VAT law asks for, in the words that
accounting programs print.

Invariant: labels are expressions for folded text, each with a weight: how sure it is that what it stands before is
the fact. Of labels that overlap the longest counts, whichever fact it is for: "total taxes" is no "total", and a
delivery's date is no invoice's.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

_NO: Final = r"(?:\s?-?\s?(?:number|num|no|nr|nummer|numero|n[°ºo]|id|#)(?!\w)\.?)"
_TAX: Final = (
    r"(?:vat|v\.a\.t\.|(?:sales )?tax(?:es)?|gst|hst|tva|mwst\.?|ust\.?|umsatzsteuer|mehrwertsteuer|steuern?|uid)"
)
_EXCL: Final = r"(?:excl\w*\.?|without|before|ex\.?|w/o|net of|exkl\.|ohne|vor|zzgl\.|hors)"
_SUM: Final = r"(?:total|subtotal|amount|\w*summe|\w*betrag)"
_INCL: Final = r"(?:incl\w*\.?|with|after|inc\.?|inkl\w*\.?|mit|including)"

# (weight, expression) by fact; the facts that no invoice field is for keep their values from the others.
_WORDS: Final[dict[str, tuple[tuple[float, str], ...]]] = {
    "number": (
        (1.0, rf"(?:(?:tax|vat|sales|commercial) )?invoice{_NO}|bill{_NO}|credit (?:note|memo){_NO}"),
        (1.0, r"invoice ref(?:erence)?"),
        (1.0, r"(?:numero|n[°ºo]\.?|ref(?:erence|\.)?)\s?(?:de |d')?(?:la |l')?(?:facture|avoir|piece)"),
        (1.0, rf"(?:facture|avoir){_NO}|rechnungs?{_NO}|(?:beleg|gutschrift(?:s|en)?|dokument(?:en)?){_NO}"),
        (0.5, r"document (?:number|no\.?)|numero|nummer|number"),
        (0.45, r"n[°º]\.?|nr\.|no\."),
    ),
    "other_number": (
        (1.0, rf"(?:customer|client|account|(?:purchase )?order|po|vat|tax|phone|item|delivery|contract){_NO}"),
        (1.0, r"(?:numero|n[°ºo]\.?)\s?(?:de |d')?(?:la )?(?:client|compte|commande|tva|siret|telephone|contrat)"),
        (1.0, rf"(?:kunden|bestell|auftrags|steuer|artikel|liefer(?:schein)?|vertrags|konto|globale ){_NO}"),
        (1.0, rf"(?:invoice|rechnungs|facture)\s?(?:date|datum)|related invoice{_NO}|facture (?:liee|d'origine)"),
    ),
    "issue_date": (
        (1.0, r"(?:invoice|bill|issue|tax point|credit note) date|date of (?:issue|invoice)|(?:date )?issued(?: on)?"),
        (1.0, r"invoiced on|dated"),
        (1.0, r"date (?:de |d')?(?:la |l')?(?:facture|facturation|emission|avoir|etablissement|piece)"),
        (1.0, r"(?:emise?|etablie?|facture) le|(?:rechnungs|ausstellungs|beleg|erstellungs|gutschrifts?)-?\s?datum"),
        (1.0, r"ausgestellt am"),
        (0.5, r"date|datum|(?<=\d) (?:vom|du|dated|of)"),
    ),
    "due_date": (
        (1.0, r"(?:payment )?due(?: date| by| on)?|date due"),
        (1.0, r"pay(?:ment|able)? (?:by|before|until|deadline)|payment date"),
        (1.0, r"(?:date (?:d'|de l'|limite d[e'] ?))?(?:echeance|exigibilite)(?: le)?"),
        (1.0, r"date limite de (?:paiement|reglement)"),
        (1.0, r"(?:a (?:payer|regler)|payable|paiement|reglement)(?: au plus tard)? (?:avant )?(?:le|au|pour le)"),
        (1.0, r"fallig(?:keits?-?\s?datum|keit(?:stermin)?| am| bis| zum)?|zahlungs?-?(?:ziel|frist|termin)"),
        (1.0, r"zahlbar[^.]{0,40}? (?:bis|am|zum)(?: zum)?|zu zahlen bis"),
        (1.0, r"(?:uberweisen|zahlen|begleichen) sie[^.]{0,60}? bis(?: zum)?"),
    ),
    "other_date": (
        (1.0, r"(?:delivery|order|shipping|ship|service|supply|print) date|date of (?:supply|delivery|order)|period"),
        (1.0, r"date (?:de |d')?(?:la |l')?(?:livraison|commande|prestation|expedition|vente|impression)|periode"),
        (1.0, r"(?:liefer|leistungs|bestell|auftrags|druck|versand)-?(?: und leistungs)?-?(?:datum|zeitraum)"),
    ),
    "currency": ((1.0, r"(?:invoice )?currency(?: code)?|devise|monnaie|(?:rechnungs)?wahrung"),),
    "net": (
        (1.0, r"total (?:net )?(?:ht|h\.t\.)|(?:montant|somme|base)(?: total| net)? (?:ht|h\.t\.)"),
        (1.0, r"(?:total|montant) hors (?:taxes?|tva)"),
        (1.0, r"(?:net|sub)[ -]?total(?: excl\w*\.?)?|total net|net amount"),
        (0.6, r"net|netto|ht"),
        (1.0, rf"{_SUM}(?: amount| price)? \(?{_EXCL} (?:of )?{_TAX}\)?"),
        (1.0, r"netto-?(?:summe|betrag|gesamt\w*|rechnungs\w*|warenwert)?"),
        (1.0, r"(?:\w*betrag|\w*summe|total|gesamt)[, (]{1,2}netto\)?"),
        (0.7, r"sous-?total|zwischensumme|tax(?:able)? (?:basis|base|amount)|base imposable|steuerbasis"),
        (0.3, r"(?:prix|montant) ht|basis(?:betrag)?|base|positionssumme|warenwert"),
    ),
    "vat": (
        (1.0, rf"(?:total|montant|sum|summe|gesamt)(?: (?:de la|des|of|der))? {_TAX}"),
        (1.0, rf"{_TAX}[- ]?(?:total|amount|betrag|summe)"),
        (1.0, r"gesamtsteuer"),
        (0.6, rf"(?:(?:zzgl|plus|inkl|incl|dont|(?:darin )?enthaltene)\.? )?(?:\d{{1,2}}(?:[.,]\d+)? ?% )?{_TAX}"),
    ),
    "total": (
        (1.0, r"(?:total|montant|somme|prix)(?: general| a payer| net)? ?\(?(?:ttc|t\.t\.c\.?|toutes taxes \w+)\)?"),
        (1.0, r"net a payer(?: ttc)?|(?:grand|invoice|overall) total|gross (?:total|amount)|total gross"),
        (1.0, rf"{_SUM}(?: amount| price| due)? \(?{_INCL} (?:of )?{_TAX}\)?"),
        (1.0, r"brutto-?(?:summe|betrag|gesamt\w*|rechnungs\w*)?|(?:gesamt|summe|total|\w*betrag)[, (]{1,2}brutto\)?"),
        (1.0, r"(?:gesamt|rechnungs|end)-?(?:betrag|summe|rechnungsbetrag)"),
        (0.7, r"(?:total|balance|amount) (?:due|payable|to pay)|total general|total a (?:payer|regler)|zahlbetrag"),
        (0.7, r"zu zahlen(?:der betrag)?|total amount|montant total|gesamt"),
        (0.5, r"total|summe"),
    ),
    "paid": (
        (1.0, r"(?:deja |already |amount )?(?:paid|regle|paye|verse)|acompte|(?:erhaltene )?anzahlung(?:en)?|deposit"),
        (1.0, r"solde(?: a payer)?|reste a payer|residual|offen\w*"),
        (1.0, r"(?:total|gesamtbetrag)(?: of| der| des)? (?:discounts?|remises?|zuschlage|abschlage)"),
        (1.0, r"total (?:quantity|qty|hours|weight|items)|(?:unit )?price(?: excl\w*\.?)?|einzelpreis|prix unitaire"),
    ),
}  # fmt: skip
_RIVALS: Final = {
    "number": ("number", "other_number"),
    "issue_date": ("issue_date", "due_date", "other_date"),
    "due_date": ("issue_date", "due_date", "other_date"),
    "net": ("net", "vat", "total", "paid"),
    "vat": ("net", "vat", "total", "paid"),
    "total": ("net", "vat", "total", "paid"),
    "currency": ("currency",),
}


class Label(NamedTuple):
    """A label that was found at characters `start` to `end` of a cell."""

    start: int
    end: int
    weight: float
    field: str


@lru_cache(maxsize=16)
def _patterns(field: str) -> tuple[tuple[float, re.Pattern[str]], ...]:
    return tuple((weight, re.compile(rf"(?<!\w)(?:{words})(?!\w)")) for weight, words in _WORDS[field])


@lru_cache(maxsize=4096)
def labels(plain: str, field: str) -> tuple[Label, ...]:
    """The labels of `field` in a cell's folded text; where several facts' overlap, the longest."""
    found = [
        Label(*match.span(), weight, rival)
        for rival in _RIVALS[field]
        for weight, pattern in _patterns(rival)
        for match in pattern.finditer(plain)
    ]
    found.sort(key=lambda label: (label.start - label.end, -label.weight, label.field != field))
    kept: list[Label] = []
    for label in found:
        if not any(label.start < other.end and other.start < label.end for other in kept):
            kept.append(label)
    return tuple(sorted(label for label in kept if label.field == field))
