"""An administrator's commands: what they make, and what they refuse."""

import json

import pytest
from django.core.management import CommandError, call_command

from copilot.inference.manifest import ModelUnusable
from knowledge.management.commands import sync_articles
from knowledge.models import Article
from tests.fakes import FakeEmbedder
from tickets.models import Helpdesk, TrainingRow, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def engine(monkeypatch):
    monkeypatch.setattr(sync_articles, "embedder", FakeEmbedder)


def folder(path, name):
    path.mkdir(parents=True)
    (path / f"{name}.md").write_text(f"About {name} and nothing else.")
    return path


def test_two_folders_of_one_name_do_not_remove_each_others_articles(tmp_path):
    call_command("sync_articles", folder(tmp_path / "one" / "articles", "x"))
    with pytest.raises(CommandError, match="--name"):
        call_command("sync_articles", folder(tmp_path / "two" / "articles", "y"))
    call_command("sync_articles", tmp_path / "two" / "articles", "--name", "second")
    assert list(Article.objects.values_list("external_id", "is_deleted")) == [("x.md", False), ("y.md", False)]


def test_an_embedder_that_cannot_be_loaded_is_said_and_changes_nothing(tmp_path, monkeypatch):
    def unusable():
        raise ModelUnusable("it holds no usable embedder")

    monkeypatch.setattr(sync_articles, "embedder", unusable)
    with pytest.raises(CommandError, match="no usable embedder"):
        call_command("sync_articles", folder(tmp_path / "kb", "x"))
    assert not Article.objects.exists()


def test_a_folder_that_is_not_there_keeps_its_name_from_nobody(tmp_path):
    with pytest.raises(CommandError, match="is not a folder"):
        call_command("sync_articles", tmp_path / "slip" / "articles")
    call_command("sync_articles", folder(tmp_path / "articles", "x"))
    assert Article.objects.get().source.location == str(tmp_path / "articles")


def test_a_file_that_is_no_text_is_named_and_stops_nothing(tmp_path, capsys):
    kb = folder(tmp_path / "kb", "good")
    (kb / "bad.md").write_bytes(b"a\0b")
    call_command("sync_articles", kb)
    assert "bad.md: holds NUL" in capsys.readouterr().err
    assert Article.objects.get().external_id == "good.md"


def test_a_helpdesks_secret_is_shown_once_and_sealed(monkeypatch, capsys):
    monkeypatch.setenv("SOUFFLEUR_API_TOKEN", "t0ken")
    call_command("add_helpdesk", "Main Desk", "--dialect", "standard", "--api-url", "https://desk.example.com/replies")
    helpdesk = Helpdesk.objects.get()
    assert helpdesk.slug == "main-desk" and helpdesk.webhook_secret in capsys.readouterr().out
    sealed = Helpdesk.objects.extra(select={"raw": "webhook_secret || api_token"}).values_list("raw", flat=True)[0]
    assert helpdesk.webhook_secret not in sealed and "t0ken" not in sealed
    with pytest.raises(CommandError, match="taken"):
        call_command("add_helpdesk", "main desk", "--dialect", "zammad")


def test_people_need_a_password_that_is_not_a_common_one(monkeypatch):
    monkeypatch.setenv("SOUFFLEUR_PASSWORD", "password")
    with pytest.raises(CommandError, match=r"short|common"):
        call_command("add_user", "robin")
    monkeypatch.setenv("SOUFFLEUR_PASSWORD", "a quiet prompter")
    call_command("add_user", "robin", "--role", "manager", "--team", "Billing", "--name", "Robin Vasseur")
    robin = User.objects.get()
    assert robin.check_password("a quiet prompter") and robin.role == "manager"
    assert [team.name for team in robin.teams.all()] == ["Billing"]


def test_training_rows_are_redacted_and_a_bad_line_is_named(tmp_path):
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps({"subject": "Mail", "body": "me@example.com", "lang": "en", "intent": "a"}) + "\n{}")
    with pytest.raises(CommandError, match="line 2"):
        call_command("train", "triage", "--rows", rows)
    assert not TrainingRow.objects.exists()
    rows.write_text(rows.read_text().splitlines()[0])
    with pytest.raises(CommandError, match="'a'"):
        call_command("train", "triage", "--rows", rows)  # one label teaches nothing
    assert TrainingRow.objects.get().text == "Mail\n[EMAIL_1]"
