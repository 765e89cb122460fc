"""What a field is called, on the desk and in a reply.

Invariant: a field's name is one word for rules and rows; people read it in their own language where it is one of ours.
"""

import re
import unicodedata

from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tickets.models import FieldDefinition

LABELS: dict[str, Promise] = {
    "order_number": _("Order number"), "invoice_number": _("Invoice number"), "amount": _("Amount"),
    "date": _("Date"), "iban": _("IBAN"), "product": _("Product"), "version": _("Version"), "device": _("Device"),
    "address": _("Address"), "email": _("E-mail address"), "phone": _("Telephone number"),
}  # fmt: skip


def label(name: str) -> str:
    """The field as people read it: `order_number` is `Order number`, `frame_colour` is `Frame colour`."""
    return str(LABELS.get(name) or capfirst(name.replace("_", " ")))


def slug(text: str) -> str:
    """The one word for what a person typed: `Numéro de châssis` is `numero_de_chassis`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:60]


def question_of(definition: FieldDefinition, language: str) -> str:
    """How a reply in `language` names the field that it asks for."""
    asked = definition.question_fr if language == "fr" else definition.question_en
    with translation.override(language):
        named = label(definition.name)
    return asked.strip().rstrip(".?!") or f"{'votre' if language == 'fr' else 'your'} {named[:1].lower()}{named[1:]}"
