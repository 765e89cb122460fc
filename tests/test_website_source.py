"""A website as a source: everything below the prefix, nothing else, and no conclusion from half a look."""

import pytest

from evaluation.site import page, served
from knowledge.fetching.fetch import Fetcher
from knowledge.sources.base import Document, Incomplete, SourceMissing, Unchanged, Unreadable
from knowledge.sources.website import Remembered, Website, normal
from tests import files
from tests.destinations import EVERYWHERE

BODY = "<p>Some text about the delivery of parcels to your door.</p>"


class Kept:
    """A memory that keeps everything."""

    def __init__(self):
        self.pages = {}

    def recall(self, address):
        return self.pages.get(address)

    def remember(self, address, page, fingerprint):
        self.pages[address] = page


def crawl(site, start="/help/", **options):
    fetcher = Fetcher(EVERYWHERE, allow_private=True, sleep=lambda seconds: None)
    return list(Website(site.address + start, fetcher, **options).documents())


def names(items):
    return [item.external_id for item in items if isinstance(item, Document)]


def help_site(**more):
    return {
        "/help/": page(
            "Help", BODY, ["/help/a", "b", "/blog/", "//other.example/x", "/help/a#part", "mailto:x", "http://["]
        ),
        "/help/a": page("A", BODY + "A", ["/help/b?utm_source=x", "/help/deep/c", "/help/photo.png"]),
        "/help/b": page("B", BODY + "B"),
        "/help/deep/c": page("C", "<p>Le délai de livraison de votre colis est de trois jours.</p>", lang="fr"),
        "/blog/": page("Blog", BODY),
        **more,
    }


def test_links_are_followed_within_the_prefix():
    with served(help_site()) as site:
        found = crawl(site)
        assert names(found) == ["/help/", "/help/a", "/help/b", "/help/deep/c"]
        assert sorted(set(site.asked)) == sorted(["/robots.txt", "/help/", "/help/a", "/help/b", "/help/deep/c"])
        assert len(site.asked) == len(set(site.asked))
    last = found[-1]
    assert (last.title, last.language, last.visibility, last.address) == (
        "C",
        "fr",
        "public",
        site.address + "/help/deep/c",
    )


def test_robots_txt_is_obeyed_and_its_sitemap_read():
    with served({}) as site:
        sitemap = f"<urlset><url><loc>{site.address}/help/island</loc></url></urlset>"
        robots = f"User-agent: *\nDisallow: /help/deep/\nSitemap: {site.address}/map.xml\n"
        site.pages |= help_site(
            **{"/help/island": page("Island", BODY), "/map.xml": sitemap, "/robots.txt": (200, {}, robots)}
        )
        assert names(crawl(site)) == ["/help/", "/help/island", "/help/a", "/help/b"]
        site.pages["/robots.txt"] = (200, {}, "User-agent: SouffleurBot\nDisallow: /")
        with pytest.raises(SourceMissing, match=r"robots.txt does not allow"):
            crawl(site)


def test_a_sitemap_is_a_start_of_its_own():
    with served(help_site()) as site:
        locs = "".join(f"<url><loc>{site.address}{path}</loc></url>" for path in ("/help/b", "/elsewhere/x", "/help/a"))
        site.pages["/help/sitemap.xml"] = f"<urlset>{locs}</urlset>"
        assert names(crawl(site, "/help/sitemap.xml"))[:2] == ["/help/b", "/help/a"]


def test_a_page_is_known_by_its_canonical_address_and_given_once():
    with served(help_site()) as site:
        twin = page("A", BODY).replace("<head>", f'<head><link rel="canonical" href="{site.address}/help/a">')
        site.pages |= {"/help/b": twin, "/help/a": twin}
        assert names(crawl(site)) == ["/help/", "/help/a"]


def test_redirects_lead_to_where_the_page_is_now():
    with served(help_site()) as site:
        site.pages |= {
            "/help/a": (301, {"Location": "/help/new"}, ""), "/help/new": page("New", BODY),
            "/help/b": (302, {"Location": "/login"}, ""), "/login": page("Sign in", "<p>Who are you?</p>"),
        }  # fmt: skip
        assert names(crawl(site)) == ["/help/", "/help/new"]


