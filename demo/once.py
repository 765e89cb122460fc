"""`make demo ONCE=1`: is the whole path whole? Every ticket has a draft, and an approved one reaches the helpdesk."""

import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from demo.console import Failed, step, table
from demo.world import PASSWORD
from tickets.access import visible_tickets
from tickets.models import Delivery, Draft, Reply, Ticket, User

AGENT = "alex"
REPLY_SECONDS = 60
_CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def check(address: str, helpdesk: str, tickets: Sequence[Mapping[str, Any]], started: float) -> int:
    """Check, print the summary, and return the exit status. Raises Failed, saying what is not right."""
    _every_ticket_has_a_draft(tickets)
    with step("Approving a draft over HTTP, as an agent"):
        approved = _approve(address)
    with step("The reply, at the sample helpdesk"):
        _await_reply(helpdesk, approved)
    print("\n" + _summary(tickets) + f"\n\n  All of it in {time.monotonic() - started:.0f} s.")
    return 0


def _every_ticket_has_a_draft(tickets: Sequence[Mapping[str, Any]]) -> None:
    failed = Delivery.objects.filter(state=Delivery.State.FAILED)
    if failed:
        raise Failed("; ".join(f"delivery {each.external_id} failed: {each.reason}" for each in failed))
    drafted = set(Draft.objects.exclude(state=Draft.State.FAILED).values_list("ticket__external_id", flat=True))
    without = [str(ticket["id"]) for ticket in tickets if str(ticket["id"]) not in drafted]
    if without:
        raise Failed(f"no draft for {', '.join(without)}")


def _approve(address: str) -> Draft:
    """Sign in as an agent, and approve a ready draft that this agent may see."""
    with httpx.Client(base_url=address, timeout=20, follow_redirects=True) as client:
        page = client.get("/login/")
        _post(client, "/login/", page, {"username": AGENT, "password": PASSWORD})
        tickets = visible_tickets(User.objects.get(username=AGENT)).exclude(helpdesk__api_url="")
        draft = Draft.objects.filter(state=Draft.State.READY, ticket__in=tickets).first()
        if draft is None:
            raise Failed("no draft is ready to be approved")
        page = client.get(f"/tickets/{draft.ticket_id}/")
        _post(client, f"/drafts/{draft.pk}/approve/", page, {})
    draft.refresh_from_db()
    if draft.state != Draft.State.ACCEPTED:
        raise Failed(f"draft {draft.pk} was approved, but is {draft.state}")
    return draft


def _post(client: httpx.Client, path: str, page: httpx.Response, data: dict[str, str]) -> None:
    token = _CSRF.search(page.text)
    if token is None:
        raise Failed(f"{page.url} ({page.status_code}) holds no form")
    response = client.post(path, data={**data, "csrfmiddlewaretoken": token[1]})
    if not response.is_success:
        raise Failed(f"POST {path} was answered {response.status_code}")


def _await_reply(helpdesk: str, draft: Draft) -> None:
    reply = Reply.objects.get(review__draft=draft)
    deadline = time.monotonic() + REPLY_SECONDS
    while time.monotonic() < deadline:
        received = httpx.get(f"{helpdesk}/replies.json", timeout=5).json()
        if any(each["body"] == reply.body for each in received):
            return
        time.sleep(0.5)
    reply.refresh_from_db()
    raise Failed(f"the helpdesk did not receive the reply in {REPLY_SECONDS} s; it is {reply.state} {reply.error}")


def _summary(tickets: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for ticket in tickets:
        kept = Ticket.objects.filter(external_id=str(ticket["id"])).select_related("team").first()
        draft = kept and kept.drafts.first()
        if kept and draft:
            facts = Counter(fact["verdict"] for fact in draft.facts)
            sure, seconds = f"{kept.confidence or 0:.2f}", f"{draft.timings.get('total', 0):.2f}"
            rows.append(
                (
                    kept.external_id, kept.subject[:38], kept.language, kept.intent or "-", sure,
                    kept.team or "triage", draft.state, f"{facts['supported']}/{len(draft.facts)}", seconds,
                )
            )  # fmt: skip
    return table(("ticket", "subject", "lang", "intent", "conf", "team", "draft", "cited", "s"), rows)
