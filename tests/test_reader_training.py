"""`manage.py train reader --small`, the whole way: labelled tickets to weights that load and draft."""

import gzip
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from copilot import engine
from copilot.drafting.draft import draft
from copilot.drafting.needs import needs
from copilot.drafting.reader import load
from copilot.drafting.types import Request
from copilot.management.reviewed import reviewed
from copilot.privacy import redact
from knowledge.evidence import evidence_for
from knowledge.indexing import sync
from knowledge.models import Source
from tests.conftest import QUOTED
from tickets.models import Reply, Review
from training.reader.cases import is_gold
from training.reader.examples import Quote, digest, examples
from training.reader.library import Library
from training.reader.own import own_cases

THINGS = ["lamp", "kettle", "bicycle", "garden hose", "printer", "piano", "tent", "camera", "oven", "heater"]
ACTS = ["clean", "repair", "return", "register", "insure", "store"]


def section(thing, act):
    return f"About the {thing}. To {act} the {thing}, open its box and press the {act} button. It is free."


def row(product, thing, act):
    return {
        "repo": product, "path": f"{thing}.md", "title": f"The {thing}", "heading": f"How to {act}", "lang": "en",
        "text": section(thing, act),
    }  # fmt: skip


def label(product, number, thing, act):
    text = section(thing, act)
    start = text.index("To ")
    gold = {"path": f"{thing}.md", "heading": f"How to {act}", "start": start, "end": text.index(" It is")}
    gold["sha"] = digest(text[start : gold["end"]])
    return {
        "id": f"{product}-{number}", "lang": "en", "source": product, "subject": thing, "kind": "answerable",
        "body": f"Hello, how can I {act} my {thing}? Thanks", "gold": [gold],
    }  # fmt: skip


@pytest.fixture
def corpus(tmp_path):
    """Two small products and a few hundred tickets about them, a third of which nothing answers."""
    data, labels = tmp_path / "docs", tmp_path / "labels"
    data.mkdir()
    labels.mkdir()
    tickets = []
    for product, things in (("indoors", THINGS[:5]), ("outdoors", THINGS[5:])):
        pairs = [(thing, act) for thing in things for act in ACTS]
        with gzip.open(data / f"{product}.jsonl.gz", "wt") as file:
            file.writelines(json.dumps(row(product, *pair)) + "\n" for pair in pairs)
        tickets += [label(product, n, *pairs[n % len(pairs)]) for n in range(20)]
        tickets += [
            {"id": f"{product}-no-{n}", "lang": "en", "source": product, "subject": "Ferry", "kind": "unanswerable",
             "body": f"Can {n} passengers keep their cabin on the boat to Naxos?", "gold": []}
            for n in range(10)
        ]  # fmt: skip
    (labels / "all.jsonl").write_text("\n".join(map(json.dumps, tickets)))
    return data, labels


@pytest.mark.django_db(transaction=True)
def test_small_training_writes_weights_that_load_and_draft(corpus, tmp_path, capsys):
    data, labels = corpus
    out = tmp_path / "weights" / "reader.json"
    call_command("train", "reader", data=data, labels=labels, out=out, small=True)
    trained, embedder = load(out), engine.embedder()
    assert "products left out" in capsys.readouterr().out
    sync(Source.objects.create(name="indoors", location=""), Library(data).articles("indoors"), embedder)
    request = Request(redact("kettle"), redact("How do I repair the kettle?"), "en")
    asked = needs(request, embedder)
    written = draft(request, evidence_for(asked, "en", embedder), embedder=embedder, reader=trained)
    assert any("repair button" in fact.text for fact in written.facts)
    assert trained.recipe in written.recipe


def test_a_label_whose_text_has_changed_is_refused(corpus):
    data, labels = corpus
    first = json.loads((labels / "all.jsonl").read_text().splitlines()[0])
    first["gold"][0]["sha"] = "00000000"
    (labels / "all.jsonl").write_text(json.dumps(first))
    with pytest.raises(ValueError, match="no longer holds"):
        examples(labels, Library(data))


def test_without_labels_the_command_says_so(tmp_path):
    with pytest.raises(CommandError, match=r"no \.jsonl file"):
        call_command("train", "reader", data=tmp_path, labels=tmp_path, out=tmp_path / "x.json")


def test_a_unit_is_gold_where_a_quote_of_its_own_page_says_it():
    quotes = [Quote("lamp.md", "Open the box. Press **Start** on the lamp, and wait for ten seconds.")]
    assert is_gold("Press Start on the lamp, and wait for ten seconds.", "lamp.md", quotes)
    assert not is_gold("Press Start on the lamp, and wait for ten seconds.", "tent.md", quotes)
    assert not is_gold("The lamp is sold in grey.", "lamp.md", quotes)


def test_what_an_agent_kept_is_learned_and_what_was_deleted_counts_as_wrong(draft, agent, passage):
    review = Review.objects.create(draft=draft, reviewer=agent, outcome=Review.Outcome.EDITED)
    Reply.objects.create(review=review, ticket=draft.ticket, body=f"Hello,\n\n{QUOTED}", not_before=review.created_at)
    [row] = reviewed()
    assert row.kept == (Quote("returns.md", QUOTED),)
    assert "4242" not in row.request.body.text
    Reply.objects.update(body="Hello, something else.")
    [row] = reviewed()
    assert row.kept == () and list(own_cases([row], engine.embedder())) == []


def test_a_rejected_draft_teaches_nothing(draft, agent):
    Review.objects.create(draft=draft, reviewer=agent, outcome=Review.Outcome.REJECTED)
    assert list(reviewed()) == []
