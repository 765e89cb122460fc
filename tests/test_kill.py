"""Kill -9 anything in the middle of the sample tickets: nothing is lost, nothing is sent twice.

Real processes, a database and a Redis of their own; the killed ones are started again, as any supervisor would.
"""

import threading
import time

import psycopg
import pytest

from demo.helpdesk import SampleHelpdesk
from tests.house import running_house
from tests.sending import listening

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]

DELIVER = """
import sys, time, django; django.setup()
import httpx
from demo.incoming import SAMPLES, read_tickets
from demo.deliver import message
from tickets.models import Helpdesk
helpdesks = {h.dialect: h for h in Helpdesk.objects.all()}
for ticket in read_tickets(SAMPLES / "incoming.jsonl"):
    if sys.argv[2:] and ticket["id"] not in sys.argv[2:]:
        continue
    helpdesk = helpdesks[ticket["helpdesk"]]
    body, headers = message(helpdesk, ticket)
    while True:  # a helpdesk repeats a call that was not answered
        try:
            if httpx.post(f"{sys.argv[1]}/webhooks/{helpdesk.slug}/", content=body, headers=headers).is_success:
                break
        except httpx.HTTPError:
            time.sleep(0.3)
    time.sleep(0.15)
"""
APPROVE = """
import django; django.setup()
from tickets import review
from tickets.models import Draft, User
from tickets.rendering import plain_text
review.UNDO_SECONDS = 1
for draft in Draft.objects.filter(state="ready").order_by("pk")[:6]:
    review.approve(draft, User.objects.get(username="alex"), plain_text(draft), seconds=5)
"""


class Slow:
    """The sample helpdesk, which answers a second after it has kept a reply: time to die in."""

    def __init__(self, helpdesk):
        self.helpdesk = helpdesk

    def __call__(self, environ, start):
        result = self.helpdesk(environ, start)
        if environ["REQUEST_METHOD"] == "POST":
            time.sleep(1)
        return result


@pytest.fixture
def received(tmp_path):
    return SampleHelpdesk(tmp_path / "received.jsonl")


@pytest.fixture
def house(tmp_path, received, sample_world):
    with listening(Slow(received)) as address, running_house(tmp_path, "kill", address, sample_world) as house:
        yield house


def count(sql):
    return f"SELECT count(*) FROM {sql}"


def test_every_ticket_has_one_draft_and_every_approved_reply_one_post_after_kill_9(house, received):
    delivering = threading.Thread(target=house.run, args=("-c", DELIVER, house.address))
    delivering.start()
    house.wait("SELECT count(*) >= 4 FROM tickets_delivery", [(True,)], 20)
    house.kill("web")
    house.kill("default")
    house.wait("SELECT 1 FROM tickets_draft WHERE state = 'working' LIMIT 1", [(1,)], 20)
    house.kill("inference")
    house.kill_redis()
    delivering.join()
    house.kill("beat")

    open_states = "('ready', 'abstained')"
    assert house.wait(f"{count('tickets_draft')} WHERE state IN {open_states}", [(22,)], 90) == [(22,)]
    assert house.ask(count("tickets_ticket")) == [(22,)]
    assert house.ask(count("tickets_draft")) == [(22,)]
    assert house.ask("SELECT count(*) FROM (SELECT ticket_id FROM tickets_draft GROUP BY 1 HAVING count(*) > 1) x") == [
        (0,)
    ]

    house.run("-c", APPROVE)
    house.wait("SELECT 1 FROM tickets_reply WHERE state = 'sending' LIMIT 1", [(1,)], 20)
    time.sleep(0.4)  # the reply is at the helpdesk, which has not answered yet
    house.kill("default")
    house.kill_redis()
    assert house.wait(f"{count('tickets_reply')} WHERE state = 'sent'", [(6,)], 60) == [(6,)]
    bodies = [each["body"] for each in received.replies()]
    assert sorted(bodies) == sorted(body for (body,) in house.ask("SELECT body FROM tickets_reply"))
    assert house.ask("SELECT max(attempts) >= 2 FROM tickets_reply") == [(True,)]  # the kill did hit a sending
    logs = "\n".join(path.read_text() for path in house.children.folder.glob("*.log"))
    assert "tickets.tasks" in logs
    requesters = house.ask("SELECT requester_email, requester_name FROM tickets_ticket")
    assert not [word for row in requesters for word in row if word and word in logs]  # no log names a customer


def test_a_draft_whose_worker_was_killed_in_the_middle_is_written_once_by_the_next_one(house):
    with psycopg.connect(house.url) as database:
        # The worker has begun the draft and cannot search the articles: it stays in the middle until it is killed.
        database.execute("LOCK TABLE knowledge_posting IN ACCESS EXCLUSIVE MODE")
        house.run("-c", DELIVER, house.address, "cy-009")
        begun = "SELECT state, attempts, sentences::text FROM tickets_draft"
        assert house.wait(begun, [("working", 1, "[]")], 40) == [("working", 1, "[]")]
        house.kill("inference")
        assert house.ask(begun) == [("working", 1, "[]")]
    assert house.wait("SELECT state, attempts FROM tickets_draft", [("ready", 2)], 60) == [("ready", 2)]
    cited = "tickets_draft, jsonb_array_elements(sentences) s, jsonb_array_elements(s->'cites')"
    assert house.ask(count("tickets_citation")) == house.ask(count(cited)) != [(0,)]
    assert house.ask("SELECT name FROM tickets_worker") != []
