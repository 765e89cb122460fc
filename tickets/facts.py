"""What is known of a ticket beyond its intent, language and urgency: the fields that were found in it.

Invariant: a rule sees a field as the text that an agent sees.
"""

from django.db.models import QuerySet

from tickets.finding import active, effective
from tickets.models import Ticket


def facts_of(ticket: Ticket) -> dict[str, str]:
    """The ticket's fields by name."""
    return {name: row.value for name, row in effective(ticket.field_values.all()).items() if row.value}


def with_facts(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """`tickets` with what `facts_of` reads fetched beforehand, for many at once."""
    return tickets.prefetch_related("field_values")


def field_names() -> list[str]:
    """The names that a rule may ask for."""
    return sorted(set(active().values_list("name", flat=True)))
