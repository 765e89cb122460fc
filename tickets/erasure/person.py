"""Who is to be forgotten: their tickets, what else names them, and the words they wrote.

Invariant: tickets are found by the address alone, in any case; names and numbers only say what else to look for.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import reduce
from hmac import compare_digest
from operator import or_

from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from knowledge.models import Passage, Source
from tickets.erasure.marks import Pattern
from tickets.models import FieldValue, Helpdesk, Message, Ticket

# Kinds of placeholders that are one person's own.
OWN = ("PHONE", "IBAN", "CARD")
# Shorter texts are many people's.
LEAST = 20


class NoAddress(ValueError):
    """What was given is not an e-mail address."""


def folded(address: str) -> str:
    """The address as it is compared. Raises NoAddress."""
    address = address.strip().casefold()
    name, at, host = address.rpartition("@")
    if not (name and at and host) or any(sign.isspace() for sign in address) or len(address) > 320:
        raise NoAddress("this is not an e-mail address")
    return address


def digest(address: str) -> str:
    """A keyed hash of the folded address, by which a later request is matched."""
    return salted_hmac("souffleur.erasure", folded(address), algorithm="sha256").hexdigest()


def is_of(digested: str, address: str) -> bool:
    """Whether `digested` was made of this address, with the present SOUFFLEUR_SECRET_KEY."""
    return compare_digest(digested, digest(address))


def tickets_of(address: str, helpdesk: Helpdesk | None, cutoff: datetime) -> QuerySet[Ticket]:
    """Tickets that were there at `cutoff`, or came of a call that was."""
    found = Ticket.objects.filter(requester_email__iexact=address)
    found = found.filter(helpdesk=helpdesk) if helpdesk else found
    return found.filter(Q(created_at__lte=cutoff) | Q(delivery__received_at__lte=cutoff)).order_by("pk").distinct()


def all_of(address: str) -> QuerySet[Ticket]:
    """Every ticket of the address: those that came later are not anybody else's either."""
    return Ticket.objects.filter(requester_email__iexact=address)


def strings_of(address: str, tickets: QuerySet[Ticket]) -> list[tuple[str, str]]:
    """What names the requester, as (kind, text): the address, full names, and numbers from their own messages.

    A number that stands in an article of another source is the company's, and is not the requester's.
    """
    found = {("EMAIL", address)}
    for ticket in tickets.iterator(chunk_size=200):
        found.add(("PERSON", ticket.requester_name))
        found |= set(_numbers(ticket))
    return sorted(one for one in found if one[1] and not _is_published(*one))


def _numbers(ticket: Ticket) -> Iterator[tuple[str, str]]:
    messages = ticket.messages.filter(author=Message.Author.REQUESTER)
    for name in messages.exclude(author_name="").values_list("author_name", flat=True).distinct():
        yield "PERSON", name
    said = "\n".join(f"{body}\n{hidden}" for body, hidden in messages.values_list("body", "hidden"))
    for placeholder, original in ticket.originals.items():
        kind = placeholder[1:].rpartition("_")[0]
        if kind in OWN and original in said:
            yield kind, original
    for value in FieldValue.objects.filter(ticket=ticket, name__in=("phone", "iban")):
        yield ("PHONE" if value.name == "phone" else "IBAN"), value.value or value.raw


def _is_published(kind: str, text: str) -> bool:
    pattern = Pattern([(kind, text)])
    if kind in ("EMAIL", "PERSON") or not pattern:
        return False
    found = Passage.objects.filter(current=True, text__iregex=pattern.for_sql)
    return found.exclude(version__article__source__kind=Source.Kind.OWN).exists()  # those may be made of their words


def texts_of(tickets: QuerySet[Ticket]) -> list[str]:
    """What they wrote and were answered, one line each, for finding copies."""
    found = set()
    for message in Message.objects.filter(ticket__in=tickets).iterator(chunk_size=200):
        found |= {plain(message.body), plain(message.redacted)}
    return sorted(text for text in found if len(text) >= LEAST)


def is_part(text: str, of: list[str]) -> bool:
    """Whether `text` holds one of these texts, or is a part of one."""
    line = plain(text)
    return len(line) >= LEAST and any(line in other or other in line for other in of)


def is_copy(text: str, of: list[str]) -> bool:
    """Whether `text` holds one of these texts whole."""
    line = plain(text)
    return any(other in line for other in of)


def plain(text: str) -> str:
    """On one line, in one case."""
    return " ".join(text.casefold().split())


def any_of(fields: list[str], pattern: str) -> Q:
    """A condition that PostgreSQL can decide: one of the fields matches."""
    return reduce(or_, (Q(**{f"{field}__iregex": pattern}) for field in fields))
