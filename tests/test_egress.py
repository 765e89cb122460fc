"""Requests go where an administrator has said, and nowhere else."""

import ast
from pathlib import Path

import httpx
import pytest
from django.urls import reverse

from copilot import egress
from copilot.egress import Listed, NotListed, Origin
from copilot.egress.client import Gate
from evaluation.site import page, served
from knowledge.fetching import addresses
from knowledge.fetching.fetch import Fetcher, Refused
from knowledge.models import Source
from knowledge.sources.base import SourceMissing
from knowledge.sources.opening import opened
from tickets import destinations
from tickets.models import Destination, Helpdesk

ROOT = Path(__file__).resolve().parent.parent
SERVING = [path for room in ("copilot", "knowledge", "tickets") for path in sorted((ROOT / room).rglob("*.py"))]
# What can open a connection: modules that are for nothing else, and functions of those that are.
OPENERS = {"urllib.request", "http.client", "requests", "aiohttp", "urllib3", "smtplib", "ftplib"}
CALLS = {
    f"httpx.{name}" for name in ("Client", "AsyncClient", "HTTPTransport", "get", "post", "put", "request", "stream")
}
CALLS |= {"socket.socket", "socket.create_connection"}


def listed(*names: str) -> Listed:
    return Listed("test", "test:1", frozenset(map(Origin.of, names)))


