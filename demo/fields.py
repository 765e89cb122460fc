"""The fields that the sample world's agents need: the ready ones, and a few of its own."""

from tickets import ready_fields
from tickets.models import FieldDefinition

ORDER = r"\bCY-\d{6}\b"


def make() -> None:
    """What agents of this desk need to know, unless an administrator has said what."""
    if FieldDefinition.objects.exists():
        return
    ready_fields.add()
    FieldDefinition.objects.filter(name="order_number").update(pattern=ORDER)
    FieldDefinition.objects.filter(name="product").update(words=["Cyclade One", "Cyclade Cargo"])
    for intent in ("order_status", "delivery_problem", "change_order"):
        FieldDefinition.objects.create(
            name="order_number", intent=intent, kind="order_number", pattern=ORDER, required=True,
            question_en="your order number, which begins with CY", question_fr="votre numéro de commande (CY-…)",
        )  # fmt: skip
    FieldDefinition.objects.create(
        name="error_code", intent="app_pairing", kind="pattern", pattern=r"\bE\d{2}\b",
        question_en="the code on the display", question_fr="le code affiché",
    )  # fmt: skip
