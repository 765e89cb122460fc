"""The sample world's routing rules: one of each kind that an administrator may want."""

from typing import Any

from tickets.models import RoutingRule, Team

ORDERS, ACCOUNTS, WORKSHOP = "Orders & delivery", "Accounts & billing", "Workshop & app"
TEAMS = {
    ORDERS: ["order_status", "change_order", "delivery_problem", "return_refund", "product_question"],
    ACCOUNTS: ["billing_invoice", "care_subscription", "account_access"],
    WORKSHOP: ["app_pairing", "battery_charging", "repair_warranty", "theft"],
}
RULES: list[dict[str, Any]] = [
    {"name": "Stolen bikes first", "intents": ["theft"], "team": WORKSHOP, "priority": "high", "tags": ["theft"]},
    {
        "name": "Batteries that alarm", "intents": ["battery_charging"], "urgency": "high", "team": WORKSHOP,
        "priority": "high", "tags": ["safety"],
    },
    {
        "name": "Fleet customers", "requester": "w.salcombe@example.org", "confidence": 0.0, "team": ORDERS,
        "tags": ["fleet"],
    },
    {
        "name": "Urgent at night", "urgency": "high", "hours": "outside", "team": WORKSHOP, "priority": "high",
        "tags": ["on call"], "is_active": False,
    },
    *({"name": team, "intents": intents, "team": team} for team, intents in TEAMS.items()),
    {
        "name": "Probably a bill", "intents": ["billing_invoice"], "confidence": 0.35, "team": ACCOUNTS,
        "tags": ["check intent"],
    },
]  # fmt: skip


def make() -> None:
    """The sample rules, unless an administrator has made any."""
    if RoutingRule.objects.exists():
        return
    for position, rule in enumerate(RULES, 1):
        RoutingRule.objects.create(position=position, **{**rule, "team": Team.objects.get(name=rule["team"])})
