"""A person's word that a translated sentence says what the passage says.

Invariant: a confirmation is given or taken back only while the draft is open, and is one person's: of two who
confirm the same sentence, the first stands.
"""

from collections.abc import Iterable

from django.db import transaction

from copilot.privacy import restore
from tickets.locks import lock_ticket
from tickets.models import Confirmation, Draft, User


def confirm(draft: Draft, sentences: Iterable[int], user: User) -> bool:
    """Whether the draft was still open; then these sentences are confirmed. Whoever came first stays."""
    with transaction.atomic():
        if not _hold(draft):
            return False
        made = [Confirmation(draft=draft, sentence=sentence, user=user) for sentence in sentences]
        Confirmation.objects.bulk_create(made, ignore_conflicts=True)
        return True


def take_back(draft: Draft, sentence: int) -> bool:
    """Whether the draft was still open; then the sentence is confirmed by nobody."""
    with transaction.atomic():
        if not _hold(draft):
            return False
        Confirmation.objects.filter(draft=draft, sentence=sentence).delete()
        return True


def _hold(draft: Draft) -> bool:
    """Keep the draft as it is until this transaction ends; whether it is open."""
    lock_ticket(draft)
    return Draft.objects.filter(pk=draft.pk, state__in=Draft.OPEN).exists()


def unconfirmed(draft: Draft, text: str) -> list[int]:
    """The translated sentences that `text` still has as the model wrote them and that nobody has confirmed.

    One that the agent changed is the agent's own.
    """
    words = _plain(text)
    confirmed = set(draft.confirmations.values_list("sentence", flat=True))
    return [
        index
        for index, sentence in enumerate(draft.sentences)
        if sentence.get("translated") and index not in confirmed
        if _plain(restore(sentence["text"], draft.ticket.originals)) in words
    ]


def _plain(text: str) -> str:
    return " ".join(text.split())
