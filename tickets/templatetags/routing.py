"""How a routing rule, and what it did, are put into words."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets.models import RoutingRule, Team
from tickets.templatetags.desk import intent_name, percent
from tickets.templatetags.languages import language_name
from tickets.trying import Trial

register = template.Library()


@register.filter
def conditions(rule: RoutingRule) -> list[str]:
    """What a ticket must be, one phrase for each condition; none for any ticket."""
    several = _(" or ").join(map(intent_name, rule.intents[:3]))
    more = len(rule.intents) - 3
    several += " " + ngettext("or %d more", "or %d more", more) % more if more > 0 else ""
    phrases = [
        several, rule.language and language_name(rule.language), rule.urgency and rule.get_urgency_display(),
        rule.requester and _("from %s") % rule.requester, rule.hours and rule.get_hours_display(),
        rule.field_name and f"{rule.field_name} {rule.get_field_test_display()} {rule.field_value}".strip(),
        "" if rule.confidence is None else _("at least %s sure") % percent(rule.confidence),
    ]  # fmt: skip
    return [phrase for phrase in phrases if phrase]


@register.filter
def queue_name(team: Team | None) -> str:
    """A team, or where tickets without one wait."""
    return str(team) if team else _("Triage")


@register.simple_tag
def moves(trial: Trial, what: str) -> str:
    """`This rule would have moved 37 of the last 500 tickets.`"""
    if not trial.total:
        return _("There is no ticket yet to try this on.")
    return _moves(what, trial.moved) % {"n": trial.moved, "total": trial.total}


def _moves(what: str, n: int) -> str:
    if what == "rule":
        return ngettext(
            "This rule would have moved %(n)d of the last %(total)d tickets.",
            "This rule would have moved %(n)d of the last %(total)d tickets.", n,
        )  # fmt: skip
    if what == "order":
        return ngettext(
            "This order would have moved %(n)d of the last %(total)d tickets.",
            "This order would have moved %(n)d of the last %(total)d tickets.", n,
        )  # fmt: skip
    return ngettext(
        "Without this rule, %(n)d of the last %(total)d tickets would have gone elsewhere.",
        "Without this rule, %(n)d of the last %(total)d tickets would have gone elsewhere.", n,
    )  # fmt: skip
