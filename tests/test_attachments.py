"""Files of messages: named in a call, fetched from the helpdesk's own host alone, kept sealed, handed out safely."""

import json
from datetime import timedelta

import httpx
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests.attaching import arrive, deliver, inline, work_through
from tests.sending import SECRET, listening, zammad_headers
from tickets import attachments, deliveries, fetches, reading, sweep, tasks
from tickets.helpdesks import downloading
from tickets.models import Attachment, AttachmentContent, Delivery, Helpdesk, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

NOTE = b"The order number is CY-220174."


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    """No worker is woken: the test is the worker."""
    calls = []
    names = "process_delivery draft_pending fetch_attachment read_attachment summarise_pending"
    for task in (getattr(tasks, name) for name in names.split()):
        monkeypatch.setattr(task, "apply_async", lambda args=(), task=task, **_: calls.append((task.name, *args)))
    return calls


@pytest.fixture
def desk(db):
    return Helpdesk.objects.create(slug="desk", name="Desk", dialect="standard", webhook_secret=SECRET)


class Files:
    """A helpdesk that hands out files; keeps what it was asked with."""

    def __init__(self, *answers):
        self.answers = list(answers)  # (status, headers, body), the last one again and again
        self.asked = []

    def __call__(self, environ, start):
        self.asked.append((environ["PATH_INFO"], environ.get("HTTP_AUTHORIZATION", "")))
        status, headers, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        start(status, [*headers.items()])
        return body if isinstance(body, list) else [body]


@pytest.fixture
def fetched(client, desk):
    """What becomes of a file that a helpdesk gives these answers for."""

    def fetch(*answers, path="/files/1", host=""):
        files = Files(*answers)
        with listening(files) as address:
            Helpdesk.objects.update(api_url=f"{address}/replies", api_token="t0ken")
            file = {"name": "note.txt", "content_type": "text/plain", "url": f"{host or address}{path}"}
            deliver(client, "See the note.", file)
            fetches.fetch(Attachment.objects.get().pk)
        return Attachment.objects.get(), files

    return fetch


