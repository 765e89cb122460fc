"""What people see and change is in the audit, once, with who and which; what they read is not."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tickets import access
from tickets.audit import checks, link, pages, record
from tickets.models import Attachment, AttachmentContent, AuditCheck, AuditEntry, Delivery, RoutingRule
from tickets.urls import urlpatterns

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str, str]]:
    return [(row.actor, row.kind, row.subject) for row in AuditEntry.objects.order_by("pk")]


def test_a_ticket_is_seen_once_by_each_however_often_its_page_asks(ticket, draft, agent, administrator, signed_in):
    for user in (agent, administrator):
        client = signed_in(user)
        for name in ("ticket", "summary", "details", "why", "ticket"):
            client.get(reverse(name, args=[ticket.pk]))
        client.get(reverse("draft_panel", args=[draft.pk]))
        client.get(reverse("desk"))
    views = list(AuditEntry.objects.filter(kind="ticket.view").order_by("pk"))
    assert [(row.actor, row.subject, row.facts["role"]) for row in views] == [
        (f"user:{agent.pk}", f"ticket:{ticket.pk}", "agent"),
        (f"user:{administrator.pk}", f"ticket:{ticket.pk}", "administrator"),
    ]


def test_a_later_look_is_another_view(ticket, agent, signed_in, monkeypatch):
    client = signed_in(agent)
    client.get(reverse("ticket", args=[ticket.pk]))
    monkeypatch.setattr(pages, "AGAIN", timedelta(0))
    client.get(reverse("ticket", args=[ticket.pk]))
    assert AuditEntry.objects.filter(kind="ticket.view").count() == 2


def test_what_may_not_be_seen_is_no_view(ticket, outsider, signed_in):
    assert signed_in(outsider).get(reverse("ticket", args=[ticket.pk])).status_code == 404
    assert told() == []


def test_each_download_is_told(ticket, agent, signed_in):
    file = Attachment.objects.create(message=ticket.messages.all()[0], position=0, state="read", name="Camille.pdf")
    AttachmentContent.objects.create(attachment=file, data=b"x")
    for _ in range(2):
        signed_in(agent).get(reverse("attachment", args=[file.pk]))
    assert told() == [(f"user:{agent.pk}", "attachment.download", f"ticket:{ticket.pk}")] * 2


def test_decisions_are_told_of_the_ticket(ticket, draft, agent, signed_in):
    client = signed_in(agent)
    client.post(reverse("reject", args=[draft.pk]), {"reason": "wrong", "comment": "Camille said no"})
    client.post(reverse("set_intent", args=[ticket.pk]), {"intent": "delivery"})
    rows = {row.kind: row for row in AuditEntry.objects.exclude(kind="ticket.view")}
    assert rows.keys() == {"ticket.reject", "ticket.set_intent"}
    assert (rows["ticket.reject"].subject, rows["ticket.reject"].facts) == (f"ticket:{ticket.pk}", {"draft": draft.pk})


def test_settings_are_told_with_the_row_they_are_of(team, administrator, helpdesk, signed_in):
    client = signed_in(administrator)
    rule = RoutingRule.objects.create(name="Camille's rule", team=team)
    delivery = Delivery.objects.create(helpdesk=helpdesk, external_id="1", body=b"{}", state="failed")
    client.post(reverse("switch_rule", args=[rule.pk]))
    client.post(reverse("replay", args=[delivery.pk]))
    client.post(reverse("sync_all"))
    rows = AuditEntry.objects.order_by("pk")
    assert [(row.kind, row.subject, row.facts["view"]) for row in rows] == [
        ("setting.change", f"rule:{rule.pk}", "switch_rule"), ("setting.change", f"delivery:{delivery.pk}", "replay"),
        ("setting.change", "", "sync_all"),
    ]  # fmt: skip


def test_what_is_refused_is_not_told(team, administrator, agent, signed_in):
    rule = RoutingRule.objects.create(name="a", team=team)
    assert signed_in(agent).post(reverse("switch_rule", args=[rule.pk])).status_code == 403
    assert signed_in(administrator).post(reverse("switch_rule", args=[rule.pk + 1])).status_code == 404
    assert told() == []


def test_what_cannot_be_recorded_is_not_changed(team, administrator, signed_in, monkeypatch):
    rule = RoutingRule.objects.create(name="a", team=team)
    monkeypatch.setattr(pages, "record", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        signed_in(administrator).post(reverse("switch_rule", args=[rule.pk]))
    assert RoutingRule.objects.get().is_active is rule.is_active


def test_every_address_with_a_number_names_its_row():
    for pattern in urlpatterns:
        route = str(pattern.pattern)
        if "<int:pk>" in route and pattern.name not in access.PUBLIC | access.API:
            assert ":" in pages._subject(route, {"pk": 1}) or route.split("/", maxsplit=1)[0] in pages.OWNERS


def test_a_page_that_shows_content_is_known_under_its_name():
    assert set(pages.CONTENT) | pages.QUIET <= {pattern.name for pattern in urlpatterns}


def test_no_fact_of_a_view_is_older_than_it_says(ticket, agent, signed_in):
    signed_in(agent).get(reverse("ticket", args=[ticket.pk]))
    assert timezone.now() - AuditEntry.objects.get().at < timedelta(minutes=1)


def page(client, **asked):
    return client.get(reverse("audit"), asked)


def test_the_page_is_searched_and_turned_by_position(ticket, agent, administrator, signed_in, tmp_path, settings):
    settings.AUDIT_ANCHORS = tmp_path
    client = signed_in(administrator)
    assert "Nothing is recorded yet" in page(client).content.decode()
    for number in range(60):
        record("ticket.view", subject=f"ticket:{ticket.pk}", actor=f"user:{agent.pk}", role="agent", turn=number)
    record("ticket.view", subject=f"ticket:{ticket.pk}", actor=f"user:{administrator.pk}", role="administrator")
    record("model.embed", subject="ticket:99999", model="m-1", size=7)
    record("signin.done", actor="user:99999")
    link()
    everything = page(client)
    assert [row.position for row in everything.context["rows"]] == list(range(63, 13, -1))
    older = page(client, before=everything.context["older"])
    assert [row.position for row in older.context["rows"]] == list(range(13, 0, -1))
    shown = everything.content.decode()
    assert "person 99999, gone" in shown and "Ada" in shown and f"#{ticket.number}" in shown
    for asked, count in [
        ({"person": f"user:{agent.pk}"}, 50), ({"kind": "model."}, 1), ({"kind": "signin.done"}, 1),
        ({"about": "48211", "seen": "on"}, 1), ({"about": "#48211"}, 50), ({"about": "no such"}, 0),
        ({"about": "ticket:99999"}, 1), ({"since": "2200-01-01"}, 0), ({"until": "2200-01-01", "kind": "model."}, 1),
        ({"since": "soon", "before": "x", "kind": "model."}, 1),
    ]:  # fmt: skip
        assert len(page(client, **asked).context["rows"]) == count, asked
    assert "Nothing was recorded that fits" in page(client, about="no such").content.decode()


def test_a_download_streams_what_is_asked_for_and_is_told(administrator, signed_in):
    for number in range(3):
        record("ticket.view", subject=f"ticket:{number}")
    link()
    response = signed_in(administrator).get(reverse("export_audit"), {"about": "ticket:1"})
    lines = b"".join(response).decode().splitlines()
    assert [json.loads(line)["subject"] for line in lines] == ["ticket:1"]
    assert AuditEntry.objects.get(kind="audit.export").facts == {"subject": "ticket:1", "complete": False}


def test_the_chain_is_verified_by_a_click_and_the_page_says_what_is_wrong(administrator, signed_in, tmp_path, settings):
    settings.AUDIT_ANCHORS = tmp_path
    record("ticket.view")
    link()
    client = signed_in(administrator)
    client.post(reverse("verify_audit"))
    assert "hx-get" in client.get(reverse("verifying_audit")).content.decode()
    row = AuditEntry.objects.get(position=1)
    row.pk, row.position, row._state.adding = None, 2, True
    row.save()
    checks.work_out(AuditCheck.objects.get().pk)
    said = page(client).content.decode()
    assert "not as it was written" in said and "Position 2: inserted" in said
    assert [row.kind for row in AuditEntry.objects.filter(actor=f"user:{administrator.pk}")] == ["audit.verify"]


def test_only_administrators_are_led_from_a_ticket_to_its_audit(ticket, draft, agent, administrator, signed_in):
    address = f"{reverse('audit')}?about=ticket:{ticket.pk}"
    for user, is_led in ((agent, False), (administrator, True)):
        assert (address in signed_in(user).get(reverse("ticket", args=[ticket.pk])).content.decode()) is is_led


@pytest.mark.parametrize("name", ["audit", "verifying_audit", "verify_audit", "export_audit"])
def test_nobody_else_opens_the_audit(name, agent, manager, signed_in):
    for user in (agent, manager):
        for method in ("get", "post"):
            assert getattr(signed_in(user), method)(reverse(name)).status_code == 403
