"""The fields that a new customer can have by one click.

Invariant: adding them twice adds nothing the second time, and changes none that is there.
"""

from tickets.finding import active
from tickets.models import FieldDefinition

# Name and kind, and how a reply asks for it.
READY = (
    ("order_number", "your order number", "votre numéro de commande"),
    ("invoice_number", "your invoice number", "votre numéro de facture"),
    ("amount", "the amount", "le montant"),
    ("date", "the date", "la date"),
    ("iban", "the IBAN of your account", "l’IBAN de votre compte"),
    ("product", "the name of the product", "le nom du produit"),
    ("version", "the version that you use", "la version que vous utilisez"),
    ("device", "the device that you use", "l’appareil que vous utilisez"),
    ("address", "your postal address", "votre adresse postale"),
)
DEVICES = [
    "iPhone", "iPad", "Android", "Samsung Galaxy", "Google Pixel", "Mac", "MacBook", "Windows", "Linux", "Chromebook",
    "Apple Watch",
]  # fmt: skip


def offered() -> list[str]:
    """The names of those that are not there yet."""
    there = set(active().filter(intent="").values_list("name", flat=True))
    return [name for name, _, _ in READY if name not in there]


def add() -> int:
    """Add those that are not there, for every intent and none required; how many. A product needs a list first."""
    wanted = set(offered())
    made = FieldDefinition.objects.bulk_create(
        FieldDefinition(
            name=name, kind=name, question_en=english, question_fr=french, words=DEVICES if name == "device" else []
        )
        for name, english, french in READY
        if name in wanted
    )
    return len(made)
