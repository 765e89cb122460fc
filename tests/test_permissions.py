"""Every address, asked by every role, about a ticket of one's own team and of another's.

The matrix is made of the addresses themselves: a new one fails here until somebody has said whose it is.
"""

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tests.conftest import person
from tests.test_access import addresses
from tickets import access
from tickets.models import (
    Attachment,
    AttachmentContent,
    Draft,
    Gap,
    GapQuestion,
    IntentChange,
    LabelReport,
    TrainingRow,
    User,
)
from tickets.models.people import Role
from tickets.urls import urlpatterns

# What an address's number names. Of a ticket: whoever may not read the ticket gets 404, whatever the method.
OF_A_TICKET = {
    "ticket", "set_intent", "take_back_intent", "why", "assign", "summary", "move", "undo_move", "details",
    "correct_field", "take_back_field", "attachment", "attachment_again", "draft_panel", "progress", "passages",
    "approve", "reject", "regenerate", "go_back", "confirm_translation", "unconfirm_translation", "resend", "undo",
    "keep_reply", "pictures", "mask", "unmask",
}  # fmt: skip
# Of a thing that belongs to no ticket: the role decides.
OF_NO_TICKET = {
    "article", "article_version", "own_article", "gap", "write_for_gap", "assign_gap", "dismiss_gap", "choose_model",
    "unpin_model", "switch_teaching", "relabel_row", "undo_rename", "switch_write_back", "replay", "rule",
    "delete_rule", "switch_rule", "team", "away", "source", "sync_source", "stop_source",
    "switch_source", "new_source", "field",
    "delete_field", "restore_field", "dismiss", "add_redaction", "delete_redaction",
    "restore_redaction", "person", "new_password", "reset_code", "end_sessions", "unlock_person", "switch_person",
    "revoke_token", "certificate", "certificate_json", "erasing", "erase_again",
}  # fmt: skip
# Of a question that somebody asked: nobody else's.
OF_A_PERSON = {"feedback"}
# Also 404 for somebody who may read the ticket: one's own move alone can be undone, sentence 1 is no translation, and
# the draft of the cast follows no other, its message shows no pictures.
NOT_FOR_ALL = {"undo_move", "confirm_translation", "unconfirm_translation", "go_back", "pictures"}
# A fragment that is asked for again and again ends the asking instead.
NOTHING = {"progress": 286}
ROLES = {pattern.name: getattr(pattern.callback, "required_role", None) for pattern in urlpatterns}
NUMBERED = {pattern.name for pattern in urlpatterns if pattern.pattern.converters} - access.PUBLIC - access.API


def test_of_every_numbered_address_somebody_has_said_whose_it_is():
    assert NUMBERED == OF_A_TICKET | OF_NO_TICKET | OF_A_PERSON


@pytest.fixture
def cast(agent, outsider, counter, manager, administrator, team):
    """Everybody, and whether they may read the ticket of the team."""
    member = person("Cleo", Role.MANAGER, team)
    return {
        agent: True, outsider: False, counter: False, manager: True, member: True, administrator: True,
    }  # fmt: skip


@pytest.fixture
def pages(ticket, draft, helpdesk, team, agent):
    pages = addresses(ticket, draft, helpdesk, team, agent)
    AttachmentContent.objects.create(attachment=Attachment.objects.get(), data=b"x")
    Draft.objects.update(state=Draft.State.REJECTED)  # as its review says
    IntentChange.objects.update(touched={"rows": [], "tickets": [], "rules": {}, "fields": []})
    return pages


def answers(client, page):
    """The statuses of both methods, without those that the page does not know; what they changed is taken back."""
    found = []
    for ask in (client.get, client.post):
        before = transaction.savepoint()
        found.append(ask(page).status_code)
        transaction.savepoint_rollback(before)
    return [status for status in found if status != 405]


def test_the_matrix(cast, pages, signed_in):
    wrong = []
    for user, reads in cast.items():
        client = signed_in(user)
        for name, page in pages.items():
            statuses = answers(client, page)
            assert statuses, name
            if not user.may(ROLES[name]):
                wrong += [(user.username, name, status) for status in statuses if status != 403]
            elif name in OF_A_TICKET and not reads:
                wrong += [(user.username, name, status) for status in statuses if status != NOTHING.get(name, 404)]
            elif name in OF_A_TICKET - NOT_FOR_ALL:
                wrong += [(user.username, name, status) for status in statuses if status in (403, 404, 286)]
    assert wrong == []


def test_without_the_right_a_manager_of_no_team_reads_no_ticket(counter, make_ticket, signed_in):
    seen = [make_ticket(body="Only for eyes that may"), make_ticket(triage="unsure"), make_ticket(team=None)]
    assert not access.visible_tickets(counter).exists()
    page = signed_in(counter).get(reverse("desk") + "?view=all").content.decode()
    assert not any(ticket.subject in page for ticket in seen)
    counter.sees_content = True
    assert access.visible_tickets(counter).count() == 3


def test_a_manager_of_a_team_works_in_it_as_its_agents_do(counter, team, other_team, make_ticket):
    counter.teams.add(team)
    ours, unsure = make_ticket(), make_ticket(triage="unsure")
    make_ticket(team=other_team)
    assert set(access.visible_tickets(counter)) == {ours, unsure}


def test_the_right_is_nothing_without_the_role(agent, make_ticket, other_team):
    agent.sees_content = True
    make_ticket(team=other_team)
    assert not access.visible_tickets(agent).exists()


class TestTextsOnManagersPages:
    """Pages of numbers that quote: each quotes what its reader may read."""

    def test_a_gap(self, counter, ticket, signed_in):
        gap = Gap.objects.create(name="Trailers", recipe="fake")
        GapQuestion.objects.create(gap=gap, ticket=ticket, sign="abstained", asked_at=ticket.created_at)
        page = reverse("gap", args=[gap.pk])
        hidden = signed_in(counter).get(page).content.decode()
        assert "Who pays?" not in hidden and "1 question" in hidden
        User.objects.filter(pk=counter.pk).update(sees_content=True)
        assert "Who pays?" in signed_in(counter).get(page).content.decode()

    def test_a_label(self, counter, ticket, signed_in):
        row = TrainingRow.objects.create(ticket=ticket, text="Who pays?", intent="a", language="en", origin="agent")
        report = {
            "rows": 1, "intents": [], "confusions": [], "contradictions": [], "accuracy": None,
            "doubtful": [{"row": row.pk, "said": "b"}],
        }  # fmt: skip
        LabelReport.objects.create(state="ready", report=report, ready_at=timezone.now())
        assert "Who pays?" not in signed_in(counter).get(reverse("intents")).content.decode()
        assert signed_in(counter).post(reverse("relabel_row", args=[row.pk]), {"erase": "1"}).status_code == 404
        User.objects.filter(pk=counter.pk).update(sees_content=True)
        assert "Who pays?" in signed_in(counter).get(reverse("intents")).content.decode()
