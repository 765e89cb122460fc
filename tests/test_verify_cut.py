"""A model that stops inside a sentence: its half is not shown, the passage's whole sentence is."""

import pytest

from copilot.drafting.cut import is_cut
from copilot.drafting.select import Scored
from copilot.drafting.types import Citation, Evidence, Request, Sentence
from copilot.drafting.units import units
from copilot.drafting.verify import verify
from copilot.drafting.writers import write
from copilot.privacy import redact
from tests.fakes import FakeEmbedder, ScriptedGenerator

WHOLE = "Add your main domain name (lamp.example, without its protocol) and press the button of the first site."
PASSAGE = f"{WHOLE} Each site has a key."
EVIDENCE = {1: Evidence(1, "Sites", "", PASSAGE, "en", 1.0, 1.0)}


def verdict(text):
    cited = Citation(1, 1, 0, len(PASSAGE), 1.0)
    return verify(Sentence(text, "fact", 0, citations=(cited,)), EVIDENCE).verdict


@pytest.mark.parametrize(
    "text",
    [
        "Add your main domain name (lamp.example.",
        "Add your main domain name (lamp.example, without its protocol) and press the",
        "Add your main domain name (lamp.example, without its protocol) and press the button of the.",
    ],
)
def test_a_sentence_that_stops_inside_is_not_carried(text):
    assert verdict(text) == "unsupported"


def test_a_whole_clause_of_a_sentence_is_no_cut():
    assert verdict("Add your main domain name (lamp.example, without its protocol).") != "unsupported"


def test_what_the_passage_leaves_open_itself_is_no_sign():
    assert not is_cut("Press Save (then wait", "1. Press Save (then wait")


def test_the_whole_sentence_is_quoted_in_its_place():
    evidence = [EVIDENCE[1]]
    chosen = [Scored(unit, 0.9) for unit in units(evidence)]
    model = ScriptedGenerator("Add your main domain name (lamp.example. [1] Each site has a key. [1]")
    request = Request(redact("Site"), redact("How do I add a site?"), "en")
    written = write(request, chosen, evidence, FakeEmbedder(), model)
    assert [sentence.text for sentence in written.sentences if sentence.kind == "fact"] == [
        WHOLE,
        "Each site has a key.",
    ]
    assert written.writer.startswith("model:")
