"""What became of tickets, as labels: the team that answered one says whether triage had understood it.

Invariant: a person's word is never replaced by what is only implied, only tickets whose helpdesk lets them teach are
read, and a row that its ticket no longer implies is taken back.

A ticket that triage was sure of, answered by the team to which a rule brought it, confirms the intent. One that a
person or the helpdesk moved contradicts it, and is labelled where one intent is clearly the new team's: the only one
of that team's rules, or at least CLEAR of the LEAST or more tickets that rules brought there.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from tickets.labelling import training_text
from tickets.models import RetentionRule, RoutingRule, Ticket, TrainingRow

CLEAR, LEAST = 0.9, 10
RECENT = timedelta(days=180)
AT_ONCE = 2000
# A decision can be taken back for a moment, and moves come in pairs.
SETTLED = timedelta(minutes=1)
Origin, PlacedBy = TrainingRow.Origin, Ticket.PlacedBy


def harvest() -> int:
    """Label what ended since the last time; how many rows are new."""
    _take_back()
    of_team = intents_of_teams()
    fresh = [row for ticket in _ended()[:AT_ONCE] if (row := _row(ticket, of_team))]
    return len(TrainingRow.objects.bulk_create(fresh, ignore_conflicts=True))


def _ended() -> QuerySet[Ticket]:
    """Answered tickets without a row, whose end would say something."""
    now = timezone.now()
    answered = Ticket.objects.filter(
        state=Ticket.State.ANSWERED, triage=Ticket.Triage.SURE, training_row=None, helpdesk__may_teach=True,
        updated_at__lt=now - SETTLED, created_at__gt=now - RECENT,
    )  # fmt: skip
    return answered.exclude(_forgotten(now)).exclude(team=None).exclude(intent="").order_by("-pk")


def _forgotten(now: datetime) -> Q:
    """Tickets of which a rule keeps no rows any more: a night must not make anew what another has removed."""
    forgotten = Q(pk=None)
    for rule in RetentionRule.objects.filter(what=RetentionRule.What.TRAINING):
        forgotten |= Q(helpdesk=rule.helpdesk_id, created_at__lt=now - timedelta(days=rule.days))
    return forgotten


def _row(ticket: Ticket, of_team: dict[int, str]) -> TrainingRow | None:
    said = _said(ticket, of_team)
    if said is None:
        return None
    intent, origin = said
    return TrainingRow(
        ticket=ticket, text=training_text(ticket), intent=intent, language=ticket.language, origin=origin
    )


def _said(ticket: Ticket, of_team: dict[int, str]) -> tuple[str, str] | None:
    """(intent, origin) that the ticket's end implies, if it implies one."""
    if ticket.placed_by == PlacedBy.RULE:
        return ticket.intent, Origin.CONFIRMED
    intent = of_team.get(ticket.team_id or 0)
    if ticket.placed_by not in (PlacedBy.PERSON, PlacedBy.HELPDESK) or intent is None:
        return None
    return (intent, Origin.CONFIRMED if intent == ticket.intent else Origin.MOVED)


def intents_of_teams() -> dict[int, str]:
    """The one intent of each team that clearly has one."""
    by_rule: dict[int, set[str]] = {}
    for team, intents in RoutingRule.objects.filter(is_active=True).values_list("team_id", "intents"):
        by_rule.setdefault(team, set()).update(intents or [""])
    clear = {team: next(iter(found)) for team, found in by_rule.items() if len(found) == 1 and "" not in found}
    return {**_by_tickets(), **clear}


def _by_tickets() -> dict[int, str]:
    """By what rules brought to each team lately."""
    came = Ticket.objects.filter(
        placed_by=PlacedBy.RULE, created_at__gt=timezone.now() - RECENT, triage__in=("sure", "person")
    ).exclude(intent="")
    counts: dict[int, Counter[str]] = {}
    for row in came.order_by().exclude(team=None).values("team_id", "intent").annotate(n=Count("pk")):
        counts.setdefault(row["team_id"], Counter())[row["intent"]] = row["n"]
    return dict(_clear(counts.items()))


def _clear(counts: Iterable[tuple[int, Counter[str]]]) -> Iterable[tuple[int, str]]:
    for team, found in counts:
        [(intent, number)] = found.most_common(1)
        if number >= LEAST and number >= CLEAR * found.total():
            yield team, intent


def _take_back() -> None:
    """Rows that are only implied, and are no longer: the ticket was opened again, moved, or spoken about."""
    of_team = intents_of_teams()
    for row in TrainingRow.objects.filter(origin__in=TrainingRow.IMPLIED).select_related("ticket").iterator():
        ticket = row.ticket
        if ticket and ticket.state == Ticket.State.ANSWERED and _said(ticket, of_team) != (row.intent, row.origin):
            TrainingRow.objects.filter(pk=row.pk, origin=row.origin).delete()
