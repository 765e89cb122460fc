"""Settings: loud about what cannot be read, and a made secret is made once."""

import os
import stat
import subprocess
import sys

import pytest
from django.conf import settings

from copilot import env


def test_a_boolean_that_is_neither_stops_the_start(monkeypatch):
    monkeypatch.setenv("X", "perhaps")
    with pytest.raises(env.BadSetting, match="X='perhaps'"):
        env.boolean("X", default=True)
    monkeypatch.setenv("X", "Yes")
    assert env.boolean("X", default=False) is True
    monkeypatch.setenv("X", "")
    assert env.boolean("X", default=True) is True


@pytest.mark.parametrize(("value", "match"), [("ten", "not a number"), ("-1", "below 0")])
def test_a_number_that_is_none_or_too_small_stops_the_start(monkeypatch, value, match):
    monkeypatch.setenv("X", value)
    with pytest.raises(env.BadSetting, match=match):
        env.number("X", 3)


def test_a_value_may_come_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("from the file\n")
    monkeypatch.setenv("X", "from the environment")
    monkeypatch.setenv("X_FILE", str(tmp_path / "secret"))
    assert env.text("X") == "from the file"
    monkeypatch.setenv("X_FILE", str(tmp_path / "none"))
    with pytest.raises(env.BadSetting, match="X_FILE"):
        env.text("X")


def load(data, **environment):
    """The made secrets of a fresh process, or what it said when it could not start."""
    code = "from copilot import settings as s; print(s.SECRET_KEY, s.ENCRYPTION_KEYS)"
    environment = {
        **os.environ, "SOUFFLEUR_DATA": str(data), "DATABASE_URL": "postgres://none", "REDIS_URL": "redis://none",
        **environment,
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def test_made_secrets_are_the_same_at_every_start_and_readable_by_their_owner_only(tmp_path):
    assert load(tmp_path).stdout == load(tmp_path).stdout != ""
    for secret in (tmp_path / "secrets").iterdir():
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600


def test_a_key_that_is_no_key_stops_the_start_without_being_printed(tmp_path):
    said = load(tmp_path, SOUFFLEUR_ENCRYPTION_KEYS="not-a-key")
    assert said.returncode and "must be Fernet keys" in said.stderr and "not-a-key" not in said.stderr
