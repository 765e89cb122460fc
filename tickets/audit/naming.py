"""Who and what rows of the audit are about.

Invariant: names are those of today's rows; nothing of them is kept in the audit, so who is gone is a number.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tickets.models import ApiToken, AuditEntry, Ticket, User


@dataclass(frozen=True)
class Names:
    """People and programs by "user:3" or "token:5", and tickets by "ticket:12"."""

    people: dict[str, str]
    tickets: dict[str, Ticket]


def names_of(rows: Sequence[AuditEntry]) -> Names:
    """The names that these rows need, in three queries."""
    actors = {row.actor for row in rows}
    users = User.objects.in_bulk(_numbers(actors, "user"))
    tokens = ApiToken.objects.in_bulk(_numbers(actors, "token"))
    people = {f"user:{pk}": user.display_name for pk, user in users.items()}
    people |= {f"token:{pk}": token.name for pk, token in tokens.items()}
    tickets = Ticket.objects.in_bulk(_numbers({row.subject for row in rows}, "ticket"))
    return Names(people, {f"ticket:{pk}": ticket for pk, ticket in tickets.items()})


def _numbers(names: set[str], kind: str) -> list[int]:
    numbers = [name.removeprefix(f"{kind}:") for name in names if name.startswith(f"{kind}:")]
    return [int(number) for number in numbers if number.isdecimal()]
