"""The queue of an agent: which tickets, in which order, and how many.

Invariant: what a rule ranks high, and urgent tickets that no rule ranks, come first; then, in triage, those whose label
teaches most; then whoever has waited longest for an answer. Counts and lists are made from the same filters, so a
number never disagrees with the list behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tickets.access import in_triage, visible_tickets
from tickets.models import Citation, Draft, Reply, Ticket, User
from tickets.precedence import rank, teaches, unanswered, with_answer

PAGE = 50
# Each view of the queue: its name, and what to do when nothing is in it.
VIEWS: dict[str, tuple[str | Promise, str | Promise]] = {
    "mine": (_("Mine"), _("Nothing is assigned to you. Take a ticket from your team's queue.")),
    "team": (_("My team"), _("Your team has answered everything. Have a look at triage.")),
    "triage": (_("Triage"), _("Every ticket has an intent and a team.")),
    "abstained": (
        _("No answer"),
        _("Every open ticket has a draft. Gaps in the knowledge base show up here."),
    ),
    "all": (_("All"), _("No open tickets. New ones appear here by themselves.")),
}


@dataclass(frozen=True)
class Wanted:
    """What the address asks the queue to show."""

    view: str = "team"
    search: str = ""
    shown: int = PAGE

    @property
    def query(self) -> str:
        """The query string that asks for the same again."""
        shown = {"shown": str(self.shown)} if self.shown > PAGE else {}
        search = {"q": self.search} if self.search else {}
        return urlencode({"view": self.view, **search, **shown})

    @property
    def more(self) -> str:
        """The query string that asks for a page more."""
        return Wanted(self.view, self.search, self.shown + PAGE).query


@dataclass(frozen=True)
class Tab:
    """One view with its count."""

    view: str
    label: str | Promise
    count: int


@dataclass(frozen=True)
class Queue:
    """What the left column shows."""

    wanted: Wanted
    tabs: Sequence[Tab]
    tickets: Sequence[Ticket]
    has_more: bool
    empty: str | Promise

    @property
    def first(self) -> int | None:
        """The ticket to begin with."""
        return self.tickets[0].pk if self.tickets else None


def read(params: QueryDict, user: User) -> Wanted:
    """The wanted view; whoever is in no team starts with all tickets that they may see."""
    view = params.get("view", "")
    if view not in VIEWS:
        view = "team" if user.teams.exists() else "all"
    shown = params.get("shown", "")
    return Wanted(
        view,
        params.get("q", "").replace("\0", "").strip()[:200],
        min(int(shown), 1000) if shown.isdecimal() and len(shown) < 5 else PAGE,
    )


def load(user: User, wanted: Wanted) -> Queue:
    """The queue's tickets and counts, in two queries."""
    rows = list(_ordered(user, wanted).select_related("team")[: wanted.shown + 1])
    empty = _("Nothing matches this search.") if wanted.search else VIEWS[wanted.view][1]
    return Queue(wanted, _tabs(user), rows[: wanted.shown], len(rows) > wanted.shown, empty)


def after(user: User, wanted: Wanted, pk: int) -> int | None:
    """The ticket that follows `pk` in this queue (the first one, after the last)."""
    order = list(_ordered(user, wanted).values_list("pk", flat=True)[: wanted.shown])
    here = order.index(pk) if pk in order else -1
    rest = [other for other in order[here + 1 :] + order[: max(here, 0)] if other != pk]
    return rest[0] if rest else None


def has_news(user: User, ticket: str, draft: str) -> bool:
    """Whether `ticket` has a newer draft than the one its reader looks at."""
    if not (ticket.isdecimal() and draft.isdecimal()):
        return False
    newer = Draft.objects.filter(ticket=int(ticket), ticket__in=visible_tickets(user), pk__gt=int(draft))
    return newer.exists()


def _tabs(user: User) -> list[Tab]:
    """Every view's count of open tickets, in one query."""
    tickets = visible_tickets(user).filter(state=Ticket.State.OPEN).alias(no_answer=_has_abstained())
    counts = tickets.aggregate(
        **{f"in_{view}": Count("pk", filter=_filter(user, view), distinct=True) for view in VIEWS}
    )
    return [Tab(view, VIEWS[view][0], counts[f"in_{view}"]) for view in VIEWS]


def _filter(user: User, view: str) -> Q:
    return {
        "mine": Q(assignee=user),
        "team": Q(team__in=user.teams.all()),
        "triage": in_triage(),
        "abstained": Q(no_answer=True),
        "all": Q(),
    }[view]


def _ordered(user: User, wanted: Wanted) -> QuerySet[Ticket]:
    """The wanted tickets, the one to answer first on top."""
    tickets = visible_tickets(user).alias(no_answer=_has_abstained()).filter(_filter(user, wanted.view))
    tickets = tickets.filter(_found(wanted.search) if wanted.search else Q(state=Ticket.State.OPEN))
    return (
        with_answer(tickets)
        .annotate(rank=rank(), waiting_since=Coalesce(unanswered(), F("created_at")), draft_state=_newest_draft())
        .annotate(unsent=_last_reply_failed(), outdated=_cites_what_changed())
        .annotate(teaches=teaches(wanted.view), alike=F("question__alike"))
        .order_by("rank", "-teaches", "waiting_since", "pk")
    )


def _found(search: str) -> Q:
    """A search also finds answered tickets, in the view that it is made in."""
    words = search.removeprefix("#")
    return (
        Q(subject__icontains=search)
        | Q(number__istartswith=words)
        | Q(requester_name__icontains=search)
        | Q(requester_email__icontains=search)
        | Q(tags__contains=[search])
    )


def _newest_draft() -> Subquery:
    drafts = Draft.objects.filter(ticket=OuterRef("pk")).order_by("-created_at", "-pk")
    return Subquery(drafts.values("state")[:1])


def _last_reply_failed() -> Q:
    replies = Reply.objects.filter(ticket=OuterRef("pk")).order_by("-created_at")
    return Q(Exact(Subquery(replies.values("state")[:1]), Value(Reply.State.FAILED)))


def _cites_what_changed() -> Exists:
    """A draft that waits for review, and cites an article that has changed since."""
    cited = Citation.objects.filter(draft__ticket=OuterRef("pk"), draft__state=Draft.State.READY)
    return Exists(cited.filter(passage__current=False))


def _has_abstained() -> Exists:
    return Exists(Draft.objects.filter(ticket=OuterRef("pk"), state=Draft.State.ABSTAINED))
