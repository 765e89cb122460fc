"""Nobody sees a page, a ticket or a draft that is not theirs to see."""

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from knowledge.models import OwnArticle
from tests.conftest import MakeTicket, SignedIn
from tickets import access
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
    IntentChange,
    Move,
    Problem,
    RedactionRule,
    Reply,
    Review,
    RoutingRule,
    Team,
    Ticket,
    TrainingRow,
    TriageModel,
    User,
)
from tickets.models.people import Role
from tickets.urls import urlpatterns


@pytest.mark.parametrize("pattern", urlpatterns, ids=lambda pattern: str(pattern.name))
def test_every_address_asks_for_a_role_or_is_on_the_short_public_list(pattern: URLPattern):
    asked = getattr(pattern.callback, "required_role", None)
    assert (asked is None) == (pattern.name in access.PUBLIC), pattern


def addresses(ticket: Ticket, draft: Draft, helpdesk: Helpdesk, team: Team, user: User) -> dict[str, str]:
    """One working address for each page behind a role."""
    review = Review.objects.create(draft=draft, reviewer=user, outcome="rejected")
    reply = Reply.objects.create(review=review, ticket=ticket, not_before=timezone.now(), state="failed")
    delivery = Delivery.objects.create(helpdesk=helpdesk, external_id="1", body=b"{}", state="failed")
    rule = RoutingRule.objects.create(name="returns", team=team)
    move = Move.objects.create(ticket=ticket, user=user, team=team)
    problem = Problem.objects.create(kind="redis")
    version = draft.citations.get().passage.version
    source = version.article.source
    gap = Gap.objects.create(name="Trailers", recipe="fake")
    own = OwnArticle.objects.create(source=source, external_id="x", title="Trailers", language="en", body="Yes.")
    asked = Asked.objects.create(user=user, question="?", language="en", answered=True)
    file = Attachment.objects.create(message=ticket.messages.all()[0], position=0, state="failed")
    field = FieldDefinition.objects.create(name="order_number", kind="order_number")
    model = TriageModel.objects.create(blob=b"", recipe="fake", rows=0)
    row = TrainingRow.objects.create(text="x", intent="theft", language="en", origin="imported")
    change = IntentChange.objects.create(old="a", new="b", is_merge=False)
    token = ApiToken.objects.create(user=user, name="x", digest="x")
    hidden = RedactionRule.objects.create(kind="pattern", name="Contract", value="KD-[0-9]+")
    erasure = Erasure.objects.create(digest="x", actor="system", state="done", ended_at=timezone.now())
    keys: dict[str, list[object]] = {
        "summary": [ticket.pk], "details": [ticket.pk], "attachment": [file.pk], "attachment_again": [file.pk],
        **{name: [ticket.pk, "order_number"] for name in ("correct_field", "take_back_field")},
        **{name: [field.pk] for name in ("field", "delete_field", "restore_field")},
        "take_back_intent": [ticket.pk], "ticket": [ticket.pk], "set_intent": [ticket.pk],
        "assign": [ticket.pk], "draft_panel": [draft.pk],
        "approve": [draft.pk], "reject": [draft.pk], "regenerate": [draft.pk], "undo": [review.pk],
        "resend": [reply.pk], "confirm_translation": [draft.pk, 1], "unconfirm_translation": [draft.pk, 1],
        "article": [version.article_id], "article_version": [version.article_id, 1], "replay": [delivery.pk],
        **{name: [user.pk] for name in (
            "person", "new_password", "reset_code", "end_sessions", "unlock_person", "switch_person"
        )}, "revoke_token": [token.pk],
        "team": [team.pk], "away": [user.pk], "switch_teaching": [helpdesk.pk],
        "relabel_row": [row.pk], "undo_rename": [change.pk],
        **{name: [model.pk] for name in ("choose_model", "unpin_model")},
        **{name: [erasure.pk] for name in ("certificate", "erasing", "erase_again", "certificate_json")},
        **{name: [rule.pk] for name in ("rule", "delete_rule", "switch_rule")}, "switch_write_back": [helpdesk.pk],
        "mask": [ticket.pk], "unmask": [ticket.pk], "add_redaction": ["pattern"],
        **{name: [hidden.pk] for name in ("delete_redaction", "restore_redaction")},
        "pictures": [ticket.messages.all()[0].pk], "why": [ticket.pk], "move": [ticket.pk], "undo_move": [move.pk],
        "progress": [draft.pk], "passages": [draft.pk], "go_back": [draft.pk], "dismiss": [problem.pk],
        **{name: [source.pk] for name in ("source", "sync_source", "stop_source", "switch_source")},
        "new_source": ["folder"], "own_article": [own.pk], "keep_reply": [reply.pk], "feedback": [asked.pk],
        **{name: [gap.pk] for name in ("gap", "write_for_gap", "assign_gap", "dismiss_gap")},
    }  # fmt: skip
    names = [pattern.name for pattern in urlpatterns if pattern.name not in access.PUBLIC | access.API]
    return {str(name): reverse(str(name), args=keys.get(str(name), [])) for name in names}


