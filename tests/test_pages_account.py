"""Signing in and out, preferences, error pages, health; and what no page may contain."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from tests.conftest import SignedIn
from tickets.models import User

TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))


def test_signing_in_and_out(agent: User, client: Client):
    agent.set_password("a long password")
    agent.save()
    wrong = client.post(reverse("login"), {"username": "alex", "password": "wrong"})
    assert 'role="alert"' in wrong.content.decode()
    answer = client.post(reverse("login"), {"username": "alex", "password": "a long password"})
    assert answer.headers["Location"] == "/"
    assert client.get(reverse("logout")).status_code == 405
    client.post(reverse("logout"))
    assert client.get("/").status_code == 302


@pytest.mark.django_db
def test_the_sign_in_page_speaks_the_browsers_language_and_can_be_switched(client: Client):
    assert "Se connecter" in client.get(reverse("login"), headers={"Accept-Language": "fr"}).content.decode()
    client.post(reverse("set_language"), {"language": "en"})
    assert "Sign in" in client.get(reverse("login"), headers={"Accept-Language": "fr"}).content.decode()


def test_preferences_are_kept_and_seen(agent: User, signed_in: SignedIn):
    client = signed_in(agent)
    page = client.get(reverse("preferences")).content.decode()
    assert "Orders" in page and "data-theme" not in page
    answer = client.post(reverse("preferences"), {"language": "fr", "theme": "dark"}, follow=True)
    page = answer.content.decode()
    assert '<html lang="fr" data-theme="dark">' in page and "Enregistré." in page
    assert client.post(reverse("preferences"), {"language": "xx", "theme": "dark"}).status_code == 200
    agent.refresh_from_db()
    assert agent.language == "fr"


def test_error_pages_are_ours(agent: User, signed_in: SignedIn):
    client = signed_in(agent)
    assert "Nothing here" in client.get("/nothing/").content.decode()
    refused = client.get(reverse("insights"))
    assert refused.status_code == 403 and "somebody else" in refused.content.decode()


def test_a_broken_page_still_answers(agent: User, signed_in: SignedIn, monkeypatch):
    monkeypatch.setattr("tickets.queues.load", lambda *_: 1 / 0)
    client = signed_in(agent)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500 and "It was not you" in answer.content.decode()


@pytest.mark.django_db
def test_health(client: Client, monkeypatch):
    answer = client.get(reverse("healthz"))
    assert (answer.status_code, answer.json()) == (200, {"database": "ok"})

    def down() -> None:
        raise DatabaseError

    monkeypatch.setattr("tickets.views.health.connection.cursor", down)
    assert client.get(reverse("healthz")).status_code == 503


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_needs_what_the_policy_forbids(template: Path):
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=|<style|\son\w+\s*=|<script(?![^>]*\ssrc=)|https?://|\|safe", text)


def test_the_policy_allows_only_our_own(agent: User, signed_in: SignedIn):
    policy = signed_in(agent).get("/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "script-src 'self'" in policy and "style-src 'self'" in policy


def test_every_string_has_its_french():
    text = (Path(settings.BASE_DIR) / "tickets/locale/fr/LC_MESSAGES/django.po").read_text(encoding="utf-8")
    assert "#, fuzzy" not in text
    assert not re.search(r'^msgstr(?:\[\d\])? ""\n(?!")', text.split("\n\n", 1)[1], re.MULTILINE)
