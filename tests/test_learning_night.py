"""An agent corrects an intent in Chromium; the next night's model has learned it, and the page says why."""

import pytest
from playwright.sync_api import expect

from demo.helpdesk import SampleHelpdesk
from demo.world import PASSWORD
from tests.chromium import chromium_page
from tests.house import running_house
from tests.sending import listening
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.integration, pytest.mark.timeout(240)]

SAID = "We would like to lease {n} folding bikes for our nurses over three years. Do you have an offer for employers?"
DELIVER = """
import sys, django; django.setup()
from demo.deliver import deliver_all
from tickets.models import Helpdesk
ticket = {"id": sys.argv[2], "subject": sys.argv[3], "body": sys.argv[4], "lang": "en"}
deliver_all(sys.argv[1], Helpdesk.objects.all(), [ticket])
"""
# Four intents of the sample world and no articles: what is waited for is what this file is about.
MAKE = """
import json, tempfile, pathlib
import django; django.setup()
from demo import world
from tickets import labelling, versions
rows = [json.loads(line) for line in (world.SAMPLES / "past_tickets.jsonl").read_text().splitlines()]
intents = sorted({row["intent"] for row in rows})[:4]
with tempfile.TemporaryDirectory() as folder:
    few = pathlib.Path(folder, "few.jsonl")
    few.write_text("".join(json.dumps(row) + "\\n" for row in rows if row["intent"] in intents))
    labelling.import_rows(few)
versions.retrain(); world.people(); world.helpdesks(9)
"""
INTENT = "SELECT intent FROM tickets_ticket WHERE external_id = '{}'"


@pytest.fixture
def few_rows(tmp_path_factory, django_db_blocker):
    with World(django_db_blocker, "few", MAKE).making(tmp_path_factory.mktemp("few")) as made:
        yield made


@pytest.fixture
def house(tmp_path, few_rows):
    helpdesk = SampleHelpdesk(tmp_path / "received.jsonl")
    # A night comes every two seconds.
    with (
        listening(helpdesk) as address,
        running_house(tmp_path, "night", address, few_rows, SOUFFLEUR_TRIAGE_LEARNS="2") as house,
    ):
        yield house


def sign_in(page, name):
    page.context.clear_cookies()
    page.goto("/login/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#work")


def test_a_correction_in_the_browser_changes_the_next_nights_model(house):
    complaints = []
    house.run("-c", DELIVER, house.address, "lease-1", "Leasing for nurses", SAID.format(n=12))
    triaged = "SELECT 1 FROM tickets_ticket WHERE external_id = 'lease-1' AND intent <> ''"
    assert house.wait(triaged, [(1,)], 60) == [(1,)]
    [(former,)] = house.ask(INTENT.format("lease-1"))
    assert former != "leasing_offer"
    with chromium_page(complaints, base_url=house.address) as page:
        sign_in(page, "alex")
        page.goto("/?view=all")
        page.locator(".item", has_text="Leasing for nurses").click()
        page.wait_for_url("**/tickets/**")  # the desk that was there before would take the words with it
        field = page.locator("#id_intent")
        if not field.is_visible():
            page.keyboard.press("i")
        field.fill("leasing_offer")
        field.press("Enter")
        expect(page.locator("summary", has_text="by a person")).to_be_visible(timeout=30_000)
        learned = "SELECT took_over FROM tickets_trainingrun WHERE state = 'done' ORDER BY id DESC LIMIT 1"
        assert house.wait(learned, [(True,)], 90) == [(True,)], house.ask("SELECT * FROM tickets_trainingrun")

        house.run("-c", DELIVER, house.address, "lease-2", "Leasing for midwives", SAID.format(n=30))
        assert house.wait(INTENT.format("lease-2"), [("leasing_offer",)], 60) == [("leasing_offer",)]

        sign_in(page, "morgan")
        page.goto("/triage/models/")
        newest = page.locator(".model").first
        expect(newest).to_contain_text("It took over")
        expect(newest).to_contain_text("held-out questions: the new one is right in")
        expect(newest).to_contain_text("McNemar")
        expect(newest).to_contain_text("1 new row · 1 by an agent · new intents: leasing_offer")
        assert complaints == []
