"""One ticket from webhook to posted reply, in headless Chromium, on the real processes."""

import time

import pytest
from playwright.sync_api import expect

from demo.helpdesk import SampleHelpdesk
from demo.world import PASSWORD
from tests.chromium import chromium_page
from tests.house import running_house
from tests.sending import listening

pytestmark = [pytest.mark.browser, pytest.mark.integration, pytest.mark.timeout(240)]

DELIVER = """
import sys, django; django.setup()
from demo.incoming import SAMPLES, read_tickets
from demo.deliver import deliver_all
from tickets.models import Helpdesk
tickets = [t for t in read_tickets(SAMPLES / "incoming.jsonl") if t["id"] in sys.argv[2:]]
deliver_all(sys.argv[1], Helpdesk.objects.all(), tickets)
"""


@pytest.fixture(scope="module")
def received(tmp_path_factory):
    return SampleHelpdesk(tmp_path_factory.mktemp("helpdesk") / "received.jsonl")


@pytest.fixture(scope="module")
def house(tmp_path_factory, received, sample_world):
    folder = tmp_path_factory.mktemp("house")
    with listening(received) as address, running_house(folder, "browser", address, sample_world) as house:
        yield house


@pytest.fixture
def complaints():
    return []


@pytest.fixture
def page(house, complaints):
    with chromium_page(complaints, base_url=house.address) as page:
        yield page


def sign_in(page, name="alex"):
    page.goto("/login/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#work")


def test_a_ticket_from_webhook_to_posted_reply_without_a_mouse_or_a_reload(page, house, received, complaints):
    sign_in(page)
    house.run("-c", DELIVER, house.address, "cy-006", "cy-014")
    page.goto("/?view=all")
    expect(page.locator(".item")).to_have_count(2, timeout=20_000)
    page.evaluate("window.here = true")  # a reload would forget it
    page.locator(".item", has_text="Motor not").click()
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
    assert complaints == []


def test_undo_edit_and_reject_by_keyboard(page, house, received, complaints):
    sign_in(page)
    house.run("-c", DELIVER, house.address, "cy-009")
    about_care = (
        "SELECT d.state FROM tickets_draft d JOIN tickets_ticket t ON t.id = d.ticket_id WHERE external_id = 'cy-009'"
    )
    assert house.wait(about_care, [("ready",)], 40) == [("ready",)]
    page.goto("/?view=all")
    page.locator(".item", has_text="Stopping my Care plan").click()
    expect(page.locator("#draft .reply")).to_contain_text("Hello Ottoline")
    page.keyboard.press("a")
    expect(page.locator(".toast", has_text="Undo")).to_be_visible()
    page.keyboard.press("u")
    # Approving had moved on to the next ticket; undoing comes back to this one.
    expect(page.locator(".talk h1")).to_have_text("Stopping my Care plan", timeout=10_000)
    expect(page.locator("button[data-key=a]")).to_be_visible()

    page.keyboard.press("e")
    page.fill("#id_text", "Hello Ottoline,\n\nplease send us a photo.")
    page.keyboard.press("Escape")
    expect(page.locator("#reply")).to_be_visible()

    page.keyboard.press("r")
    page.locator("input[name=reason][value=incomplete]").check()
    page.fill("#id_note", "the fee is missing")
    page.keyboard.press("Control+Enter")
    rejections = "SELECT outcome, reason FROM tickets_review WHERE outcome = 'rejected'"
    assert house.wait(rejections, [("rejected", "incomplete")], 10) == [("rejected", "incomplete")]
    assert not any("photo" in reply["body"] for reply in received.replies()) and complaints == []


def test_a_file_is_read_and_a_field_corrected_on_the_keyboard(page, house, complaints):
    sign_in(page)
    house.run("-c", DELIVER, house.address, "cy-017")
    page.goto("/?view=all")
    page.locator(".item", has_text="Facture au nom").click()
    # The page asks by itself until the file has been read.
    expect(page.locator("#field-invoice_number .value")).to_have_text("F-2026-00417", timeout=60_000)
    expect(page.locator("#field-iban .value")).to_have_text("FR14 2004 1010 0505 0001 3M02 606")
    page.locator("[data-l=f-iban]").focus()
    expect(page.locator("[data-w=f-iban].on")).to_be_visible()
    expect(page.locator(".files .busy")).to_have_count(0)

    page.keyboard.press("f")
    assert page.evaluate("document.activeElement.id") == "value-order_number"
    page.keyboard.press("Escape")
    expect(page.locator("#value-order_number")).to_be_hidden()
    page.keyboard.press("f")
    page.keyboard.type("CY-111111")
    page.keyboard.press("Enter")
    expect(page.locator("#field-order_number .value")).to_have_text("CY-111111")
    expect(page.locator("#live")).to_have_text("Order number corrected.")
    assert page.evaluate("document.activeElement.closest('.field')?.id") == "field-order_number"
    page.locator("[data-field=order_number]").get_by_role("button", name="Undo").press("Enter")
    expect(page.locator("#field-order_number .value")).to_have_text("CY-221377")

    with page.expect_download() as download:
        page.get_by_role("link", name="facture-F-2026-00417.pdf").click()
    assert download.value.suggested_filename == "facture-F-2026-00417.pdf"
    assert complaints == []
