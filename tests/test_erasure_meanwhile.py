"""An erasure while a webhook call of the same requester is being worked through: neither blocks the other for good, and
nothing of what was there remains."""

import json
import threading
import time

import pytest
from django.db import connection, transaction
from django.utils import timezone

from tests.sending import payload
from tickets import deliveries
from tickets.erasure import runs
from tickets.models import Delivery, Helpdesk, Message, Ticket

pytestmark = pytest.mark.django_db(transaction=True)
MAIL = "camille@roche.example"


@pytest.fixture
def desk():
    return Helpdesk.objects.create(slug="desk", name="Desk", dialect="standard", webhook_secret="s" * 12)


def call(desk, message, ticket="1"):
    event = payload(ticket=ticket, message=message, body=f"Message {message}")
    event["data"]["ticket"]["requester"] = {"name": "Camille Roche", "email": MAIL}
    return Delivery.objects.create(helpdesk=desk, external_id=message, body=json.dumps(event).encode())


class Aside(threading.Thread):
    """Runs with a database connection of its own."""

    def __init__(self, work):
        super().__init__(daemon=True)
        self.work, self.error = work, None

    def run(self):
        try:
            self.work()
        except Exception as error:
            self.error = error
        finally:
            connection.close()

    def end(self):
        self.join(20)
        assert not self.is_alive() and self.error is None, self.error


@pytest.mark.parametrize("known", [True, False])
def test_a_call_that_is_being_worked_through_leaves_nothing(desk, known):
    if known:
        deliveries.process(call(desk, "0").pk)
    being, reached, go_on = call(desk, "1"), threading.Event(), threading.Event()

    def worker():
        with transaction.atomic():
            deliveries._process(being.pk)
            reached.set()
            go_on.wait(20)

    erasure = runs.ask(MAIL, actor="system")
    working = Aside(worker)
    working.start()
    assert reached.wait(20)
    erasing = Aside(lambda: runs.work(erasure.pk))
    erasing.start()
    time.sleep(0.5)
    assert erasing.is_alive(), "it waits for the worker"
    go_on.set()
    working.end()
    erasing.end()
    assert not Ticket.objects.exists() and not Message.objects.exists()
    assert not Delivery.objects.exclude(body=b"").exists()


def test_a_call_that_waits_for_the_ticket_is_taken_in_anew(desk, monkeypatch):
    """It arrived afterwards: its worker finds the ticket, waits for it, and finds it gone."""
    deliveries.process(call(desk, "0").pk)
    erasure = runs.ask(MAIL, actor="system")
    later = call(desk, "1")
    Delivery.objects.filter(pk=later.pk).update(received_at=timezone.now())
    held, go_on = threading.Event(), threading.Event()
    from tickets.erasure import rows

    real = rows.counted.add

    def slowly(drafts):
        held.set()
        go_on.wait(20)
        return real(drafts)

    monkeypatch.setattr(rows.counted, "add", slowly)
    erasing = Aside(lambda: runs.work(erasure.pk))
    erasing.start()
    assert held.wait(20)
    working = Aside(lambda: deliveries.process(later.pk))
    working.start()
    time.sleep(0.5)
    go_on.set()
    erasing.end()
    working.end()
    later.refresh_from_db()
    assert later.state == "received" and bytes(later.body) and not Ticket.objects.exists()
    deliveries.process(later.pk)  # as the sweep has it
    assert Ticket.objects.get().messages.get().body == "Message 1"
