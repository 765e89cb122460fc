"""What a token may, for how long, and who makes and ends it."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.conftest import SignedIn
from tickets.api import new_token
from tickets.models import ApiToken, AuditEntry, User
from tickets.models.token import Scope

CALLS = {
    "ask": ("post", "/api/ask/"), "search": ("get", "/api/search/"), "articles.read": ("get", "/api/articles/x/"),
    "articles.write": ("delete", "/api/articles/x/"),
}  # fmt: skip


def call(token: str, method: str, path: str):
    return getattr(Client(), method)(path, headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize("scope", Scope.values)
def test_a_scope_opens_its_own_addresses_and_no_others(administrator, scope):
    token = new_token(administrator, "x", [scope])
    for other, (method, path) in CALLS.items():
        answer = call(token, method, path)
        if other == scope:
            assert answer.status_code not in (401, 403)
        else:
            assert answer.status_code == 403
            assert answer.json() == {"error": f"the token lacks the scope {other}"}


def test_writing_by_put_needs_the_scope_of_writing(administrator):
    answer = call(new_token(administrator, "x", ["articles.read"]), "put", "/api/articles/x/")
    assert answer.json() == {"error": "the token lacks the scope articles.write"}


def test_a_scope_gives_no_more_than_the_person_may(agent):
    assert call(new_token(agent, "x"), "delete", "/api/articles/x/").json() == {"error": "this needs the role manager"}


def test_an_end_is_an_end(agent):
    token = new_token(agent, "x", days=1)
    assert call(token, "get", "/api/search/").status_code == 422
    ApiToken.objects.update(expires_at=timezone.now())
    assert call(token, "get", "/api/search/").status_code == 401
    assert "expired" in call(token, "get", "/api/search/").json()["error"]


def test_a_token_of_before_keeps_everything(agent):
    row = ApiToken.objects.create(user=agent, name="old", digest="x")
    assert row.scopes == list(Scope.values)
    migration = import_module("tickets.migrations.0020_signin").Migration
    field = next(each.field for each in migration.operations if getattr(each, "name", "") == "scopes")
    assert field.get_default() == list(Scope.values) and apps.is_installed("tickets")


class TestPage:
    MADE = {"name": "Website", "scopes": ["ask", "search"], "days": "90"}

    @pytest.fixture
    def admin(self, administrator: User, signed_in: SignedIn) -> Client:
        return signed_in(administrator)

    def made(self, admin: Client, user: User, **more: object) -> str:
        page = admin.post(reverse("tokens"), {**self.MADE, "user": user.pk, **more}).content.decode()
        return page.split('id="token" value="')[1].split('"')[0]

    def test_it_is_shown_once_and_works(self, admin, agent):
        token = self.made(admin, agent)
        row = ApiToken.objects.get()
        assert row.scopes == ["ask", "search"] and timedelta(89) < row.expires_at - timezone.now() < timedelta(90)
        assert call(token, "get", "/api/search/").status_code == 422
        page = admin.get(reverse("tokens")).content.decode()
        assert "Website" in page and token not in page and "never" not in page

    def test_without_an_end(self, admin, agent):
        self.made(admin, agent, days="")
        assert ApiToken.objects.get().expires_at is None

    @pytest.mark.parametrize("wrong", [{"scopes": []}, {"scopes": ["all"]}, {"name": ""}, {"days": "7"}])
    def test_what_does_not_fit_is_said(self, admin, agent, wrong):
        answer = admin.post(reverse("tokens"), {**self.MADE, "user": agent.pk, **wrong})
        assert answer.status_code == 422 and not ApiToken.objects.exists()

    def test_it_is_revoked_after_a_question(self, admin, agent):
        token = self.made(admin, agent)
        address = reverse("revoke_token", args=[ApiToken.objects.get().pk])
        assert "Website" in admin.get(address).content.decode()
        assert call(token, "get", "/api/search/").status_code == 422
        admin.post(address)
        assert call(token, "get", "/api/search/").status_code == 401
        assert "revoked" in admin.get(reverse("tokens")).content.decode()

    def test_both_are_in_the_audit(self, admin, agent, administrator):
        self.made(admin, agent)
        row = ApiToken.objects.get()
        admin.post(reverse("revoke_token", args=[row.pk]))
        made = AuditEntry.objects.get(kind="token.made")
        assert (made.subject, made.actor) == (f"token:{row.pk}", f"user:{administrator.pk}")
        assert made.facts == {"user": agent.pk, "scopes": "ask+search"}
        assert AuditEntry.objects.filter(kind="token.revoked").count() == 1


def test_on_the_command_line(agent, capsys):
    call_command("add_token", "alex", "--scope", "ask", "--days", "30")
    assert ApiToken.objects.get().scopes == ["ask"] and ApiToken.objects.get().expires_at
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("add_token", "alex", "--scope", "everything")
