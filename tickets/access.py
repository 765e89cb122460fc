"""Who may see what.

Invariant: every page asks here, by `role_required`, and reaches tickets and what hangs on them through
`get_*_for`. A row that a person may not see does not exist for that person: 404, not 403.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from knowledge.models import OwnArticle, Source
from tickets.audit.pages import recorded
from tickets.models import (
    ApiToken,
    Asked,
    Attachment,
    Delivery,
    Draft,
    Erasure,
    FieldDefinition,
    Gap,
    Helpdesk,
    Message,
    Reply,
    Review,
    RoutingRule,
    Team,
    Ticket,
    TrainingRow,
    User,
)
from tickets.models.people import Role

P = ParamSpec("P")

# The only names that answer without a session; a test holds every other address to `role_required`.
PUBLIC = frozenset({
    "login", "webhook", "healthz", "set_language", "account_login", "mfa_authenticate", "sign_in_link",
    "openid_connect_login", "openid_connect_callback", "socialaccount_login_cancelled",
})  # fmt: skip
# These answer a program with JSON; they ask for a token or a session by `api.for_role`.
API = frozenset({"api_ask", "api_search", "api_article"})


class PersonRequest(HttpRequest):
    """A request behind `role_required`: somebody is signed in."""

    user: User
    htmx: HtmxDetails


Page = Callable[Concatenate[PersonRequest, P], HttpResponseBase]


class Checked(Protocol[P]):
    """A view that has asked for permission; `required_role` lets a test see that it has."""

    required_role: Role

    def __call__(self, request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        """Answer the request."""
        ...


def role_required(role: Role) -> Callable[[Page[P]], Checked[P]]:
    """Let through people with `role` or one above it; others sign in, or read the 403 page."""

    def decorate(view: Page[P]) -> Checked[P]:
        @wraps(view)
        def checked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if not request.user.may(role):
                raise PermissionDenied
            person = cast(PersonRequest, request)
            response = recorded(person, person.user, role, lambda: view(person, *args, **kwargs))
            # Customers' words are on these pages: no cache keeps them, and no fragment is taken for its page.
            add_never_cache_headers(response)
            return response

        page = cast(Checked[P], checked)
        page.required_role = role
        return page

    return decorate


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; a fragment request must replace the whole page, not put a form in a corner of it."""
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(reverse("login"))
    return redirect_to_login(request.get_full_path())


def in_triage() -> Q:
    """Tickets that nobody has taken in: no team, or an unsure intent and nothing that placed it all the same."""
    return Q(team=None) | Q(triage=Ticket.Triage.UNSURE, placed_by="")


def reads_all(user: User) -> bool:
    """Whether `user` may read the tickets of every team: administrators, and managers who were given it."""
    return user.may(Role.ADMINISTRATOR) or (user.may(Role.MANAGER) and user.sees_content)


def visible_tickets(user: User) -> QuerySet[Ticket]:
    """Agents see their teams' tickets and triage, and so does a manager who belongs to a team; a manager of no team
    sees numbers, and no ticket, unless given; administrators see all, which the audit says.
    """
    if reads_all(user):
        return Ticket.objects.all()
    ours = Q(team__in=user.teams.all())
    works = not user.may(Role.MANAGER) or user.teams.exists()
    return Ticket.objects.filter(ours | in_triage() if works else ours)


def readable_rows(user: User) -> QuerySet[TrainingRow]:
    """Labelled texts that were imported, or come of tickets that `user` sees."""
    return TrainingRow.objects.filter(Q(ticket=None) | Q(ticket__in=visible_tickets(user)))


def get_ticket_for(user: User, pk: int) -> Ticket:
    """The ticket with what its page names, or 404."""
    return get_object_or_404(visible_tickets(user).select_related("helpdesk", "team", "assignee"), pk=pk)


def get_draft_for(user: User, pk: int) -> Draft:
    """A draft of a ticket that `user` may see, or 404."""
    drafts = Draft.objects.filter(ticket__in=visible_tickets(user))
    return get_object_or_404(drafts.select_related("ticket", "message"), pk=pk)