def test_documents_of_other_kinds_are_read_too():
    with served(help_site()) as site:
        site.pages["/help/b"] = (200, {"Content-Type": "application/pdf"}, files.pdf())
        site.pages["/help/a"] = (200, {"Content-Type": "application/zip"}, b"PK")
        [manual] = [item for item in crawl(site) if item.external_id == "/help/b"]
        assert "Open the app" in manual.body


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((500, {}, ""), "answers 500"), ((403, {}, ""), "asks for a sign-in"), ((503, {}, ""), "too busy or down"),
        ((302, {"Location": "/help/a"}, ""), "leads in a circle"),
        ((200, {"Content-Type": "application/pdf"}, b"%PDF-broken"), "damaged"),
        ((200, {"Content-Type": "text/html"}, b"caf\xc3\xa9 \xff\xfe"), "UTF-8"),
        ((200, {"Content-Type": "text/html", "Content-Length": str(10**9)}, b""), "larger than"),
    ],
)  # fmt: skip
def test_a_page_that_fails_is_named_and_stops_nothing(answer, reason):
    with served(help_site(**{"/help/a": answer})) as site:
        found = crawl(site)
    [failed] = [item for item in found if isinstance(item, Unreadable)]
    assert failed.external_id == "/help/a" and reason in failed.reason
    assert names(found) == ["/help/", "/help/b"]


def test_a_page_that_fails_for_now_still_leads_where_it_led():
    memory = Kept()
    with served(help_site()) as site:
        crawl(site, memory=memory)
        site.pages["/help/a"] = (500, {}, "")
        found = crawl(site, memory=memory)
    assert {item.external_id for item in found} == {"/help/", "/help/a", "/help/b", "/help/deep/c"}


def test_a_site_that_goes_down_half_way_allows_no_conclusion():
    many = [f"/help/p{n}" for n in range(30)]
    with served({"/help/": page("Help", BODY, many)}) as site:
        site.pages |= {path: page(path, BODY) for path in many[:10]} | {path: (503, {}, "") for path in many[10:]}
        found = crawl(site)
    assert isinstance(found[-1], Incomplete) and "stopped answering" in found[-1].reason
    assert sum(isinstance(item, Unreadable) for item in found) == 5


def test_a_second_look_fetches_only_what_changed():
    memory = Kept()
    with served(help_site()) as site:
        crawl(site, memory=memory)
        site.pages["/help/b"] = page("B", BODY + "now changed")
        found = crawl(site, memory=memory)
        assert names(found) == ["/help/b"]
        assert [item.external_id for item in found if isinstance(item, Unchanged)] == [
            "/help/",
            "/help/a",
            "/help/deep/c",
        ]
        assert site.unchanged == 3


def test_pages_fetched_before_an_interruption_are_not_asked_for_again():
    memory = Kept()
    with served(help_site()) as site:
        crawl(site, memory=memory)
        memory.pages = {
            address: Remembered(page.external_id, page.etag, page.modified, page.links, is_fresh=True)
            for address, page in memory.pages.items()
        }
        site.asked.clear()
        assert len(crawl(site, memory=memory)) == 4
        assert site.asked == ["/robots.txt"]


def test_a_site_that_cannot_be_entered_is_missing():
    with served({}) as site, pytest.raises(SourceMissing, match="there is no page"):
        crawl(site)
    with pytest.raises(SourceMissing, match="does not answer"):
        crawl(site)
    with pytest.raises(SourceMissing, match="not an http"):
        list(Website("file:///etc/", Fetcher(EVERYWHERE)).documents())
    with served(help_site()) as site, pytest.raises(SourceMissing, match="private address"):
        list(Website(site.address + "/help/", Fetcher(EVERYWHERE)).documents())


def test_a_site_without_end_is_stopped():
    class Endless(dict):
        def get(self, path, default=None):
            number = int(path.removeprefix("/help/").removeprefix("n") or 0) if path.startswith("/help/") else None
            return default if number is None else page(f"P{number}", f"{BODY} {number}", [f"/help/n{number + 1}"])

    with served(Endless()) as site:
        found = crawl(site, max_pages=20)
    assert len(names(found)) == 20 and isinstance(found[-1], Incomplete)


def test_one_page_has_one_spelling():
    assert normal("HTTPS://A.Example:443/x?utm_source=y&b=1&gclid=z#top") == "https://a.example/x?b=1"
    assert normal("http://a.example") == "http://a.example/"
