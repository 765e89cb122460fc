"""Administrators add sources, see how each is, and look again; nobody else does."""

from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from knowledge import runs, syncing
from knowledge.models import Source, SyncRun
from knowledge.syncing import work
from tests.fakes import FakeEmbedder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr(syncing, "embedder", FakeEmbedder)
    with patch("tickets.views.sources.wake") as wake:
        yield wake


@pytest.fixture
def admin(signed_in, administrator):
    return signed_in(administrator)


@pytest.fixture
def folder(tmp_path, settings):
    settings.KNOWLEDGE_ROOTS = [tmp_path]
    (tmp_path / "kb").mkdir()
    (tmp_path / "kb" / "refund.md").write_text("# Refunds\n\nWe refund within ten days.")
    return tmp_path / "kb"


def add(admin, kind, **fields):
    return admin.post(reverse("new_source", args=[kind]), {"every_hours": 24, **fields})


def test_a_source_is_added_looked_at_and_shown(admin, folder, quiet):
    assert "No source yet" in admin.get(reverse("sources")).content.decode()
    assert add(admin, "folder", name="Help", location=str(folder)).status_code == 302
    assert quiet.called
    page = admin.get(reverse("sources")).content.decode()
    assert "waiting…" in page and 'hx-trigger="every 2s"' in page
    work(SyncRun.objects.get().pk)
    page = admin.get(reverse("sources"), headers={"HX-Request": "true"}).content.decode()
    assert "in step" in page and "1 article" in page and "hx-trigger" not in page


def test_a_folder_outside_the_allowed_ones_is_refused(admin, folder):
    for location in ("/etc", str(folder.parent / ".." / "x"), ""):
        answer = add(admin, "folder", name="Etc", location=location)
        assert answer.status_code == 422 and not Source.objects.exists()


@pytest.mark.parametrize(
    ("kind", "fields", "error"),
    [
        ("website", {"name": "S", "location": "file:///etc"}, "Give an address"),
        ("website", {"name": "", "location": "https://a.example/"}, "required"),
        ("zendesk", {"name": "S"}, "Give an address"),
    ],
)
def test_what_cannot_be_a_source_says_why(admin, kind, fields, error):
    answer = add(admin, kind, **fields)
    assert answer.status_code == 422 and error in answer.content.decode()


def test_two_sources_have_two_names(admin, folder):
    Source.objects.create(name="Help")
    assert "Another source has this name" in add(admin, "folder", name="Help", location=str(folder)).content.decode()


def test_a_spreadsheet_is_uploaded_and_read(admin):
    file = SimpleUploadedFile("faq.csv", b"question,answer\nWho pays for the return?,We do.")
    assert add(admin, "spreadsheet", name="FAQ", upload=file).status_code == 302
    run = SyncRun.objects.get()
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.changed) == ("done", 1)
    assert add(admin, "spreadsheet", name="FAQ 2").status_code == 422


def test_a_token_is_kept_sealed_and_never_shown(admin):
    add(admin, "zendesk", name="Z", location="https://z.zendesk.com", user="a@b.example", token="s3cret")
    source = Source.objects.get()
    assert source.token == "s3cret" and source.options == {"user": "a@b.example"}
    address = reverse("source", args=[source.pk])
    assert "s3cret" not in admin.get(address).content.decode()
    admin.post(address, {"name": "Z", "location": "https://z.zendesk.com", "user": "a@b.example", "every_hours": 6})
    source.refresh_from_db()
    assert (source.token, source.every_hours) == ("s3cret", 6)


def test_what_could_not_be_read_is_listed(admin, folder):
    (folder / "bad.pdf").write_bytes(b"%PDF")
    add(admin, "folder", name="Help", location=str(folder))
    work(SyncRun.objects.get().pk)
    assert "1 document could not be read" in admin.get(reverse("sources")).content.decode()
    page = admin.get(reverse("source", args=[Source.objects.get().pk])).content.decode()
    assert "bad.pdf" in page and "is damaged" in page


def test_losing_most_of_a_source_waits_for_a_click(admin, folder):
    for number in range(12):
        (folder / f"{number}.md").write_text(f"# Page {number}\n\nSome text number {number} to be found.")
    source = Source.objects.create(name="Help", location=str(folder))
    work(runs.ask(source).pk)
    for number in range(12):
        (folder / f"{number}.md").unlink()
    work(runs.ask(source).pk)
    assert "12 articles are gone" in admin.get(reverse("sources")).content.decode()
    admin.post(reverse("sync_source", args=[source.pk]), {"remove": "1"})
    work(SyncRun.objects.first().pk)
    assert source.articles.filter(is_deleted=False).count() == 1


def test_a_source_is_switched_off_and_comes_back_with_its_versions(admin, folder):
    add(admin, "folder", name="Help", location=str(folder))
    source = Source.objects.get()
    work(SyncRun.objects.get().pk)
    admin.post(reverse("switch_source", args=[source.pk]))
    assert not source.articles.filter(is_deleted=False).exists()
    admin.post(reverse("sync_source", args=[source.pk]))  # nothing to look at while it is off
    assert SyncRun.objects.count() == 1
    admin.post(reverse("switch_source", args=[source.pk]))
    work(SyncRun.objects.first().pk)
    article = source.articles.get(is_deleted=False)
    assert article.versions.count() == 2


def test_all_sources_are_looked_at_and_one_is_stopped(admin):
    one, two = (Source.objects.create(name=name) for name in ("a", "b"))
    Source.objects.create(name="off", is_active=False)
    admin.post(reverse("sync_all"))
    assert set(SyncRun.objects.values_list("source", flat=True)) == {one.pk, two.pk}
    admin.post(reverse("stop_source", args=[one.pk]))
    assert one.runs.get().state == "stopped"


def test_managers_have_no_sources(signed_in, manager):
    source = Source.objects.create(name="a")
    browser = signed_in(manager)
    assert browser.get(reverse("sources")).status_code == 403
    assert browser.post(reverse("sync_source", args=[source.pk])).status_code == 403


def test_a_draft_whose_article_changed_is_marked_and_can_be_redone(draft, signed_in, agent, passage):
    browser = signed_in(agent)
    address = reverse("ticket", args=[draft.ticket_id])
    assert "has changed since" not in browser.get(address).content.decode()
    passage.current = False
    passage.save()
    page = browser.get(address).content.decode()
    assert "An article that this draft cites has changed since" in page and "article changed" in page
    assert "Redraft from what it says now" in page and "changed since</b>" in page
