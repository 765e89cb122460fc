"""A folder of Markdown served as a website, crawled, edited and crawled again.

What must hold is checked, not only counted: an edited page alone is embedded again, a removed one is found no more, a
moved one keeps its versions, and a passage that was cited before an edit is known to be an old one.
"""

import time
from pathlib import Path
from typing import Any

from copilot.inference.embedder import Embedder
from copilot.privacy import redact
from evaluation.data import BadData
from evaluation.site import Site, help_centre, page, served
from knowledge.fetching.fetch import Fetcher
from knowledge.indexing import SyncReport, sync
from knowledge.models import Article, Passage, Source
from knowledge.search import search
from knowledge.sources.memory import PageMemory
from knowledge.sources.opening import destinations
from knowledge.sources.website import Website

EDITED = 3
Row = dict[str, Any]


def evaluate(folder: Path, embedder: Embedder) -> dict[str, Row]:
    """What each of three crawls saw and did. Call inside `scratch_database()`. Raises BadData."""
    pages = help_centre(folder)
    if len(pages) < EDITED + 4:
        raise BadData(f"{folder}: needs at least {EDITED + 3} Markdown files (*.md)")
    with served(pages) as site:
        source = Source.objects.create(name=folder.name, kind=Source.Kind.WEBSITE, location=f"{site.address}/help/")
        rows = {"first": _crawl(site, source, embedder), "unchanged": _crawl(site, source, embedder)}
        cited, edited, removed, moved = _edit(site, source)
        rows["edited"] = _crawl(site, source, embedder)
    rows["edited"] |= _check(source, embedder, cited, edited, removed, moved)
    return rows


def _crawl(site: Site, source: Source, embedder: Embedder) -> Row:
    site.asked.clear()
    site.unchanged, started = 0, time.perf_counter()
    with Fetcher(destinations(source), allow_private=True) as fetcher:
        report = sync(source, Website(source.location, fetcher, PageMemory(source, None)), embedder)
    seconds = time.perf_counter() - started
    return {"requests": len(site.asked), "not_modified": site.unchanged, "seconds": round(seconds, 1), **_row(report)}


def _row(report: SyncReport) -> Row:
    counts = {name: getattr(report, name) for name in ("seen", "changed", "moved", "deleted")}
    return {**counts, "passages_embedded": report.passages, "errors": len(report.errors)}


def _edit(site: Site, source: Source) -> tuple[Passage, list[str], str, str]:
    """Change three pages, remove one, move one; which they are, and a passage of the first that a draft may cite."""
    names = [name for name in site.pages if name != "/help/"]
    *edited, removed, moved = names[: EDITED + 2]
    cited = Passage.objects.filter(version__article__source=source, version__article__external_id=edited[0])[0]
    for name in edited:
        site.pages[name] = site.pages[name].replace("</main>", "<p>Since the spring this is done by return.</p></main>")
    del site.pages[removed]
    site.pages[f"{moved}-anew"] = site.pages.pop(moved)
    links = [name for name in site.pages if name != "/help/"]
    site.pages["/help/"] = page("Help centre", "<p>All that we are asked.</p>", links)
    return cited, edited, removed, moved


def _check(source: Source, embedder: Embedder, cited: Passage, edited: list[str], removed: str, moved: str) -> Row:
    cited.refresh_from_db()
    gone = Article.objects.get(source=source, external_id=removed)
    title = gone.versions.first()
    assert title is not None
    hits = search(redact(title.title), embedder=embedder, languages=["en", "fr"], audience="customer", k=50)
    numbers = {
        name: Article.objects.get(source=source, external_id=name).versions.count()
        for name in [*edited, f"{moved}-anew"]
    }
    return {
        "removed_is_found": removed in {hit.article for hit in hits},
        "citation_says_changed": not cited.current,
        "versions_of_edited": min(numbers[name] for name in edited),
        "versions_of_moved": numbers[f"{moved}-anew"],
    }
