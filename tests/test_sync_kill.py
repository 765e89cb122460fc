"""A real worker crawls a real site, is killed in the middle, and another goes on: nothing is read twice in vain."""

import time

import pytest

from evaluation.site import page, served
from tests.house import running_house

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]

PAGES = 45
ADD = """
import sys, django; django.setup()
from knowledge import runs
from knowledge.models import Source
options = {"allow_private": True, "pause": 0}
runs.ask(Source.objects.create(name="site", kind="website", location=sys.argv[1] + "/help/", options=options))
"""
HASTE = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from knowledge.models import SyncRun
SyncRun.objects.update(heartbeat=timezone.now() - timedelta(hours=1))
"""
INDEXED = """
SELECT count(*) FROM knowledge_article article JOIN knowledge_source source ON source.id = article.source_id
WHERE source.name = 'site' AND NOT article.is_deleted
"""


def slow(number):
    """A page that takes a moment."""

    def answer():
        time.sleep(0.06)
        return page(f"Page {number}", f"<p>What the help centre says about part number {number} of a bike.</p>")

    return answer


def wait(house, query, wanted, seconds):
    deadline = time.monotonic() + seconds
    while not wanted(found := house.ask(query)[0][0]):
        assert time.monotonic() < deadline, f"{query.strip()} is still {found}"
        time.sleep(0.1)


def test_a_killed_sync_goes_on_where_it_was(tmp_path, sample_world):
    links = [f"/help/p{number}" for number in range(PAGES)]
    site_pages = {"/help/": page("Help", "<p>All that we are asked about.</p>", links)}
    site_pages |= {link: slow(number) for number, link in enumerate(links)}
    nobody = "http://127.0.0.1:9"
    with served(site_pages) as site, running_house(tmp_path, "sync", nobody, sample_world) as house:
        house.run("-c", ADD, site.address)
        wait(house, INDEXED, lambda count: 32 <= count < PAGES, 60)
        house.kill("sync")
        house.run("-c", HASTE)  # the dead worker's lease, over now
        wait(house, INDEXED, lambda count: count == PAGES + 1, 90)
        done = "SELECT count(*) FROM knowledge_syncrun WHERE state = 'done' AND attempts >= 2"
        assert house.wait(done, [(1,)], 30) == [(1,)]
    asked = [path for path in site.asked if path.startswith("/help/p")]
    assert set(asked) == set(links)
    # The first 32 were written before the kill: the second worker asked for none of them again.
    assert len(asked) <= 2 * PAGES - 32
