"""An agent's day on the keyboard, in a real browser, under the real Content-Security-Policy."""

from collections.abc import Iterator

import pytest
from django.db import connections
from playwright.sync_api import Page

from knowledge import postings
from tests.chromium import chromium_page
from tests.conftest import MakeTicket
from tickets.models import Confirmation, Draft, Review, Ticket, User

pytestmark = [pytest.mark.browser, pytest.mark.integration, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console says: policy violations, script errors."""
    return []


@pytest.fixture
def desk(live_server, draft, make_ticket: MakeTicket, make_draft, agent: User, signed_in, complaints) -> Iterator[Page]:
    """The desk of an agent who has signed in, with two tickets."""
    make_draft(make_ticket("The second one", minutes=5))
    session = signed_in(agent).cookies["sessionid"].value
    with chromium_page(complaints) as page:
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page.goto(live_server.url)
        yield page
        connections.close_all()  # beside Playwright's loop, the test had a connection of its own


def heading(page: Page, words: str) -> None:
    page.locator(".talk h1", has_text=words).wait_for(timeout=5000)


def test_through_the_queue_and_back(desk: Page, complaints: list[str]):
    heading(desk, "Sending it back")
    desk.keyboard.press("j")
    heading(desk, "The second one")
    assert desk.locator(".item[aria-current=true] b").inner_text() == "The second one"
    assert "/tickets/" in desk.url
    desk.keyboard.press("k")
    heading(desk, "Sending it back")
    desk.go_back()
    heading(desk, "The second one")
    assert complaints == []


def test_approve_undo_edit_reject(desk: Page, complaints: list[str]):
    desk.keyboard.press("a")
    heading(desk, "The second one")
    assert Review.objects.get().outcome == "approved"
    desk.keyboard.press("u")
    heading(desk, "Sending it back")
    assert not Review.objects.exists()
    desk.keyboard.press("e")
    desk.keyboard.type("Dear Camille! ")
    desk.keyboard.press("Control+Enter")
    heading(desk, "The second one")
    assert Review.objects.get().reply.body.startswith("Dear Camille! Hello Camille,")
    desk.keyboard.press("r")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Control+Enter")
    desk.locator(".toast", has_text="Draft rejected").wait_for()
    assert Review.objects.filter(outcome="rejected", reason="source").count() == 1
    assert complaints == []


def test_letters_are_letters_while_typing_and_keys_can_be_switched_off(desk: Page):
    desk.keyboard.press("e")
    desk.keyboard.type("ajr")
    desk.keyboard.press("Escape")
    heading(desk, "Sending it back")
    desk.keyboard.press("?")
    desk.locator("#keys").uncheck()
    desk.keyboard.press("Escape")
    desk.keyboard.press("a")
    desk.wait_for_timeout(300)
    assert not Review.objects.exists()


def test_a_citation_lights_its_sentence_and_its_words(desk: Page):
    desk.focus(".s sup a")
    assert desk.locator("mark.on").inner_text() == "The collection costs £39."
    assert desk.locator(".s.on").count() == 1


def test_a_draft_arrives_by_itself_and_is_announced(desk: Page, complaints: list[str]):
    desk.keyboard.press("g")
    desk.keyboard.type("shorter")
    desk.keyboard.press("Enter")
    desk.locator(".pill", has_text="waiting for a worker").wait_for()
    Draft.objects.filter(state="pending").update(state="ready", sentences=Draft.objects.earliest("pk").sentences)
    desk.locator(".pill", has_text="1 of 1 fact checked").wait_for(timeout=6000)
    assert desk.locator("#live").inner_text().startswith("Draft ready")
    assert Ticket.objects.count() == 2 and complaints == []


def test_without_a_passage_in_the_other_language_and_back(desk: Page, draft: Draft, complaints: list[str]):
    desk.keyboard.press("x")
    desk.locator("#progress").wait_for()
    assert Draft.objects.all()[0].excluded == [draft.citations.get().passage_id]
    desk.keyboard.press("b")
    desk.locator(".pill", has_text="1 of 1 fact checked").wait_for()
    desk.keyboard.press("l")
    desk.locator("#draft[aria-busy=true]").wait_for()
    assert Draft.objects.all()[0].language == "fr"
    Draft.objects.filter(state="pending").update(state="ready", sentences=draft.sentences)
    desk.locator(".pill", has_text="1 of 1 fact checked").wait_for(timeout=6000)
    assert desk.locator("#reply").get_attribute("lang") == "fr"
    asked = []
    desk.on("request", lambda request: asked.append(request.url))
    desk.wait_for_timeout(2000)
    assert not any("progress" in url for url in asked) and complaints == []


def test_a_passage_is_picked_from_a_search(desk: Page, passage, complaints: list[str]):
    postings.write([passage], [postings.frequencies("Returns", passage.text, "en")])
    desk.keyboard.press("g")
    desk.fill("#id_words", "collection")
    desk.locator("#found button", has_text="Use this one").click()
    desk.locator("#progress").wait_for()
    assert Draft.objects.all()[0].pinned == [passage.pk]
    assert complaints == []


def test_a_lost_connection_keeps_what_was_typed(desk: Page):
    desk.keyboard.press("e")
    desk.keyboard.type("Precious words. ")
    desk.context.set_offline(True)
    desk.keyboard.press("Control+Enter")
    desk.locator("#trouble").wait_for()
    assert desk.locator("#id_text").input_value().startswith("Precious words. ")


def test_a_translation_is_confirmed_by_key_once_it_has_been_seen(desk: Page, draft: Draft, complaints: list[str]):
    long = [{**draft.sentences[1], "block": 9} for _ in range(40)]
    translated = {**draft.sentences[1], "verdict": "weak", "translated": True}
    Draft.objects.filter(pk=draft.pk).update(sentences=[draft.sentences[0], translated, *long])
    desk.reload()
    desk.keyboard.press("a")
    desk.locator(".alert", has_text="Not sent: 1 sentence").wait_for()
    desk.keyboard.press("c")  # brings the pair before the agent's eyes
    desk.wait_for_timeout(300)
    assert not Confirmation.objects.exists()
    assert desk.locator(".s.on").count() == 1
    desk.keyboard.press("c")
    desk.locator(".sure", has_text="confirmed by Alex").wait_for()
    assert desk.evaluate("document.querySelector('.draft .body').scrollTop") > 0  # it stays where its reader was
    desk.keyboard.press("a")
    heading(desk, "The second one")
    assert Review.objects.get().outcome == "approved"
    assert all("422" in line for line in complaints)  # the browser's word for the approval that was held back
