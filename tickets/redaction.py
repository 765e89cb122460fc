"""The desk's redaction: what is always masked, with what administrators have added or allowed.

Invariant: every text of a customer that this room gives to a model, stores for one or looks for is redacted here or by
`Ticket.redact`; a change of an administrator counts from the next text on, in every process.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from django.db import transaction
from django.utils import timezone

from copilot import privacy
from copilot.privacy import Redacted
from copilot.privacy.policy import BadPolicy, Pattern, Policy
from copilot.privacy.spans import OPTIONAL
from tickets import problems, tasks
from tickets.models import Problem, Redaction, RedactionRule, Ticket
from tickets.wake import wake

Kind = RedactionRule.Kind


def redact(text: str, *, people: Sequence[str] = (), known: Mapping[str, str] | None = None) -> Redacted:
    """As `copilot.privacy.redact`, by the policy of this desk."""
    return privacy.redact(text, people=people, known=known, policy=current())


def current() -> Policy:
    """What administrators have said; one small query."""
    found = Redaction.objects.values_list("stamp", "optional").first()
    return _policy(found[0], frozenset(found[1]) & OPTIONAL) if found else policy((), ())


def policy(optional: Iterable[str], rules: Iterable[RedactionRule]) -> Policy:
    """A policy of these; a pattern that cannot be used any more is left out, and the administrator told."""
    rules = list(rules)
    patterns = [made for rule in rules if rule.kind == Kind.PATTERN and (made := _pattern(rule))]
    allowed = tuple(rule.value for rule in rules if rule.kind == Kind.ALLOWED)
    return Policy(frozenset(optional), tuple(patterns), allowed, late=_late)


@lru_cache(maxsize=4)
def _policy(stamp: uuid.UUID, optional: frozenset[str]) -> Policy:
    return policy(optional, RedactionRule.objects.filter(deleted_at=None))


def _pattern(rule: RedactionRule) -> Pattern | None:
    try:
        return Pattern(rule.name, rule.value)
    except BadPolicy:
        _late(rule.name)
        return None


def _late(name: str) -> None:
    problems.note(Problem.Kind.REDACTION, name)


def settings() -> Redaction:
    """The one row."""
    return Redaction.objects.first() or Redaction.objects.get_or_create(pk=1)[0]


@transaction.atomic
def changed() -> None:
    """Something was changed: from the next text on, and for what was stored before, ticket by ticket."""
    row = settings()
    Redaction.objects.filter(pk=row.pk).update(stamp=uuid.uuid4(), again_from=0, changed_at=timezone.now())
    wake(tasks.redact_again)


def left() -> int:
    """Tickets to which the newest change has not been applied."""
    start = settings().again_from
    return 0 if start is None else Ticket.objects.filter(pk__gt=start).count()
