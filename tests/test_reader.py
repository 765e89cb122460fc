"""The trained reader: what it prefers, what it refuses, and what it does with weights that it cannot use."""

import json
from dataclasses import replace

import numpy as np
import pytest

from copilot import engine
from copilot.drafting import reader as readers
from copilot.drafting.draft import draft
from copilot.drafting.needs import needs
from copilot.drafting.reader import SHIPPED, TrainedReader, load, reader_for, reader_named
from copilot.drafting.select import MAX_WORDS, select
from copilot.drafting.sheet import sheet
from copilot.drafting.similarity import SimilarityReader
from copilot.drafting.types import Evidence, Request
from copilot.inference.manifest import ModelUnusable
from copilot.privacy import redact
from tests.fakes import FakeEmbedder

PASSWORD = (
    "You can set a new password on the sign-in page.\nTo set it:\n1. Press Forgotten password.\n2. Open the mail."
)
PAGES = {
    "colour.md": ("Colours", "The lamp is sold in grey, coral and blue. The blue one is new this year."),
    "password.md": ("Set a new password", PASSWORD),
    "posts.md": ("Delivery", "We deliver to every country of Europe. Delivery takes two to four working days."),
}


@pytest.fixture(scope="module")
def embedder():
    return engine.embedder()


def evidence(*names, language="en"):
    return [
        Evidence(n, *PAGES[name][:1], "", PAGES[name][1], language, 1 - n / 10, 0.4, page=name)
        for n, name in enumerate(names, 1)
    ]


def request(body, subject="Question"):
    return Request(redact(subject), redact(body), "en")


def read(body, embedder, *names):
    asked = sheet(needs(request(body), embedder), evidence(*names), embedder)
    return asked, reader_for(embedder).read(asked)


def test_the_shipped_weights_serve_with_the_shipped_embedder_and_no_other(embedder):
    assert isinstance(reader_for(embedder), TrainedReader)
    assert isinstance(reader_for(FakeEmbedder()), SimilarityReader)


def test_the_page_that_answers_is_put_first_whatever_the_search_thought(embedder):
    asked, reading = read(
        "I forgot my password, how do I set a new one?", embedder, "colour.md", "posts.md", "password.md"
    )
    assert asked.evidence[reading.order[0]].page == "password.md"


def test_what_answers_is_more_probable_to_than_what_does_not(embedder):
    _, there = read("How do I set a new password?", embedder, "password.md", "colour.md")
    _, absent = read("Can I bring my dog on the ferry to Naxos?", embedder, "posts.md", "colour.md")
    assert there.answers > reader_for(embedder).threshold > absent.answers


def test_a_draft_shows_its_evidence_best_first_and_quotes_whole_steps(embedder):
    written = draft(request("How do I set a new password?"), evidence("colour.md", "password.md"), embedder=embedder)
    assert not written.abstained and written.ranked[0] == 2
    steps = [fact.text for fact in written.facts if fact.listing == "ol"]
    assert steps in ([], ["Press Forgotten password.", "Open the mail."])
    assert reader_for(embedder).recipe in written.recipe


def test_the_same_ticket_gives_the_same_draft(embedder):
    asked, found = request("How do I set a new password?"), evidence("colour.md", "password.md")
    assert draft(asked, found, embedder=embedder) == draft(asked, found, embedder=embedder)


def test_no_more_is_shown_than_a_reply_should_hold(embedder):
    long = " ".join(f"You can set password number {n} on the sign-in page of the lamp." for n in range(60))
    asked = sheet(
        needs(request("How do I set a password?"), embedder), [replace(evidence("posts.md")[0], text=long)], embedder
    )
    words = sum(len(item.unit.text.split()) for item in select(asked, reader_for(embedder).read(asked)))
    assert 0 < words <= MAX_WORDS


def test_the_need_without_an_answer_is_named_and_nothing_is_claimed_of_it():
    asked = request("How do I set a new password? Can I bring my dog on the ferry to Naxos tomorrow?")
    judge = Fixed(chances=(0.9, 0.05))
    written = draft(asked, evidence("password.md"), embedder=FakeEmbedder(), reader=judge)
    [said] = [sentence for sentence in written.sentences if sentence.kind == "holding"]
    assert "dog on the ferry" in said.text and "password" not in said.text and not said.citations
    assert written.sentences[-1].kind == "closing"


def test_where_every_need_is_met_nothing_is_held_back():
    asked = request("How do I set a new password? Where is the sign-in page of the lamp?")
    written = draft(asked, evidence("password.md"), embedder=FakeEmbedder(), reader=Fixed(chances=(0.9, 0.8)))
    assert "holding" not in {sentence.kind for sentence in written.sentences}


class Fixed(SimilarityReader):
    """Similarity's choice, with the probabilities that a test names."""

    def __init__(self, chances):
        super().__init__(FakeEmbedder.calibration)
        object.__setattr__(self, "chances", chances)

    __slots__ = ("chances",)

    def read(self, sheet):
        return replace(super().read(sheet), answers=max(self.chances), needs=self.chances)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"format": 99}',
        json.dumps({**json.loads(SHIPPED.read_text()), "threshold": None}),
        json.dumps({**json.loads(SHIPPED.read_text()), "units": {"bias": 0, "features": {"ctx_need": [0, 0, 1]}}}),
    ],
)
def test_weights_that_cannot_be_used_are_named(tmp_path, content):
    file = tmp_path / "reader.json"
    file.write_text(content)
    with pytest.raises(ModelUnusable, match=r"reader"):
        load(file)


def test_weights_for_features_that_are_not_made_are_refused(tmp_path, embedder):
    said = json.loads(SHIPPED.read_text())
    said["units"]["features"]["of_tomorrow"] = [0.0, 1.0, 1.0]
    file = tmp_path / "reader.json"
    file.write_text(json.dumps(said))
    asked = sheet(needs(request("password?"), embedder), evidence("password.md"), embedder)
    with pytest.raises(ModelUnusable, match="of_tomorrow"):
        load(file).read(asked)


def test_a_page_is_weighed_by_all_its_passages_and_probabilities_sum_to_one():
    assert readers.softmax(np.array([1.0, 2.0, 3.0])).sum() == pytest.approx(1.0)


def test_weights_of_another_embedder_are_not_served_when_they_are_asked_for(tmp_path, embedder):
    file = tmp_path / "reader.json"
    file.write_text(json.dumps({**json.loads(SHIPPED.read_text()), "embedder": "other-model"}))
    with pytest.raises(ModelUnusable, match="other-model"):
        reader_named(str(file), embedder)
    assert reader_named("", embedder) == reader_for(embedder)
    assert isinstance(reader_named("similarity", embedder), SimilarityReader)
