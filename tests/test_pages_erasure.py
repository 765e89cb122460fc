"""The administrators' pages: look, type, erase, certificate; and retention, looked at before it is saved."""

import json

import pytest
from django.urls import reverse

from knowledge import own
from tickets.erasure import runs
from tickets.models import AuditEntry, Erasure, RetentionRule, Ticket

pytestmark = pytest.mark.django_db
MAIL = "camille@roche.example"


@pytest.fixture
def browser(administrator, signed_in):
    return signed_in(administrator)


@pytest.fixture
def theirs(make_ticket, manager):
    ticket = make_ticket("The pedal", requester_email=MAIL, requester_name="Camille Roche")
    make_ticket("Other", body=f"see {MAIL}")
    own.propose(title="Pedals", body="x", language="en", origin="accepted", user_id=manager.pk, made_from=[ticket.pk])
    return ticket


def typed(browser, text, **more):
    said = {"address": MAIL, "helpdesk": "", "typed": text, **more}
    return browser.post(reverse("begin_erasure"), said)


def test_first_what_would_go_and_what_is_to_decide(browser, theirs):
    page = browser.post(reverse("erasure"), {"address": f" {MAIL.upper()}"}).content.decode()
    assert "Goes for good" in page and "Pedals" in page and "Type the address to confirm" in page
    assert Ticket.objects.count() == 2 and not Erasure.objects.exists()
    entry = AuditEntry.objects.get(kind="erasure.preview")
    assert len(entry.digest) == 64 and MAIL not in json.dumps(entry.facts)


def test_the_address_has_to_be_typed(browser, theirs):
    assert typed(browser, "camille").status_code == 422 and not Erasure.objects.exists()
    response = typed(browser, " Camille@Roche.example ")
    erasure = Erasure.objects.get()
    assert response.url == reverse("certificate", args=[erasure.pk])
    assert erasure.asked_by is not None and MAIL not in response.url


def test_an_address_that_is_none(browser):
    assert browser.post(reverse("erasure"), {"address": "camille"}).status_code == 422
    assert browser.post(reverse("begin_erasure"), {"address": "camille"}).url == reverse("erasure")


def test_only_what_was_ticked_and_listed_goes(browser, theirs):
    article = own.OwnArticle.objects.get()
    assert typed(browser, MAIL, articles=[article.pk + 1]).status_code == 422
    typed(browser, MAIL, articles=[article.pk])
    runs.work(Erasure.objects.get().pk)
    assert not own.OwnArticle.objects.exists()


def test_progress_then_the_certificate_without_content(browser, theirs):
    typed(browser, MAIL)
    erasure = Erasure.objects.get()
    page = browser.get(reverse("certificate", args=[erasure.pk])).content.decode()
    assert "hx-get" in page and "Certificate of erasure" not in page
    runs.work(erasure.pk)
    assert browser.get(reverse("erasing", args=[erasure.pk]))["HX-Refresh"] == "true"
    page = browser.get(reverse("certificate", args=[erasure.pk])).content.decode()
    assert (
        f"Certificate of erasure {erasure.pk}" in page
        and erasure.digest in page
        and "Articles kept by decision" in page
    )
    said = browser.get(reverse("certificate_json", args=[erasure.pk]))
    assert json.loads(said.content)["erased"]["tickets.Ticket"] == 1 and "attachment" in said["Content-Disposition"]
    for text in (page, said.content.decode()):
        assert MAIL not in text and "pedal" not in text.casefold() and "Roche" not in text
    assert f'href="{reverse("certificate", args=[erasure.pk])}"' in browser.get(reverse("erasure")).content.decode()
    again = browser.post(reverse("erasure"), {"address": MAIL}).content.decode()
    assert "This address was asked for before" in again


def test_one_that_failed_is_taken_up(browser, theirs):
    typed(browser, MAIL)
    Erasure.objects.update(state="failed", error="RuntimeError", step="mentions")
    erasure = Erasure.objects.get()
    assert "It did not end" in browser.get(reverse("certificate", args=[erasure.pk])).content.decode()
    browser.post(reverse("erase_again", args=[erasure.pk]))
    assert Erasure.objects.get().state == "waiting"


def test_managers_and_agents_see_none_of_it(manager, agent, signed_in, theirs):
    for user in (manager, agent):
        for name in ("erasure", "retention"):
            assert signed_in(user).get(reverse(name)).status_code == 403
        assert typed(signed_in(user), MAIL).status_code == 403
    assert not Erasure.objects.exists()


def test_rules_are_looked_at_before_they_are_saved(browser, helpdesk):
    name, address = f"deliveries-{helpdesk.pk}", reverse("retention")
    assert 'placeholder="kept"' in browser.get(address).content.decode()
    browser.post(address, {name: 30, "save": 1})
    assert not RetentionRule.objects.exists(), "it was not looked at"
    looked = browser.post(address, {name: 30, "audit": 400})
    seen = looked.context["seen"]
    assert "nothing now" in looked.content.decode() and "Save these rules" in looked.content.decode()
    browser.post(address, {name: 20, "audit": 400, "seen": seen, "save": 1})
    assert not RetentionRule.objects.exists(), "something else was looked at"
    browser.post(address, {name: 30, "audit": 400, "seen": seen, "save": 1})
    assert set(RetentionRule.objects.values_list("helpdesk", "what", "days")) == {
        (helpdesk.pk, "deliveries", 30), (None, "audit", 400),
    }  # fmt: skip
    assert AuditEntry.objects.filter(kind="retention.rule").count() == 2
    assert browser.post(address, {name: 0}).status_code == 422


def test_a_rule_is_taken_back_by_emptying_its_field(browser, helpdesk):
    RetentionRule.objects.create(helpdesk=helpdesk, what="drafts", days=9)
    address = reverse("retention")
    assert 'value="9"' in browser.get(address).content.decode()
    seen = browser.post(address, {}).context["seen"]
    browser.post(address, {"seen": seen, "save": 1})
    assert not RetentionRule.objects.exists()