def get_review_for(user: User, pk: int) -> Review:
    """A decision on a ticket that `user` may see, or 404."""
    reviews = Review.objects.filter(draft__ticket__in=visible_tickets(user))
    return get_object_or_404(reviews.select_related("draft__ticket", "reply"), pk=pk)


def get_reply_for(user: User, pk: int) -> Reply:
    """A reply of a ticket that `user` may see, or 404."""
    return get_object_or_404(Reply, pk=pk, ticket__in=visible_tickets(user))


def get_message_for(user: User, pk: int) -> Message:
    """A message of a ticket that `user` may see, or 404."""
    messages = Message.objects.filter(ticket__in=visible_tickets(user))
    return get_object_or_404(messages.select_related("ticket"), pk=pk)


def get_attachment_for(user: User, pk: int) -> Attachment:
    """A file of a ticket that `user` may see, or 404."""
    files = Attachment.objects.filter(message__ticket__in=visible_tickets(user))
    return get_object_or_404(files.select_related("message"), pk=pk)


def get_delivery_for(user: User, pk: int) -> Delivery:
    """A webhook call as it came, for administrators only, or 404."""
    deliveries = Delivery.objects.select_related("helpdesk")
    return get_object_or_404(deliveries if user.may(Role.ADMINISTRATOR) else deliveries.none(), pk=pk)


def get_rule_for(user: User, pk: int) -> RoutingRule:
    """A routing rule, for administrators only, or 404."""
    rules = RoutingRule.objects.all()
    return get_object_or_404(rules if user.may(Role.ADMINISTRATOR) else rules.none(), pk=pk)


def get_definition_for(user: User, pk: int) -> FieldDefinition:
    """A field as it is defined, for administrators only, or 404."""
    rows = FieldDefinition.objects.all()
    return get_object_or_404(rows if user.may(Role.ADMINISTRATOR) else rows.none(), pk=pk)


def get_team_for(user: User, pk: int) -> Team:
    """A team, for administrators only, or 404."""
    teams = Team.objects.all()
    return get_object_or_404(teams if user.may(Role.ADMINISTRATOR) else teams.none(), pk=pk)


def get_person_for(user: User, pk: int) -> User:
    """Somebody who signs in, for administrators only, or 404."""
    people = User.objects.all()
    return get_object_or_404(people if user.may(Role.ADMINISTRATOR) else people.none(), pk=pk)


def get_token_for(user: User, pk: int) -> ApiToken:
    """An API token, for administrators only, or 404."""
    tokens = ApiToken.objects.select_related("user")
    return get_object_or_404(tokens if user.may(Role.ADMINISTRATOR) else tokens.none(), pk=pk)


def get_erasure_for(user: User, pk: int) -> Erasure:
    """An erasure, for administrators only, or 404."""
    rows = Erasure.objects.select_related("helpdesk", "asked_by")
    return get_object_or_404(rows if user.may(Role.ADMINISTRATOR) else rows.none(), pk=pk)


def get_helpdesk_for(user: User, pk: int) -> Helpdesk:
    """A connection, for administrators only, or 404."""
    helpdesks = Helpdesk.objects.all()
    return get_object_or_404(helpdesks if user.may(Role.ADMINISTRATOR) else helpdesks.none(), pk=pk)


def get_source_for(user: User, pk: int) -> Source:
    """A source of articles; administrators only."""
    rows = Source.objects.all() if user.may(Role.ADMINISTRATOR) else Source.objects.none()
    return get_object_or_404(rows, pk=pk)


def get_gap_for(user: User, pk: int) -> Gap:
    """A gap; managers only."""
    rows = Gap.objects.all() if user.may(Role.MANAGER) else Gap.objects.none()
    return get_object_or_404(rows.select_related("article", "assigned_to"), pk=pk)


def get_own_article_for(user: User, pk: int) -> OwnArticle:
    """An article that was written here; managers only."""
    rows = OwnArticle.objects.all() if user.may(Role.MANAGER) else OwnArticle.objects.none()
    return get_object_or_404(rows.select_related("source"), pk=pk)


def get_asked_for(user: User, pk: int) -> Asked:
    """A question that `user` asked."""
    return get_object_or_404(Asked, pk=pk, user=user)
