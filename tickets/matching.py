"""Whether a rule speaks about a ticket.

Invariant: pure: the same rule and the same facts give the same answer, and nothing is read or written, so that
hundreds of tickets can be tried while a rule is being edited.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from tickets.models import RoutingRule


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule may ask of a ticket. A person's word for the intent is certain; no word at all is not."""

    intents: frozenset[str] = frozenset()
    is_sure: bool = True
    confidence: float = 1.0
    language: str = "en"
    urgency: str = "normal"
    requester: str = ""
    in_hours: bool = True
    fields: Mapping[str, str] = field(default_factory=dict)


def first_match(rules: Iterable[RoutingRule], facts: Facts) -> RoutingRule | None:
    """The first of `rules` that matches."""
    return next((rule for rule in rules if matches(rule, facts)), None)


def matches(rule: RoutingRule, facts: Facts) -> bool:
    """Whether the ticket meets every condition of an active rule; an unsure one only where confidence is asked for."""
    return (
        rule.is_active
        and (facts.is_sure or rule.confidence is not None)
        and facts.confidence >= (rule.confidence or 0.0)
        and (not rule.intents or not facts.intents.isdisjoint(rule.intents))
        and rule.language in ("", facts.language)
        and rule.urgency in ("", facts.urgency)
        and rule.hours in ("", "inside" if facts.in_hours else "outside")
        and _comes_from(rule.requester, facts.requester)
        and _field_meets(rule, facts.fields)
    )


def _comes_from(wanted: str, requester: str) -> bool:
    """An address is compared whole, a domain (`@example.com`) without what stands before it."""
    address = requester.strip().lower()
    names = [name for name in re.split(r"[\s,;]+", wanted.lower()) if name]
    return not names or any(address.endswith(name) if name.startswith("@") else address == name for name in names)


def _field_meets(rule: RoutingRule, fields: Mapping[str, str]) -> bool:
    if not rule.field_name:
        return True
    value, wanted = fields.get(rule.field_name, "").strip().casefold(), rule.field_value.strip().casefold()
    if rule.field_test == RoutingRule.Test.MISSING:
        return not value
    if rule.field_test == RoutingRule.Test.EQUALS:
        return value == wanted
    if rule.field_test == RoutingRule.Test.CONTAINS:
        return wanted in value
    if rule.field_test == RoutingRule.Test.AT_LEAST:
        return _at_least(value, wanted)
    return bool(value)


def _at_least(value: str, wanted: str) -> bool:
    has, least = number(value), number(wanted)
    return has is not None and least is not None and has >= least


def number(text: str) -> Decimal | None:
    """The number in `text` (`1,234.50`, `1 234,50 €`), or None. The last sign before one or two digits is the point."""
    digits = re.sub(r"[^\d.,-]", "", text)
    if not digits:
        return None
    whole, _, cents = re.match(r"(.*?)([.,](\d{1,2}))?$", digits).group(1, 2, 3)  # type: ignore[union-attr]
    try:
        return Decimal(f"{re.sub('[.,]', '', whole)}.{cents or '0'}")
    except InvalidOperation:
        return None