def test_each_role_opens_its_pages_and_no_others(
    ticket, draft, helpdesk, team, agent, manager, administrator, signed_in
):
    pages = addresses(ticket, draft, helpdesk, team, agent)
    roles = {pattern.name: getattr(pattern.callback, "required_role", None) for pattern in urlpatterns}
    for user in (agent, manager, administrator):
        client = signed_in(user)
        for name, page in pages.items():
            refused = client.get(page).status_code == 403
            assert refused == (not user.may(roles[name])), (user.username, name)


def test_without_a_session_every_page_leads_to_the_sign_in(ticket, draft, helpdesk, team, agent, client: Client):
    for name, page in addresses(ticket, draft, helpdesk, team, agent).items():
        for answer in (client.get(page), client.post(page)):
            assert answer.status_code == 302 and answer.headers["Location"].startswith("/login/"), name


def test_a_fragment_request_without_a_session_replaces_the_whole_page(ticket: Ticket, client: Client):
    answer = client.get(reverse("queue"), headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/login/"


def test_somebody_elses_ticket_does_not_exist(ticket, draft, outsider, signed_in: SignedIn):
    review = Review.objects.create(draft=draft, outcome="rejected")
    client = signed_in(outsider)
    assert client.get(reverse("ticket", args=[ticket.pk])).status_code == 404
    assert client.get(reverse("draft_panel", args=[draft.pk])).status_code == 404
    assert client.get(reverse("passages", args=[draft.pk])).status_code == 404
    asked = client.get(reverse("progress", args=[draft.pk]))
    assert (asked.status_code, asked.content) == (286, b"")  # nothing, and no reason to ask again
    for name, key in [
        ("set_intent", ticket.pk), ("assign", ticket.pk), ("move", ticket.pk), ("approve", draft.pk),
        ("reject", draft.pk), ("regenerate", draft.pk), ("undo", review.pk), ("go_back", draft.pk),
        ("take_back_intent", ticket.pk),
    ]:  # fmt: skip
        assert client.post(reverse(name, args=[key]), {"text": "x", "reason": "wrong"}).status_code == 404, name
    draft.refresh_from_db()
    assert draft.state == Draft.State.READY


def test_triage_is_everybodys(make_ticket: MakeTicket, agent: User, outsider: User):
    unsure, homeless = make_ticket(triage="unsure"), make_ticket(team=None)
    for user in (agent, outsider):
        assert set(access.visible_tickets(user)) == {unsure, homeless}


def test_managers_see_all(make_ticket: MakeTicket, manager: User, other_team: Team):
    tickets = {make_ticket(), make_ticket(team=other_team)}
    assert set(access.visible_tickets(manager)) == tickets


def test_somebody_who_left_may_nothing(agent: User):
    agent.is_active = False
    assert not agent.may(Role.AGENT)


def test_deliveries_are_for_administrators(helpdesk: Helpdesk, manager: User, administrator: User):
    delivery = Delivery.objects.create(helpdesk=helpdesk, external_id="1", body=b"{}")
    assert access.get_delivery_for(administrator, delivery.pk) == delivery
    with pytest.raises(Exception, match="No Delivery"):
        access.get_delivery_for(manager, delivery.pk)


def test_no_cache_keeps_a_page_with_customers_words(agent: User, signed_in: SignedIn):
    assert "no-store" in signed_in(agent).get("/").headers["Cache-Control"]
