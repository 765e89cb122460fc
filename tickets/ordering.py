"""The order in which rules are asked.

Invariant: positions are written anew under a lock on every rule, so that two administrators never mix two orders.
"""

from collections.abc import Sequence

from django.db import transaction

from tickets.models import RoutingRule


class Changed(Exception):
    """The rules are not those that were put in order: one came or went meanwhile."""


@transaction.atomic
def put(rule: RoutingRule, index: int) -> None:
    """Save the rule at this place among the others."""
    others = list(RoutingRule.objects.select_for_update().exclude(pk=rule.pk))
    rule.save()
    _number([*others[:index], rule, *others[index:]])


@transaction.atomic
def reorder(keys: Sequence[int]) -> None:
    """Put the rules in this order. Raises Changed."""
    _number(in_order(list(RoutingRule.objects.select_for_update()), keys))


def in_order(rules: Sequence[RoutingRule], keys: Sequence[int]) -> list[RoutingRule]:
    """`rules` in the order of their `keys`. Raises Changed unless these are all of them."""
    by_key = {rule.pk: rule for rule in rules}
    if sorted(keys) != sorted(by_key):
        raise Changed
    return [by_key[key] for key in keys]


def _number(rules: Sequence[RoutingRule]) -> None:
    for position, rule in enumerate(rules, start=1):
        rule.position = position
    RoutingRule.objects.bulk_update(rules, ["position"])
