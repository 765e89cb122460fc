"""`make demo`, as a newcomer runs it: on one's own articles and tickets, and what it says when they cannot be used.

The whole path, from the signed webhook to the reply at the helpdesk, runs in a network namespace without any route: a
model, a lookup or a statistic that wants to go out fails there.
"""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

from tests import workers

pytestmark = [pytest.mark.integration, pytest.mark.timeout(200)]

TICKETS = [
    {"subject": "Duplicate charge", "body": "When is a duplicate charge refunded to my card?", "lang": "en"},
    {"subject": "Cabine", "body": "Bonjour, peut-on garder notre cabine sur le bateau de Naxos ?", "lang": "fr"},
]


def demo(tmp_path, *options, alone=False):
    """Run the demo with bundled services of its own, `alone`: where no route leads out; what it printed, and its exit
    status.
    """
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    environment |= {"SOUFFLEUR_DATA": str(tmp_path / "data"), "SOUFFLEUR_MODELS": str(settings.MODELS_DIR)}
    command = [sys.executable, "-m", "demo", "--port", str(workers.port(8650)), *map(str, options)]
    apart = [sys.executable, "-m", "tests.alone"] if alone else []
    done = subprocess.run(
        apart + command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False,
        timeout=180,
    )  # fmt: skip
    return done.stdout + done.stderr, done.returncode


@pytest.fixture
def own(tmp_path):
    """A folder with one article, and a file of tickets."""
    articles = tmp_path / "kb"
    articles.mkdir()
    (articles / "refunds.md").write_text("# Refunds\n\nA duplicate charge is refunded to your card within ten days.")
    (tmp_path / "tickets.jsonl").write_text("\n".join(map(json.dumps, TICKETS)))
    return articles, tmp_path / "tickets.jsonl"


def test_the_whole_path_on_ones_own_articles_and_tickets(tmp_path, own):
    is_root = os.geteuid() == 0  # who may make a network namespace; CI is root
    said, status = demo(tmp_path, "--once", "--kb", own[0], "--tickets", own[1], alone=is_root)
    assert status == 0, said
    assert is_root == ("no route leads out of here" in said)
    rows = [line for line in said.splitlines() if line.startswith("  tickets-")]
    assert "Duplicate charge" in rows[0] and "accepted" in rows[0]
    assert "Cabine" in rows[1] and "abstained" in rows[1]


@pytest.mark.parametrize(
    ("kb", "tickets", "reason"),
    [
        ("none", "tickets.jsonl", "is not a folder"),
        ("kb", "none.jsonl", "cannot be read"),
        ("kb", "kb/refunds.md", "line 1"),
    ],
)
def test_what_cannot_be_used_is_named_and_the_exit_status_is_1(tmp_path, own, kb, tickets, reason):
    said, status = demo(tmp_path, "--once", "--kb", tmp_path / kb, "--tickets", tmp_path / tickets)
    assert status == 1 and reason in said and "Traceback" not in said
