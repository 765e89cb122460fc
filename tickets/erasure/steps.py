"""The steps of an erasure, in their order.

Invariant: what names the requester is remembered (sealed) before the rows that say it go; copies and articles go before
the tickets that they are found by; and the certificate is written in the transaction in which the rest is forgotten.
"""

import time
from collections import Counter
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tickets import versions
from tickets.audit import record
from tickets.erasure import articles as own_articles
from tickets.erasure import calls, knows, leftovers, person, rows, statistics
from tickets.erasure.gaps import mend
from tickets.erasure.mentions import Looking
from tickets.erasure.preview import left
from tickets.erasure.scrub import scrub
from tickets.models import Erasure, TriageModel


class Later(Exception):
    """Out of time, or something is in the way: the rest is done by the next worker."""


class Lost(Exception):
    """Another worker has it by now."""


class Steps:
    """One worker's way through an erasure."""

    def __init__(self, erasure: Erasure, lease: timedelta, until: float | None) -> None:
        self.erasure = erasure
        self._lease = lease
        self._until = until
        self._known = knows.recall(erasure)

    def go(self) -> None:
        """Every step; each finds nothing when it was done before."""
        for percent, step in (
            (0, self.learn), (5, self.copies), (15, self.articles), (20, self.tickets), (50, self.calls),
            (55, self.mentions), (90, self.gaps), (92, self.models), (95, self.scrub), (99, self.certify),
        ):  # fmt: skip
            self._tell(step.__name__, percent)
            step()

    def learn(self) -> None:
        """What names them, and their words, while their tickets are there to say it."""
        knows.learn(self._known, self.erasure)
        knows.keep(self._known, self.erasure)

    def copies(self) -> None:
        """Colleagues' questions and rows of training that hold their words."""
        asked, taught = rows.copies(self._known.pattern, self._known.texts)
        rows.erase_copies(asked, taught, self.erasure)

    def articles(self) -> None:
        """Those that somebody has decided on."""
        for pk in self._known.articles:
            try:
                own_articles.erase(pk, self.erasure)
            except own_articles.Busy as error:
                raise Later from error

    def tickets(self) -> None:
        """One by one; those that a call has made that was being worked through, too."""
        for pk in self._loose_calls():
            rows.erase_call(pk, self.erasure)
        found = person.tickets_of(self._known.address, self.erasure.helpdesk, self.erasure.cutoff)
        keys = list(found.values_list("pk", flat=True))
        if set(keys) - set(self._known.tickets):
            self.learn()
        for done, pk in enumerate(keys):
            rows.erase_ticket(pk, self.erasure)
            self._tell("tickets", 20 + 30 * done // len(keys))

    def calls(self) -> None:
        """Whatever is left of calls without a ticket."""
        for pk in self._loose_calls():
            rows.erase_call(pk, self.erasure)

    def _loose_calls(self) -> list[int]:
        return list(calls.loose(self.erasure, self._known.pattern, self._known.address))

    def mentions(self) -> None:
        """Masked where other people's rows name them."""
        looking = Looking(self._known.pattern, self.erasure, but=person.all_of(self._known.address))
        found = looking.look(lambda done, of: self._tell("mentions", 55 + 35 * done // of), act=True)
        with transaction.atomic():
            rows.note(self.erasure, found.values, "masked")
        ended = leftovers.end_sessions(leftovers.sessions(self._known.pattern))
        with transaction.atomic():
            rows.note(self.erasure, Counter({leftovers.ENDED: ended}))
            rows.note(self.erasure, Counter(left(self._known, found.files)), "left")

    def gaps(self) -> None:
        """Those that they asked in, named anew."""
        for pk in self._known.gaps:
            mend(pk, self.erasure)

    def models(self) -> None:
        """Triage models that knew their rows are emptied; the one that serves is trained anew by the next sweep."""
        before = TriageModel.objects.filter(is_emptied=True).count()
        versions.forget()
        emptied = TriageModel.objects.filter(is_emptied=True).count() - before
        active = versions.active()
        marked = 1 if active and versions.erased(active) else 0
        with transaction.atomic():
            rows.note(self.erasure, Counter({"models_emptied": emptied, "models_marked": marked}))

    def scrub(self) -> None:
        """What the database keeps beside its rows."""
        statistics.refresh()
        if self.erasure.scrubs:
            self.erasure.scrubbed = scrub()[:300]
            self.erasure.save(update_fields=["scrubbed"])

    @transaction.atomic
    def certify(self) -> None:
        """The certificate, its place in the audit, and nothing remembered any more."""
        erasure = Erasure.objects.select_for_update().get(pk=self.erasure.pk)
        if erasure.claim != self.erasure.claim:
            raise Lost
        facts = {name.replace("tickets.", "").lower(): count for name, count in erasure.counts.items()}
        kept = len(self._candidates_kept())
        entry = record(
            "erasure.done", subject=f"erasure:{erasure.pk}", actor=erasure.actor, digest=erasure.digest,
            masked=sum(erasure.masked.values()), left=sum(erasure.left.values()), **facts,
        )  # fmt: skip
        erasure.left = {**erasure.left, **({"own_articles": kept} if kept else {})}
        erasure.state, erasure.remembers, erasure.entry = Erasure.State.DONE, "", entry.pk
        erasure.step, erasure.percent, erasure.error = "", 100, ""
        erasure.claim = erasure.lease_until = None
        erasure.ended_at = timezone.now()
        erasure.save()

    def _candidates_kept(self) -> list[own_articles.Candidate]:
        known = self._known
        return list(own_articles.candidates(known.tickets, known.gaps, known.texts, known.pattern))

    def _tell(self, step: str, percent: int) -> None:
        """How far it is; raises Lost when another worker took over, Later when time is up."""
        self.erasure.step, self.erasure.percent = step, percent
        held = Erasure.objects.filter(pk=self.erasure.pk, claim=self.erasure.claim, state=Erasure.State.RUNNING)
        if held.update(step=step, percent=percent, lease_until=timezone.now() + self._lease) != 1:
            raise Lost
        if self._until is not None and time.monotonic() > self._until:
            raise Later
