"""The cast of the desk: people of three roles, two teams, and a ticket with a draft that stands on a passage."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from copilot import embedded, engine
from copilot.egress import uses
from knowledge.models import Article, ArticleVersion, Passage, Source, Visibility
from tests import workers
from tests.fakes import FakeEmbedder, Machine
from tests.side_by_side import fill
from tests.world import World
from tickets.models import Citation, Draft, Helpdesk, Message, Team, Ticket, User
from tickets.models.people import Role

PASSAGE = "You can return a bike within 30 days. The collection costs £39.\nWe refund within 10 working days."
BODY = "You can return a **bike** within 30 days. The collection costs £39.\n\nWe refund within 10 working days."
QUOTED = "The collection costs £39."

MakeTicket = Callable[..., Ticket]
MakeDraft = Callable[..., Draft]
SignedIn = Callable[[User], Client]


def pytest_configure() -> None:
    """Before any test."""
    # pytest-django empties tables between tests; the audit's refuses that (tickets/migrations/0018_audit_chain.py).
    os.environ["PGOPTIONS"] = "-c souffleur.truncating=on"
    workers.start()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After pytest-django has put the tests that leave the database empty behind the others."""
    workers.longest_first(items)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> workers.ByFile:
    """Which worker gets which test."""
    return workers.ByFile(config, log)


def pytest_unconfigure() -> None:
    """Stop the bundled services, unless they ran before."""
    workers.stop()
    if settings.DATA_DIR in embedded.started_here:
        embedded.stop(settings.DATA_DIR)


def person(name: str, role: Role = Role.AGENT, *teams: Team) -> User:
    user = User.objects.create(username=name.lower(), first_name=name, role=role)
    user.teams.add(*teams)
    return user


def says(
    text: str, kind: str = "fact", verdict: str = "supported", block: int = 0, **more: object
) -> dict[str, object]:
    """One sentence as a draft keeps it."""
    shown = verdict if kind == "fact" else "none"
    return {"text": text, "kind": kind, "verdict": shown, "block": block, "list": "", "cites": [], **more}


@pytest.fixture(autouse=True)
def _nothing_is_counted(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that has no database counts no requests in it."""
    if "db" not in request.fixturenames and request.node.get_closest_marker("django_db") is None:
        monkeypatch.setattr(uses, "_observers", [])


@pytest.fixture(scope="session")
def sample_world(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The sample world, to be copied for a house."""
    with World(django_db_blocker).making(tmp_path_factory.mktemp("world")) as made:
        yield made


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Two embedders, of which the settings name the first."""
    machine = Machine(FakeEmbedder("fake-1"), FakeEmbedder("fake-2"))
    monkeypatch.setattr(engine, "embedder", machine.embedder)
    monkeypatch.setattr(engine, "embedder_of", machine.embedder_of)
    return machine


@pytest.fixture
def filled(db: None, machine: Machine) -> Source:
    """Two articles, read by fake-1, which serves."""
    source = Source.objects.create(name="filled", location="/nowhere")
    fill(source, machine)
    return source


@pytest.fixture
def team(db: None) -> Team:
    return Team.objects.create(name="Orders", slug="orders")


@pytest.fixture
def other_team(db: None) -> Team:
    return Team.objects.create(name="Billing", slug="billing")


@pytest.fixture
def agent(team: Team) -> User:
    return person("Alex", Role.AGENT, team)


@pytest.fixture
def teammate(team: Team) -> User:
    return person("Bea", Role.AGENT, team)


@pytest.fixture
def outsider(other_team: Team) -> User:
    """An agent, but of another team."""
    return person("Otto", Role.AGENT, other_team)


@pytest.fixture
def manager(db: None) -> User:
    """A manager who was given the right to read tickets."""
    manager = person("Mona", Role.MANAGER)
    manager.sees_content = True
    manager.save()
    return manager


@pytest.fixture
def counter(db: None) -> User:
    """A manager who sees numbers only."""
    return person("Nils", Role.MANAGER)


@pytest.fixture
def administrator(db: None) -> User:
    return person("Ada", Role.ADMINISTRATOR)


@pytest.fixture
def signed_in() -> SignedIn:
    """A browser in which the given person has signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def helpdesk(db: None) -> Helpdesk:
    return Helpdesk.objects.create(slug="zammad", name="Zammad", dialect="zammad", webhook_secret="s3cret-s3cret")


@pytest.fixture
def make_ticket(helpdesk: Helpdesk, team: Team) -> MakeTicket:
    """A classified ticket of the team with one message, `minutes` old."""

    def make(
        subject: str = "Sending it back",
        *,
        minutes: int = 30,
        body: str = "Who pays?",
        redacted: str = "",
        **fields: object,
    ) -> Ticket:
        number = str(1000 + Ticket.objects.count())
        values = {"team": team, "triage": "sure", "intent": "return_refund", "number": number, **fields}
        ticket = Ticket.objects.create(helpdesk=helpdesk, external_id=number, subject=subject, **values)
        moment = timezone.now() - timedelta(minutes=minutes)
        Ticket.objects.filter(pk=ticket.pk).update(created_at=moment)
        Message.objects.create(
            ticket=ticket, external_id="1", author="requester", body=body, redacted=redacted or body, sent_at=moment
        )
        return ticket

    return make


@pytest.fixture
def make_draft() -> MakeDraft:
    """A draft for the last message of a ticket, ready unless told otherwise."""

    def make(ticket: Ticket, state: str = Draft.State.READY, *sentences: dict[str, object], **fields: object) -> Draft:
        message = ticket.messages.order_by("-sent_at")[0]
        said = list(sentences) or [says("Hello,", "greeting"), says(QUOTED, block=1, cites=[1])]
        unwritten = (Draft.State.PENDING, Draft.State.WORKING, Draft.State.FAILED)
        fields.setdefault("writer", "" if state in unwritten else "quote")
        return Draft.objects.create(ticket=ticket, message=message, state=state, sentences=said, **fields)

    return make


@pytest.fixture
def passage(db: None) -> Passage:
    source = Source.objects.create(name="Help centre", location="/kb")
    article = Article.objects.create(source=source, external_id="returns.md")
    version = ArticleVersion.objects.create(
        article=article, number=1, title="Returns", section="Orders",
        language="en", visibility=Visibility.PUBLIC, body=BODY, fingerprint="1",
    )  # fmt: skip
    return Passage.objects.create(
        version=version, position=0, text=PASSAGE, language="en", visibility=Visibility.PUBLIC, heading="Return a bike"
    )


@pytest.fixture
def ticket(make_ticket: MakeTicket) -> Ticket:
    ticket = make_ticket(
        requester_name="Camille Roche", body="My card 4242 was charged.\n\nWho pays?", number="48211",
        redacted="My card [CARD_1] was charged.\n\nWho pays?",
    )  # fmt: skip
    ticket.remember({"[CARD_1]": "4242", "[PERSON_1]": "Camille"})
    ticket.save()
    return ticket


@pytest.fixture
def draft(ticket: Ticket, passage: Passage, make_draft: MakeDraft) -> Draft:
    """A ready draft: a greeting, a cited fact, a closing."""
    draft = make_draft(
        ticket, Draft.State.READY, says("Hello [PERSON_1],", "greeting"), says(QUOTED, block=1, cites=[1]),
        says("Best regards,", "closing", block=2), timings={"total": 1.1}, writer="quote",
    )  # fmt: skip
    start = PASSAGE.index(QUOTED)
    Citation.objects.create(
        draft=draft, passage=passage, sentence=1, number=1, start=start, end=start + len(QUOTED), score=0.9
    )
    return draft
