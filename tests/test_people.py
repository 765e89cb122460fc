"""The page of who signs in."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import SignedIn
from tests.test_signin import sign_in
from tickets.models import AuditEntry, Session, User

NEW = {"username": "kim", "first_name": "Kim", "last_name": "Lee", "role": "manager", "language": "fr", "email": ""}


@pytest.fixture(autouse=True)
def fast(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def admin(administrator: User, signed_in: SignedIn) -> Client:
    return signed_in(administrator)


def password_of(page: str) -> str:
    (password,) = re.findall(r'id="password" value="([^"]+)"', page)
    return str(password)


def test_a_new_person_gets_a_password_that_is_shown_once(admin, team, client):
    answer = admin.post(reverse("new_person"), {**NEW, "teams": [team.pk]})
    assert "no-store" in answer.headers["Cache-Control"]
    password = password_of(answer.content.decode())
    kim = User.objects.get(username="kim")
    assert kim.role == "manager" and not kim.sees_content and list(kim.teams.all()) == [team]
    assert sign_in(client, "kim", password).status_code == 302
    assert client.get("/").headers["Location"] == reverse("change_password")
    assert password not in admin.get(reverse("person", args=[kim.pk])).content.decode()


def test_a_manager_may_be_given_the_tickets(admin, manager):
    assert "May read tickets" in admin.get(reverse("person", args=[manager.pk])).content.decode()
    admin.post(reverse("person", args=[manager.pk]), {**NEW, "username": "mona", "sees_content": "on"})
    manager.refresh_from_db()
    assert manager.sees_content
    entry = AuditEntry.objects.get(kind="person.changed")
    assert entry.facts == {"role": "manager", "sees_content": True, "teams": 0}
    assert "may read tickets" in admin.get(reverse("people")).content.decode()


def test_a_user_name_that_is_taken_is_said(admin, agent):
    answer = admin.post(reverse("new_person"), {**NEW, "username": "alex"})
    assert answer.status_code == 422 and User.objects.filter(username="alex").count() == 1


def test_a_forgotten_password_is_replaced_and_its_sessions_end(admin, agent, signed_in):
    theirs = signed_in(agent)
    answer = admin.post(reverse("new_password", args=[agent.pk]))
    assert theirs.get("/").status_code == 302 and not Session.objects.filter(user=agent).exists()
    assert sign_in(Client(), "alex", password_of(answer.content.decode())).status_code == 302


def test_the_only_administrator_stays_one(admin, administrator):
    mine = {**NEW, "username": "ada", "role": "agent"}
    answer = admin.post(reverse("person", args=[administrator.pk]), mine)
    assert answer.status_code == 422 and "only administrator" in answer.content.decode()
    admin.post(reverse("switch_person", args=[administrator.pk]))
    administrator.refresh_from_db()
    assert administrator.role == "administrator" and administrator.is_active


def test_somebody_is_switched_off_and_on(admin, agent):
    admin.post(reverse("switch_person", args=[agent.pk]))
    assert "switched off" in admin.get(reverse("people")).content.decode()
    admin.post(reverse("switch_person", args=[agent.pk]))
    agent.refresh_from_db()
    assert agent.is_active
    assert list(AuditEntry.objects.filter(kind__in=["person.off", "person.on"]).values_list("kind", flat=True)) == [
        "person.off", "person.on",
    ]  # fmt: skip