def test_a_file_in_the_call_is_kept_and_read(client, desk, woken, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        deliver(client, "See the note.", inline("note.txt", NOTE, "text/plain"))
    attachment = Attachment.objects.get()
    assert (attachment.name, attachment.state, attachment.size) == ("note.txt", "kept", len(NOTE))
    assert ("tickets.tasks.read_attachment", attachment.pk) in woken
    work_through()
    attachment.refresh_from_db()
    assert (attachment.state, attachment.kind, attachment.problem) == ("read", "text", "")
    assert attachment.content.read["pages"] == [[1, NOTE.decode(), "text"]]


def test_nothing_of_a_file_stands_readable_in_the_database(client, desk):
    arrive(client, "See the note.", inline("note.txt", NOTE, "text/plain"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT data, reading FROM tickets_attachmentcontent")
        data, words = cursor.fetchone()
    assert NOTE not in bytes(data) and "CY-220174" not in words
    assert bytes(AttachmentContent.objects.get().data) == NOTE


def test_the_same_message_twice_is_one_file(client, desk):
    deliver(client, "See the note.", inline("note.txt", NOTE, "text/plain"))
    delivery = Delivery.objects.get()
    Delivery.objects.create(helpdesk=desk, external_id="again", body=bytes(delivery.body))
    deliveries.process(Delivery.objects.get(external_id="again").pk)
    assert Attachment.objects.count() == 1


def test_a_file_that_goes_with_its_ticket(client, desk):
    ticket = arrive(client, "See the note.", inline("note.txt", NOTE, "text/plain"))
    ticket.delete()
    assert not Attachment.objects.exists() and not AttachmentContent.objects.exists()


def test_a_file_at_the_helpdesk_is_fetched_with_its_token(fetched):
    attachment, files = fetched(("200 OK", {}, NOTE))
    assert files.asked == [("/files/1", "Bearer t0ken")]
    assert (attachment.state, attachment.size) == ("kept", len(NOTE))
    reading.read(attachment.pk)
    assert Attachment.objects.get().state == "read"


def test_zammads_files_are_fetched_by_their_ids(client, db):
    files = Files(("200 OK", {}, NOTE))
    with listening(files) as address:
        Helpdesk.objects.create(
            slug="zammad", name="Zammad", dialect="zammad", webhook_secret="token", api_url=address, api_token="t"
        )
        article = {
            "id": 104, "sender": "Customer", "body": "", "content_type": "text/plain",
            "created_at": "2026-03-03T10:00:00Z",
            "attachments": [
                {"id": 7, "filename": "note.txt", "size": "30", "preferences": {"Content-Type": "text/plain"}},
                {"id": "../../users", "filename": "evil.txt", "size": "1"},
            ],
        }  # fmt: skip
        body = {"ticket": {"id": 81, "number": "81", "title": "Order"}, "article": article}
        headers = zammad_headers(json.dumps(body).encode())
        ticket = deliver(client, "", content=body, headers=headers, slug="zammad")
        work_through()
    assert files.asked == [("/api/v1/ticket_attachment/81/104/7", "Token token=t")]
    states = {one.name: (one.state, one.problem) for one in Attachment.objects.filter(message__ticket=ticket)}
    assert states == {"note.txt": ("read", ""), "evil.txt": ("failed", "missing")}


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("http://169.254.169.254", "/latest/meta-data"), ("http://127.0.0.1:1", "/x"), ("https://example.com", "/x"),
        ("file://", "/etc/passwd"), ("http://[", "/x"), ("gopher://x", "/"),
    ],
)  # fmt: skip
def test_no_other_host_is_ever_asked(fetched, monkeypatch, host, path):
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", None)  # whoever asks anything fails
    attachment, _ = fetched(("200 OK", {}, NOTE), host=host, path=path)
    assert (attachment.state, attachment.problem) == ("failed", "elsewhere")


def test_a_redirect_is_not_followed(fetched):
    attachment, files = fetched(("302 Found", {"Location": "http://169.254.169.254/"}, b""))
    assert (attachment.state, attachment.problem, len(files.asked)) == ("failed", "redirected", 1)


@pytest.mark.parametrize("headers", [{}, {"Content-Length": "999999999"}])
def test_a_file_that_is_too_large_is_not_read_to_its_end(fetched, settings, headers):
    settings.ATTACHMENT_MB = 0.1
    sent = []

    def endless():
        while len(sent) < 1000:
            sent.append(1)
            yield b"x" * 100_000

    attachment, _ = fetched(("200 OK", headers, [*endless()] if headers else Stream(endless())))
    assert (attachment.state, attachment.problem) == ("failed", "too-large")
    assert not AttachmentContent.objects.exists()


class Stream(list[bytes]):
    """A body that is made while it is read."""

    def __init__(self, pieces):
        self.pieces = pieces

    def __iter__(self):
        return self.pieces


def test_a_packed_answer_is_refused(fetched):
    attachment, _ = fetched(("200 OK", {"Content-Encoding": "gzip"}, b"\x1f\x8b"))
    assert attachment.problem == "packed"


def test_a_slow_answer_is_given_up(fetched, monkeypatch):
    monkeypatch.setattr(downloading, "SECONDS", -1.0)
    attachment, _ = fetched(("200 OK", {}, NOTE))
    assert (attachment.state, attachment.attempts) == ("waiting", 1)


@pytest.mark.parametrize(("status", "waits"), [("503 Away", True), ("429 Slow", True), ("404 Gone", False)])
def test_what_may_pass_is_tried_again_later(fetched, status, waits):
    attachment, _ = fetched((status, {}, b""))
    assert (attachment.state == "waiting") == waits
    assert (attachment.not_before > timezone.now()) == waits
    assert attachment.problem == ("" if waits else "missing")


def test_five_attempts_and_no_more(client, desk, agent, signed_in):
    Helpdesk.objects.update(api_url="http://127.0.0.1:1/replies")
    ticket = deliver(client, "See it.", {"name": "x.pdf", "url": "http://127.0.0.1:1/x"})
    for _ in range(7):
        Attachment.objects.update(not_before=timezone.now())
        fetches.fetch(Attachment.objects.get().pk)
    attachment = Attachment.objects.get()
    assert (attachment.state, attachment.problem, attachment.attempts) == ("failed", "unreachable", 5)
    page = signed_in(agent).get(reverse("ticket", args=[ticket.pk])).content.decode()
    assert "The helpdesk did not answer." in page and "Try again" in page
    signed_in(agent).post(reverse("attachment_again", args=[attachment.pk]))
    assert Attachment.objects.get().state == "waiting"


def test_without_an_address_a_file_says_so(client, desk):
    deliver(client, "See it.", {"name": "x.pdf", "url": "https://files.example/x"})
    assert Attachment.objects.get().problem == "no-address"


def test_many_and_heavy_files_are_named_only(client, desk, settings):
    settings.ATTACHMENT_MB = 0.1
    heavy = [inline(f"{n}.txt", b"x" * 90_000, "text/plain") for n in range(5)]
    deliver(client, "Here.", *heavy, inline("big.txt", b"x" * 110_000, "text/plain"), *[inline("s.txt", b"x")] * 20)
    problems = [one.problem for one in Attachment.objects.order_by("position")]
    assert problems[:6] == ["", "", "", "too-large", "too-large", "too-large"]  # together three times the limit
    assert set(problems[6:20]) == {""} and set(problems[20:]) == {"too-many"}


def test_files_that_nobody_was_woken_for_are_found_by_the_sweep(
    client, desk, woken, django_capture_on_commit_callbacks
):
    deliver(client, "See it.", inline("note.txt", NOTE, "text/plain"))
    Attachment.objects.update(not_before=timezone.now() - timedelta(minutes=1))
    woken.clear()
    with django_capture_on_commit_callbacks(execute=True):
        sweep.sweep()
    assert ("tickets.tasks.read_attachment", Attachment.objects.get().pk) in woken


def test_what_a_dead_worker_was_fetching_is_fetched_again(client, desk):
    deliver(client, "See it.", inline("note.txt", NOTE, "text/plain"))
    long_ago = timezone.now() - timedelta(hours=1)
    Attachment.objects.update(state="fetching", attempts=1, claimed_at=long_ago)
    attachments.release_abandoned()
    assert Attachment.objects.get().state == "waiting"


def test_whoever_comes_back_too_late_changes_nothing(client, desk, monkeypatch):
    ticket = deliver(client, "See it.", inline("note.txt", NOTE, "text/plain"))
    real = reading.apart.read

    def overtaken(*arguments):
        Attachment.objects.update(attempts=2)  # the sweep gave it to another worker
        return real(*arguments)

    monkeypatch.setattr(reading.apart, "read", overtaken)
    reading.read(Attachment.objects.get().pk)
    assert Attachment.objects.get().state == "reading" and not ticket.field_values.exists()


@pytest.mark.parametrize("name", ["../../etc/passwd", 'a"b\r\nX-Evil: 1.html', "facture été.pdf", "", "\u202egnp.exe"])
def test_a_download_is_saved_and_never_shown(client, desk, agent, signed_in, name):
    arrive(client, "See it.", inline(name, b"<script>alert(1)</script>", "text/html"))
    answer = signed_in(agent).get(reverse("attachment", args=[Attachment.objects.get().pk]))
    disposition = answer.headers["Content-Disposition"]
    assert answer.content == b"<script>alert(1)</script>"
    assert disposition.startswith("attachment") and "/" not in disposition.partition("''")[0]
    assert (answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]) == (
        "application/octet-stream", "nosniff",
    )  # fmt: skip
    assert "X-Evil" not in answer.headers and "sandbox" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_somebody_elses_file_does_not_exist(client, desk, team, outsider, agent, signed_in):
    arrive(client, "See it.", inline("note.txt", NOTE, "text/plain"))
    Ticket.objects.update(team=team, triage="sure")
    address = reverse("attachment", args=[Attachment.objects.get().pk])
    assert signed_in(agent).get(address).status_code == 200
    assert signed_in(outsider).get(address).status_code == 404
    assert signed_in(outsider).post(reverse("attachment_again", args=[Attachment.objects.get().pk])).status_code == 404


def test_a_larger_call_than_before_is_taken(client, desk, settings):
    assert settings.WEBHOOK_MAX_BYTES >= 4 * 2**20
    deliver(client, "See it.", inline("log.txt", b"2026 all is well\n" * 150_000, "text/plain"))
    assert Attachment.objects.get().size == 17 * 150_000
