"""Rules put in order, and a rule tried while it is typed, in a real browser without a mouse; then with one."""

from collections.abc import Iterator

import pytest
from django.db import connections
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.chromium import chromium_page
from tests.conftest import MakeTicket
from tickets.models import RoutingRule, Team, User

pytestmark = [pytest.mark.browser, pytest.mark.integration, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def page(
    live_server, team: Team, other_team: Team, make_ticket: MakeTicket, administrator: User, signed_in, complaints
) -> Iterator[Page]:
    """Three rules and two tickets before an administrator."""
    make_ticket("a theft", intent="theft")
    make_ticket("a return")
    for place, name in enumerate(("one", "two", "three"), 1):
        intents = ["theft"] if name == "two" else []
        RoutingRule.objects.create(
            name=name, position=place, intents=intents, team=other_team if name == "two" else team
        )
    session = signed_in(administrator).cookies["sessionid"].value
    with chromium_page(complaints) as page:
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page.goto(live_server.url + reverse("rules"))
        yield page
        connections.close_all()


def names(page: Page) -> list[str]:
    return page.locator(".rule .what > a").all_inner_texts()


def test_an_order_is_made_by_keys_or_dragging_shown_and_kept(page: Page, complaints: list[str]):
    page.get_by_role("link", name="Move two up").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".trying")).to_contain_text("This order would have moved 1 of the last 2 tickets.")
    page.keyboard.press("Alt+ArrowDown")  # the focus has stayed on its rule
    expect(page.locator(".trying")).to_be_empty()
    assert names(page) == ["one", "two", "three"]
    page.locator(".handle").nth(1).drag_to(page.locator(".rule").first, target_position={"x": 200, "y": 4})
    expect(page.locator(".trying")).to_contain_text("moved 1 of the last 2")
    page.get_by_role("button", name="Keep this order").click()
    expect(page.locator(".note")).to_contain_text("The new order is in force.")
    assert list(RoutingRule.objects.values_list("name", flat=True)) == ["two", "one", "three"]
    assert complaints == []


def test_a_rule_says_what_it_would_do_while_it_is_typed(page: Page, complaints: list[str]):
    page.get_by_role("link", name="Add a rule").press("Enter")
    expect(page.locator("#trial")).to_contain_text("Choose the team")
    page.get_by_label("Name").fill("Thefts")
    page.get_by_label("Theft").press("Space")
    page.get_by_label("Team").select_option(label="Billing")
    page.get_by_label("Asked").select_option(label="first")
    expect(page.locator("#trial")).to_contain_text("This rule would have moved 1 of the last 2 tickets.")
    assert RoutingRule.objects.count() == 3
    page.keyboard.press("Control+Enter")
    expect(page.locator(".note")).to_contain_text("Saved.")
    assert RoutingRule.objects.earliest("position").name == "Thefts"
    assert complaints == []
