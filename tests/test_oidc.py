"""Single sign-on with a real provider on this machine, over real HTTP."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.codes import code as code_of
from tests.provider import CLIENT, SECRET, Provider, running
from tests.test_signin import PASSWORD
from tests.test_totp import set_up
from tickets.models import AuditEntry, Destination, Team, User
from tickets.models.people import Role

pytestmark = pytest.mark.django_db
BROWSER = httpx.Client(verify=False)  # nothing here is TLS, and certificates take long to read


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    """As it starts, and set up here."""
    with running() as server:
        yield set_here(server, settings)


def set_here(server: Provider, settings: Any) -> Provider:
    settings.OIDC_ISSUER = server.issuer
    app = {
        "provider_id": "sso", "name": "Company", "client_id": CLIENT, "secret": SECRET,
        "settings": {"server_url": server.issuer},
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
    settings.OIDC_NAME = "Company"
    return server


def through(client: Client, *, wanted: str = "") -> Any:
    """Click the button, come back from the provider."""
    away = client.get(reverse("openid_connect_login", args=["sso"]), {"next": wanted} if wanted else {})
    if away.status_code != 302:
        return away
    back = BROWSER.get(away.headers["Location"]).headers["Location"]
    assert back.startswith("http://testserver/login/with/sso/back/")
    return client.get(back.removeprefix("http://testserver"))


class TestNew:
    def test_somebody_new_is_an_agent_without_a_team(self, provider, client):
        assert through(client, wanted="/knowledge/").headers["Location"] == "/knowledge/"
        user = User.objects.get()
        assert (user.username, user.email, user.display_name) == ("robin", "robin@example.com", "Robin Vasseur")
        assert user.role == Role.AGENT and not user.teams.exists() and not user.has_usable_password()
        assert client.get("/").status_code == 200
        assert "looks after password" in client.get(reverse("preferences")).content.decode()
        assert AuditEntry.objects.get(kind="signin.done").facts == {"by": "socialaccount"}

    def test_the_second_time_it_is_the_same_person(self, provider, client):
        through(client)
        provider.claims |= {"email": "robin.new@example.com", "preferred_username": "rv"}
        assert through(Client()).headers["Location"] == "/"
        assert User.objects.count() == SocialAccount.objects.count() == 1

    def test_nothing_of_the_claims_or_tokens_is_kept(self, provider, client):
        provider.claims["phone_number"] = "+33 6 12 34 56 78"
        through(client)
        through(Client())
        assert SocialAccount.objects.get().extra_data == {} and not SocialToken.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT string_agg(s::text, ' ') FROM socialaccount_socialaccount s")
            assert "+33" not in cursor.fetchone()[0]

    def test_a_name_that_is_taken_gets_a_number(self, provider, client):
        User.objects.create(username="Robin")
        through(client)
        assert User.objects.filter(username="robin2").exists()

    def test_nobody_new_where_none_are_wanted(self, provider, client, settings):
        settings.OIDC_NEW_PEOPLE = False
        answer = through(client)
        assert answer.status_code == 403 and "Nobody here has your address" in answer.content.decode()
        assert not User.objects.exists() and client.get("/").status_code == 302


class TestKnown:
    def test_by_the_verified_address(self, provider, client, agent, settings):
        settings.OIDC_NEW_PEOPLE = False
        User.objects.update(email="Robin@Example.com")
        assert through(client).headers["Location"] == "/"
        assert SocialAccount.objects.get().user == agent and User.objects.count() == 1

    @pytest.mark.parametrize("verified", [False, None, "false"])
    def test_not_by_one_that_is_not_verified(self, provider, client, administrator, verified):
        User.objects.update(email="robin@example.com")
        provider.claims["email_verified"] = verified
        through(client)
        assert SocialAccount.objects.get().user != administrator

    def test_unless_the_administrator_trusts_the_provider(self, provider, client, agent, settings):
        settings.OIDC_TRUSTS_EMAIL = True
        User.objects.update(email="robin@example.com")
        del provider.claims["email_verified"]
        through(client)
        assert SocialAccount.objects.get().user == agent

    def test_not_where_two_have_it(self, provider, client, agent, manager, settings):
        settings.OIDC_NEW_PEOPLE = False
        User.objects.update(email="robin@example.com")
        assert through(client).status_code == 403

    def test_somebody_who_is_switched_off_stays_out(self, provider, client):
        through(client)
        User.objects.update(is_active=False)
        answer = through(Client())
        assert answer.status_code == 403 and "switched off" in answer.content.decode()

    def test_a_second_factor_that_was_set_up_here_is_asked_for(self, provider, client, agent, settings):
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        agent.email = "robin@example.com"
        agent.set_password(PASSWORD)
        agent.save()
        client.post(reverse("login"), {"username": "alex", "password": PASSWORD})
        secret, _ = set_up(client)
        other = Client()
        assert through(other).headers["Location"] == reverse("mfa_authenticate")
        assert other.post(reverse("mfa_authenticate"), {"code": code_of(secret, steps=1)}).headers["Location"] == "/"

    def test_what_the_house_demands_is_the_providers_to_ask(self, provider, client, settings):
        settings.REQUIRE_TOTP = "everybody"
        through(client)
        assert client.get("/").status_code == 200


class TestMapping:
    @pytest.fixture(autouse=True)
    def mapped(self, settings):
        settings.OIDC_ROLES = {"leads": "manager", "admins": "administrator"}
        settings.OIDC_TEAMS = {"billing": "Billing", "money": "Billing", "shop": "Orders", "gone": "No such team"}

    @pytest.mark.parametrize(
        ("groups", "role"),
        [(["leads"], "manager"), (["leads", "admins"], "administrator"), ("admins", "administrator"), ([], "agent"),
         ({"odd": 1}, "agent")],
    )  # fmt: skip
    def test_the_highest_role_counts(self, provider, client, groups, role):
        provider.claims["groups"] = groups
        through(client)
        user = User.objects.get()
        assert user.role == role and not user.sees_content

    def test_role_and_teams_follow_and_other_teams_stay(self, provider, client, team, other_team):
        own = Team.objects.create(name="Own", slug="own")
        provider.claims["groups"] = ["admins", "billing", "shop"]
        through(client)
        user = User.objects.get()
        assert {each.name for each in user.teams.all()} == {"Billing", "Orders"}
        user.teams.add(own)
        provider.claims["groups"] = ["money"]
        through(Client())
        user.refresh_from_db()
        assert user.role == "agent" and {each.name for each in user.teams.all()} == {"Billing", "Own"}

    def test_a_role_that_was_given_here_stays_where_none_is_mapped(self, provider, client, settings):
        settings.OIDC_ROLES = {}
        through(client)
        User.objects.update(role="manager")
        through(Client())
        assert User.objects.get().role == "manager"

    def test_the_claim_may_have_another_name(self, provider, client, settings):
        settings.OIDC_CLAIM = "https://example.com/roles"
        provider.userinfo["https://example.com/roles"] = ["leads"]
        through(client)
        assert User.objects.get().role == "manager"


class TestRefused:
    @pytest.mark.parametrize("email", ["robin@evil.example", "robin@example.com.evil.example", "", "example.com"])
    def test_another_domain(self, provider, client, settings, email):
        settings.OIDC_DOMAINS = ["example.com"]
        provider.claims["email"] = email
        assert through(client).status_code == 403 and not User.objects.exists()
        assert AuditEntry.objects.get(kind="signin.failed").facts == {"by": "sso", "why": "domain"}

    def test_the_domain_itself(self, provider, client, settings):
        settings.OIDC_DOMAINS = ["example.com"]
        assert through(client).headers["Location"] == "/"

    @pytest.mark.parametrize(
        "token",
        [{"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1}, {"sub": "43"}, {"sub": ""}],
    )  # fmt: skip
    def test_a_token_for_somebody_or_something_else(self, provider, client, token):
        provider.token = token
        assert through(client).status_code in (401, 403)
        assert not User.objects.exists() and client.get("/").status_code == 302

    def test_a_token_that_another_key_signed(self, provider, client):
        provider.signs_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        assert through(client).status_code in (401, 403) and not User.objects.exists()

    @pytest.mark.parametrize("header", [{"kid": "unknown"}, {}])
    def test_a_token_of_an_unknown_key(self, provider, client, header):
        provider.header = header
        assert through(client).status_code in (401, 403) and not User.objects.exists()

    @pytest.mark.parametrize(("algorithm", "key"), [("none", None), ("HS256", SECRET * 2)])
    def test_a_token_that_no_key_of_the_issuer_can_have_signed(self, provider, client, algorithm, key):
        provider.algorithm, provider.signs_with = algorithm, key
        assert through(client).status_code in (401, 403) and not User.objects.exists()

    def test_a_document_of_another_issuer(self, provider, client):
        provider.document = {"issuer": "https://evil.example"}
        assert through(client).status_code == 403 and not User.objects.exists()

    def test_a_state_that_is_not_ours(self, provider, client):
        answer = client.get(reverse("openid_connect_callback", args=["sso"]), {"code": "x", "state": "guessed"})
        assert answer.status_code == 401 and "/token" not in provider.asked

    def test_an_answer_that_was_meant_for_another_browser(self, provider, client):
        away = client.get(reverse("openid_connect_login", args=["sso"]))
        back = BROWSER.get(away.headers["Location"]).headers["Location"]
        assert Client().get(back.removeprefix("http://testserver")).status_code == 401

    def test_somebody_who_stopped(self, provider, client):
        away = client.get(reverse("openid_connect_login", args=["sso"]))
        state = httpx.URL(away.headers["Location"]).params["state"]
        answer = client.get(
            reverse("openid_connect_callback", args=["sso"]), {"error": "access_denied", "state": state}, follow=True
        )
        assert "You stopped" in answer.content.decode()

    def test_a_place_that_is_not_listed(self, provider, client, settings, caplog):
        provider.document = {"jwks_uri": "http://127.0.0.2:9/keys"}
        assert through(client).status_code == 403 and not User.objects.exists()
        assert "http://127.0.0.2:9 is not on the list" in caplog.text
        assert Destination.objects.get(origin="http://127.0.0.2:9").refused == 1

    def test_a_provider_that_is_down(self, provider, client, settings):
        settings.OIDC_ISSUER = "http://127.0.0.1:9"
        settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:9"
        answer = client.get(reverse("openid_connect_login", args=["sso"]))
        assert answer.status_code == 403 and "cannot be reached" in answer.content.decode()


class TestPages:
    def test_the_button_is_there_only_with_a_provider(self, client, provider, settings):
        assert "Sign in with Company" in client.get(reverse("login")).content.decode()
        settings.OIDC_ISSUER = ""
        assert "Sign in with" not in client.get(reverse("login")).content.decode()

    def test_where_it_is_asked_stands_among_the_destinations(self, client, provider, administrator, signed_in):
        through(client)
        page = signed_in(administrator).get(reverse("destinations")).content.decode()
        assert provider.issuer in page and "Company" in page

    def test_who_only_has_a_provider_has_no_password_to_change(self, client, provider):
        through(client)
        assert client.get(reverse("change_password")).status_code == 403
