"""Requests go only where they may, and bring back no more than they may."""

import socket

import pytest

from evaluation.site import page, served
from knowledge.extraction.types import CannotRead
from knowledge.fetching import addresses, sitemap
from knowledge.fetching.addresses import Refused, resolve
from knowledge.fetching.fetch import Fetcher, Unreachable
from tests.destinations import EVERYWHERE


def fetcher(**options):
    return Fetcher(EVERYWHERE, allow_private=True, sleep=lambda seconds: None, **options)


def says(monkeypatch, *answers):
    """What DNS answers, one time after the other."""
    given = list(answers)

    def getaddrinfo(name, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (given.pop(0) if len(given) > 1 else given[0], port))]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.9", "169.254.169.254", "0.0.0.0", "100.64.0.1", "::1", "fe80::1",
     "fc00::1", "::ffff:10.0.0.1", "2002:7f00:1::", "224.0.0.1"],
)  # fmt: skip
def test_a_private_address_is_refused_whatever_its_name(monkeypatch, address):
    says(monkeypatch, address)
    with pytest.raises(Refused, match="private address"):
        resolve("https://innocent.example/page", allow_private=False)
    assert resolve("https://innocent.example/page", allow_private=True).name == "innocent.example"


@pytest.mark.parametrize(
    "spelt", ["http://127.1/", "http://2130706433/", "http://0x7f.1/", "http://[::1]/", "http://localhost/"]
)
def test_other_spellings_of_this_machine_are_refused(spelt):
    with pytest.raises(Refused):
        resolve(spelt, allow_private=False)


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://a.example/", "gopher://a", "http://", "http://[x", "//a"]
)
def test_only_http_is_spoken(address):
    with pytest.raises(Refused, match="not an http"):
        resolve(address, allow_private=True)


def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch):
    says(monkeypatch, "93.184.216.34", "127.0.0.1")  # a name that changes its mind
    target = resolve("https://rebind.example:8443/a?b=c", allow_private=False)
    assert (target.connect, target.host) == ("https://93.184.216.34:8443/a?b=c", "rebind.example:8443")


def test_a_redirect_to_a_private_address_is_refused(monkeypatch):
    with served({"/": (302, {"Location": "http://metadata.example/latest"}, "")}) as site:
        real = addresses._is_public
        monkeypatch.setattr(addresses, "_is_public", lambda one: one == "127.0.0.1" or real(one))
        genuine = socket.getaddrinfo
        monkeypatch.setattr(
            addresses.socket, "getaddrinfo",
            lambda name, *rest, **more: genuine("169.254.169.254" if "metadata" in name else name, *rest, **more),
        )  # fmt: skip
        with Fetcher(EVERYWHERE) as careful, pytest.raises(Refused, match="private address"):
            careful.get(site.address + "/")


def test_a_circle_of_redirects_ends():
    with served({"/a": (302, {"Location": "/b"}, ""), "/b": (302, {"Location": "/a"}, "")}) as site, fetcher() as one:
        with pytest.raises(CannotRead, match="leads in a circle"):
            one.get(site.address + "/a")
        assert len(site.asked) == 9


def test_a_body_above_the_limit_is_never_whole_in_memory():
    big = b"x" * (2 * 1024 * 1024)
    with served({"/big": (200, {}, big)}) as site, fetcher(megabytes=1) as one, pytest.raises(CannotRead, match="1 MB"):
        one.get(site.address + "/big")


def test_a_small_answer_that_unpacks_to_a_large_one_is_refused():
    import gzip

    packed = gzip.compress(b" " * (3 * 1024 * 1024))
    headers = {"Content-Encoding": "gzip"}
    with served({"/": (200, headers, packed)}) as site, fetcher(megabytes=1) as one, pytest.raises(CannotRead):
        one.get(site.address + "/")


def test_a_page_of_another_kind_is_not_downloaded():
    with served({"/v": (200, {"Content-Type": "video/mp4"}, b"x" * 100)}) as site, fetcher() as one:
        assert one.get(site.address + "/v", wanted=lambda kind: "html" in kind).body == b""


def test_a_busy_server_is_asked_again_when_it_says():
    waits = []
    answers = iter([(503, {"Retry-After": "7"}, ""), (429, {}, ""), page("Back", "again")])
    with served({"/": lambda: next(answers)}) as site:
        one = Fetcher(EVERYWHERE, allow_private=True, sleep=waits.append)
        assert b"again" in one.get(site.address + "/").body
    assert waits == [7.0, 2.0]


def test_a_dead_server_is_unreachable():
    with served({}) as site:
        address = site.address
    with fetcher() as one, pytest.raises(Unreachable, match="does not answer"):
        one.get(address)


def test_secrets_do_not_follow_a_redirect_to_another_host():
    got = []
    with served({}) as other:
        other.answer = lambda path, headers: (got.append(headers.get("Authorization")), (200, {}, "x"))[1]
        port = other.address.rpartition(":")[2]
        with served({"/": (302, {"Location": f"http://localhost:{port}/"}, "")}) as site:
            fetcher(headers={"Authorization": "Basic s3cret"}).get(site.address + "/")
    assert got == [None]


def test_pages_are_asked_for_at_a_polite_pace():
    waits = []
    with served({"/": page("A", "a")}) as site:
        one = Fetcher(EVERYWHERE, allow_private=True, pause=5, sleep=waits.append)
        one.get(site.address + "/")
        one.get(site.address + "/")
    assert len(waits) == 1 and 4 < waits[0] <= 5


def test_sitemaps_of_sitemaps_are_read_and_bad_ones_left_out():
    import gzip

    site_index = "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{}</sitemapindex>"
    pages = gzip.compress(b"<urlset><url><loc> https://a.example/one </loc></url></urlset>")
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'
    with served({}) as site, fetcher() as one:
        locs = "".join(f"<sitemap><loc>{site.address}/{name}</loc></sitemap>" for name in ("p.xml.gz", "bad", "bomb"))
        site.pages |= {"/s.xml": site_index.format(locs), "/p.xml.gz": (200, {}, pages), "/bad": "{}", "/bomb": bomb}
        assert list(sitemap.addresses(one, site.address + "/s.xml")) == ["https://a.example/one"]
        with pytest.raises(CannotRead, match="not a sitemap"):
            list(sitemap.addresses(one, site.address + "/bad"))
