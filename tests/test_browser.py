"""One ticket from webhook to posted reply, in headless Chromium, on the real processes."""

import os
import shutil
import time

import pytest

from demo.helpdesk import SampleHelpdesk
from demo.world import PASSWORD
from tests.house import running_house
from tests.sending import listening

pytestmark = [pytest.mark.browser, pytest.mark.integration, pytest.mark.timeout(240)]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DELIVER = """
import sys, django; django.setup()
from demo import world
from demo.deliver import deliver_all
from tickets.models import Helpdesk
tickets = [t for t in world.read_tickets(world.SAMPLES / "incoming.jsonl") if t["id"] in sys.argv[2:]]
deliver_all(sys.argv[1], Helpdesk.objects.all(), tickets)
"""


@pytest.fixture
def received(tmp_path):
    return SampleHelpdesk(tmp_path / "received.jsonl")


@pytest.fixture
def house(tmp_path, received, django_db_blocker):
    with listening(received) as address, running_house(tmp_path, "browser", address, django_db_blocker) as house:
        yield house


@pytest.fixture
def page(house):
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI has no Chromium: .ci/run installs Debian's")
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    # Playwright runs an event loop, in which Django would refuse the ORM; nothing here is asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1440, "height": 900}, base_url=house.address)
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda line: page.errors.append(line.text) if line.type == "error" else None)
        yield page
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def sign_in(page, name="alex"):
    page.goto("/login/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#work")


def test_a_ticket_from_webhook_to_posted_reply_without_a_mouse_or_a_reload(page, house, received):
    from playwright.sync_api import expect

    sign_in(page)
    house.run("-c", DELIVER, house.address, "cy-006", "cy-014")
    page.goto("/?view=all")
    expect(page.locator(".item")).to_have_count(2, timeout=20_000)
    page.evaluate("window.here = true")  # a reload would forget it
    page.locator(".item", has_text="E11").click()
    expect(page.locator("#draft .reply")).to_contain_text("Hello Desmond", timeout=30_000)

    fact = page.locator("#reply .s").first
    fact.hover()
    lit = page.locator(".card mark.on").first
    expect(lit).to_be_visible()
    assert lit.inner_text().strip()[:40] in fact.inner_text()

    text = page.locator("#reply").inner_text()
    assert "[PERSON" not in text
    page.keyboard.press("a")
    expect(page.locator(".toast", has_text="Sent to")).to_be_visible()
    assert page.evaluate("window.here") is True
    deadline = time.monotonic() + 40
    while not list(received.replies()) and time.monotonic() < deadline:
        page.wait_for_timeout(500)
    [reply] = received.replies()
    assert reply["body"].startswith("Hello Desmond,") and reply["body"].endswith("Alex Moreau")
    assert page.errors == []


def test_undo_edit_and_reject_by_keyboard(page, house, received):
    from playwright.sync_api import expect

    sign_in(page)
    house.run("-c", DELIVER, house.address, "cy-006")
    house.wait("SELECT count(*) FROM tickets_draft WHERE state = 'ready'", [(1,)], 40)
    page.goto("/?view=all")
    page.locator(".item").first.click()
    expect(page.locator("#reply")).to_be_visible()
    page.keyboard.press("a")
    expect(page.locator(".toast", has_text="Undo")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator("button[data-key=a]")).to_be_visible(timeout=10_000)

    page.keyboard.press("e")
    page.fill("#id_text", "Hello Desmond,\n\nplease send us a photo.")
    page.keyboard.press("Escape")
    expect(page.locator("#reply")).to_be_visible()

    page.keyboard.press("r")
    page.locator("input[name=reason][value=incomplete]").check()
    page.fill("#id_note", "the E11 page is missing")
    page.keyboard.press("Control+Enter")
    house.wait("SELECT outcome, reason FROM tickets_review", [("rejected", "incomplete")], 10)
    assert house.ask("SELECT outcome, reason FROM tickets_review") == [("rejected", "incomplete")]
    assert list(received.replies()) == [] and page.errors == []
