"""A second factor: set up, asked for, lost, demanded."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.codes import code
from tests.test_signin import PASSWORD, sign_in
from tickets.models import AuditEntry, Session, User
from tickets.signin import factors


@pytest.fixture(autouse=True)
def fast(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def alex(agent: User) -> User:
    agent.set_password(PASSWORD)
    agent.save()
    return agent


def set_up(client: Client) -> tuple[str, list[str]]:
    """The secret and the recovery codes of who is signed in."""
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    (secret,) = re.findall(r'class="key">(\w+)<', page)
    assert "data:image/svg+xml;base64," in page
    answer = client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert answer.headers["Location"] == reverse("mfa_view_recovery_codes")
    shown = client.get(answer.headers["Location"]).content.decode()
    return secret, re.findall(r"<code>(\d{8})</code>", shown)


@pytest.fixture
def with_factor(alex, client):
    """Alex, signed out again, with the secret and the recovery codes."""
    sign_in(client)
    secret, recovery = set_up(client)
    client.post(reverse("logout"))
    return secret, recovery


def test_setting_up_and_signing_in(with_factor, client):
    secret, recovery = with_factor
    assert len(recovery) == 10
    assert sign_in(client).headers["Location"] == reverse("mfa_authenticate")
    assert client.get("/").status_code == 302
    assert "not right" in client.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
    assert client.post(reverse("mfa_authenticate"), {"code": code(secret, steps=1)}).headers["Location"] == "/"
    assert client.get("/").status_code == 200
    assert AuditEntry.objects.filter(kind="signin.done").last().facts == {"by": "password+mfa"}
    assert AuditEntry.objects.filter(kind="totp.on").count() == 1


def test_a_code_works_once(with_factor):
    secret, _ = with_factor
    said = {"code": code(secret, steps=1)}
    for expected in (302, 200):
        client = Client()
        sign_in(client)
        assert client.post(reverse("mfa_authenticate"), said).status_code == expected


def test_the_page_for_codes_opens_after_the_password_only(with_factor, client):
    assert client.get(reverse("mfa_authenticate")).headers["Location"] == reverse("account_login")


def test_a_recovery_code_works_once_and_is_shown_once(with_factor, client):
    _, recovery = with_factor
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": recovery[0]})
    assert "9 left" in client.get(reverse("preferences")).content.decode()
    assert recovery[1] not in client.get(reverse("mfa_view_recovery_codes")).content.decode()
    other = Client()
    sign_in(other)
    assert other.post(reverse("mfa_authenticate"), {"code": recovery[0]}).status_code == 200


def test_new_recovery_codes_replace_the_old(with_factor, client, alex):
    secret, recovery = with_factor
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code(secret, steps=1)})
    client.post(reverse("mfa_generate_recovery_codes"))
    shown = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert len(set(re.findall(r"<code>(\d{8})</code>", shown)) - set(recovery)) == 10


def test_guessing_codes_locks_like_guessing_passwords(with_factor, client):
    secret, _ = with_factor
    sign_in(client)
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    page = client.post(reverse("mfa_authenticate"), {"code": code(secret, steps=1)}).content.decode()
    assert "Try again in" in page


def test_secrets_are_sealed(with_factor):
    secret, recovery = with_factor
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(a::text, ' ') FROM mfa_authenticator a")
        kept = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(s::text, ' ') FROM tickets_session s")
        kept += cursor.fetchone()[0] or ""
    assert secret not in kept and not any(each in kept for each in recovery)


def test_they_change_with_the_keys(with_factor, settings, client):
    from cryptography.fernet import Fernet

    secret, _ = with_factor
    old, new = settings.ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [new, old]
    call_command("rotate_keys")
    settings.ENCRYPTION_KEYS = [new]
    sign_in(client)
    assert client.post(reverse("mfa_authenticate"), {"code": code(secret, steps=1)}).status_code == 302


def test_removing_it_asks_once_more_unless_one_has_just_signed_in(with_factor, client, alex):
    _secret, recovery = with_factor
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": recovery[0]})
    session = client.session
    session["_started"] -= 600
    session.save()
    answer = client.get(reverse("mfa_deactivate_totp"))
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    wrong = client.post(answer.headers["Location"], {"password": "wrong"})
    assert "not your password" in wrong.content.decode()
    answer = client.post(answer.headers["Location"], {"password": PASSWORD})
    assert answer.headers["Location"] == reverse("mfa_deactivate_totp")
    client.post(reverse("mfa_deactivate_totp"))
    assert not factors.has_second(alex) and not Authenticator.objects.exists()
    assert AuditEntry.objects.filter(kind="totp.off").count() == 1


def test_or_by_a_code(with_factor, client, alex):
    _secret, recovery = with_factor
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": recovery[0]})
    session = client.session
    session["_started"] -= 600
    session.save()
    client.get(reverse("mfa_deactivate_totp"))
    assert client.get(reverse("mfa_reauthenticate")).status_code == 200
    client.post(reverse("mfa_reauthenticate"), {"code": recovery[1]})
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200


@pytest.mark.parametrize(("rule", "forced"), [("none", False), ("administrators", False), ("everybody", True)])
def test_the_house_may_demand_it(alex, client, settings, rule, forced):
    settings.REQUIRE_TOTP = rule
    sign_in(client)
    answer = client.get("/")
    assert (answer.status_code == 302) == forced
    if forced:
        assert answer.headers["Location"] == reverse("mfa_activate_totp")
        set_up(client)
        assert client.get("/").status_code == 200


def test_of_administrators(administrator, client, settings):
    settings.REQUIRE_TOTP = "administrators"
    client.force_login(administrator)
    assert client.get(reverse("helpdesks")).headers["Location"] == reverse("mfa_activate_totp")


def test_one_who_lost_the_telephone_is_helped(with_factor, alex, administrator, signed_in, capsys):
    signed_in(administrator).post(reverse("reset_code", args=[alex.pk]))
    assert sign_in(Client()).headers["Location"] == "/"
    assert AuditEntry.objects.get(kind="totp.reset").actor == f"user:{administrator.pk}"
    call_command("change_user", "alex", "--reset-totp")
    assert "no second factor" in capsys.readouterr().out


def test_a_secret_that_is_being_set_up_is_nobody_elses(alex, client):
    sign_in(client)
    client.get(reverse("mfa_activate_totp"))
    assert "mfa.totp.secret" in client.session
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_data FROM tickets_session")
        assert client.session["mfa.totp.secret"] not in cursor.fetchone()[0]
    assert Session.objects.count() == 1
