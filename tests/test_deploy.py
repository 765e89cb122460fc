"""Behind TLS: Django's own checks are silent, and the proxy's word reaches us through the real web server."""

import os
import re
import socket
import subprocess
import sys
import time

import httpx
import pytest
from django.conf import settings
from django.db import connection

# What only TLS answers: HSTS, the redirect, secure cookies.
TLS_ONLY = {"security.W004", "security.W008", "security.W012", "security.W016"}


def environment(**more: str) -> dict[str, str]:
    base = {
        **os.environ, "DATABASE_URL": "postgres://none", "REDIS_URL": "redis://none",
        "SOUFFLEUR_DATA": str(settings.DATA_DIR),
    }  # fmt: skip
    return {**base, **more}


def warned(**more: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy"],
        env=environment(**more), cwd=settings.BASE_DIR, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "no issues" in done.stdout + done.stderr or "security." in done.stderr, done.stderr
    return set(re.findall(r"security\.W\d+", done.stderr))


@pytest.mark.parametrize("subdomains", ["true", "false"])
def test_behind_tls_there_is_nothing_to_warn_of(subdomains):
    assert warned(SOUFFLEUR_HTTPS="1", SOUFFLEUR_HSTS_SUBDOMAINS=subdomains) == set()


def test_without_it_only_tls_is_missing():
    assert warned() == TLS_ONLY


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SOUFFLEUR_REQUIRE_TOTP", "sometimes", "none of none, administrators, everybody"),
        ("SOUFFLEUR_OIDC_ISSUER", "http://login.example.com", "no https address"),
        ("SOUFFLEUR_OIDC_ISSUER", "https://login.example.com", "needs SOUFFLEUR_OIDC_CLIENT_ID"),
        ("SOUFFLEUR_OIDC_ROLES", "leads=boss", "'leads=boss' is not NAME=VALUE"),
        ("SOUFFLEUR_OIDC_TEAMS", "billing", "'billing' is not NAME=VALUE"),
    ],
)  # fmt: skip
def test_a_setting_that_makes_no_sense_stops_the_start(name, value, said):
    done = subprocess.run(
        [sys.executable, "-c", "from copilot import settings"],
        env=environment(**{name: value}), cwd=settings.BASE_DIR, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0 and said in done.stderr


@pytest.fixture(scope="module")
def address(django_db_setup):
    """The web process behind TLS, on the tests' database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"postgres:///{connection.settings_dict['NAME']}?host={connection.settings_dict['HOST']}"
    if connection.settings_dict["USER"]:
        url += f"&user={connection.settings_dict['USER']}"
    more = {"SOUFFLEUR_HTTPS": "1", "DATABASE_URL": url, "SOUFFLEUR_HOSTS": "desk.example.com,127.0.0.1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "copilot.web", f"127.0.0.1:{port}"], env=environment(**more), cwd=settings.BASE_DIR
    )
    try:
        _until_it_answers(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _until_it_answers(address: str) -> None:
    for _ in range(200):
        try:
            httpx.get(f"{address}/login/", headers={"Host": "desk.example.com"})
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError("the web process does not answer")


PROXY = {"Host": "desk.example.com", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}


def test_plain_http_is_sent_to_https(address):
    answer = httpx.get(f"{address}/login/", headers={"Host": "desk.example.com"})
    assert answer.headers["Location"] == "https://desk.example.com/login/"


def test_what_came_over_tls_is_answered_with_cookies_for_tls_only(address):
    answer = httpx.get(f"{address}/login/", headers=PROXY)
    assert answer.status_code == 200
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-csrftoken=")
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_health_is_asked_without_the_proxy(address):
    assert httpx.get(f"{address}/healthz/").status_code in (200, 503)