def opens(path: Path) -> list[str]:
    """What in a file could make a connection of its own."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return [name for node in nodes for name in reached(node) if name in OPENERS or name in CALLS]


def reached(node: ast.AST) -> list[str]:
    """Modules and functions that a piece of code names."""
    match node:
        case ast.Import(names=names):
            return [name.name for name in names]
        case ast.ImportFrom(module=str(module), names=names):
            return [module, *(f"{module}.{name.name}" for name in names)]
        case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name)):
            return [f"{module}.{name}"]
    return []


def test_one_room_makes_http_clients():
    assert {str(path.relative_to(ROOT)): opens(path) for path in SERVING if opens(path)} == {
        "copilot/egress/client.py": ["httpx.Client", "httpx.HTTPTransport"]
    }


def test_what_opens_a_connection_would_be_seen(tmp_path):
    other = tmp_path / "x.py"
    other.write_text("import httpx, urllib.request\nfrom requests import get\nfrom httpx import put\nhttpx.get('x')\n")
    assert opens(other) == ["urllib.request", "requests", "httpx.put", "httpx.get"]


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("https://Help.Example.com/x", "https://help.example.com"), ("http://h.example:80/", "http://h.example"),
        ("https://h.example:8443/", "https://h.example:8443"), ("http://[::1]:9/", "http://[::1]:9"),
    ],
)  # fmt: skip
def test_an_origin_is_scheme_host_and_port(address, same):
    assert str(Origin.of(address)) == same
    assert Origin.of(address) == Origin.of(same)


@pytest.mark.parametrize("address", ["", "example.com", "ftp://example.com", "https://", "file:///etc/passwd"])
def test_what_is_no_address_lists_nothing(address):
    assert egress.at(address, purpose="reply", owner="x").origins == frozenset()


@pytest.mark.parametrize(
    "address",
    [
        "http://h.example/", "https://h.example:444/", "https://other.example/", "https://h.example.evil.example/",
        "https://evil.example/?https://h.example/", "https://h.example@evil.example/",
    ],
)  # fmt: skip
def test_other_schemes_ports_and_hosts_are_refused(address):
    sent = []
    gate = Gate(listed("https://h.example/a"), httpx.MockTransport(sent.append))
    with httpx.Client(transport=gate) as client, pytest.raises(NotListed):
        client.get(address)
    assert sent == []


def test_the_host_header_is_what_counts_when_the_name_was_resolved_before():
    gate = Gate(listed("https://h.example/"), httpx.MockTransport(lambda request: httpx.Response(200)))
    with httpx.Client(transport=gate) as client:
        assert client.get("https://192.0.2.7/", headers={"Host": "h.example"}).is_success
        with pytest.raises(NotListed):
            client.get("https://192.0.2.7/")


def test_a_redirect_leads_nowhere_else():
    with served({}) as other, served({"/": (302, {"Location": other.address + "/stolen"}, "")}) as site:
        with egress.client(listed(site.address), follow_redirects=True) as client, pytest.raises(NotListed):
            client.get(site.address + "/")
        assert other.asked == []


def test_a_name_that_is_not_listed_is_not_even_looked_up(monkeypatch):
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_, **__: pytest.fail("a name server was asked"))
    with Fetcher(listed("https://h.example")) as fetcher, pytest.raises(Refused, match="not on the list"):
        fetcher.get("https://customer-data.evil.example/")


def test_a_site_is_also_what_it_redirects_its_readers_to():
    found = egress.site("http://www.example.com/help/", purpose="website", owner="x").origins
    assert {*map(str, found)} == {
        "http://www.example.com", "https://www.example.com", "http://example.com", "https://example.com",
    }  # fmt: skip
    assert len(egress.site("http://127.0.0.1:8000/", purpose="website", owner="x").origins) == 1


@pytest.mark.parametrize(
    ("permitted", "open_to"),
    [
        ([], {"a.example", "b.a.example", "c.example"}), (["none"], set()), (["a.example"], {"a.example"}),
        ([".a.example"], {"a.example", "b.a.example"}), (["C.example", "none"], {"c.example"}),
    ],
)  # fmt: skip
def test_the_servers_settings_are_above_the_list(settings, permitted, open_to):
    settings.DESTINATIONS = permitted
    hosts = ("a.example", "b.a.example", "c.example", "xa.example")
    everything = listed(*(f"https://{host}" for host in hosts[:3]))
    assert {host for host in hosts if everything.holds(Origin.of(f"https://{host}"))} == open_to


def test_a_source_says_why_it_cannot_be_read(db, settings):
    settings.DESTINATIONS = ["none"]
    source = Source.objects.create(name="Site", kind="website", location="https://help.example/")
    with opened(source) as reader, pytest.raises(SourceMissing, match="not on the list of destinations"):
        list(reader.documents())
    row = Destination.objects.get()
    assert (row.origin, row.owner, row.requests) == ("https://help.example", f"source:{source.pk}", 0)
    assert row.refused > 0


def test_uses_are_counted(db):
    with served({"/": page("A", "a")}) as site:
        wanted = egress.at(site.address, purpose="reply", owner="helpdesk:7")
        with egress.client(wanted) as client:
            client.get(site.address + "/")
            client.post(site.address + "/", content=b"12345")
        row = Destination.objects.get()
        assert (row.origin, row.purpose, row.requests, row.octets, row.refused) == (site.address, "reply", 2, 5, 0)


def test_a_request_is_not_lost_because_it_could_not_be_counted(db, monkeypatch):
    from django.db import OperationalError

    def fails(**_):
        raise OperationalError

    monkeypatch.setattr(Destination.objects, "get_or_create", fails)
    with served({"/": page("A", "a")}) as site, egress.client(listed(site.address)) as client:
        assert client.get(site.address + "/").is_success


class TestPage:
    def page(self, signed_in, administrator):
        return signed_in(administrator).get(reverse("destinations")).content.decode()

    def test_nothing_leaves_a_fresh_machine(self, signed_in, administrator, helpdesk):
        assert "Nothing leaves this machine" in self.page(signed_in, administrator)

    def test_it_lists_what_an_administrator_named(self, signed_in, administrator, helpdesk):
        Helpdesk.objects.update(api_url="https://desk.example/api", writes_back=True)
        Source.objects.create(name="Site", kind="website", location="https://help.example/x/")
        Source.objects.create(name="Folder", kind="folder", location="/my-articles")
        text = self.page(signed_in, administrator)
        assert text.count("https://desk.example") == 3 and text.count("https://help.example") == 1
        assert "Replies that a person approved" in text and "never" in text and "/my-articles" not in text

    def test_a_site_that_moved_its_readers_to_https_is_still_on_the_list(self, signed_in, administrator, helpdesk):
        source = Source.objects.create(name="Site", kind="website", location="http://help.example/x/")
        destinations.keep(
            egress.Use("website", f"source:{source.pk}", Origin.of("https://www.help.example"), requests=2)
        )
        text = self.page(signed_in, administrator)
        assert "https://www.help.example" in text and "Not on the list" not in text

    def test_what_was_refused_or_is_no_longer_named_stays_on_the_page(self, signed_in, administrator, helpdesk):
        destinations.keep(egress.Use("reply", f"helpdesk:{helpdesk.pk}", Origin.of("https://old.example"), requests=3))
        destinations.keep(egress.Use("website", "source:99", Origin.of("https://evil.example"), refused=1))
        text = self.page(signed_in, administrator)
        assert "Not on the list" in text and "https://old.example" in text and "https://evil.example" in text
