"""A model's text settled: citations put right, failed sentences replaced, loops and emptiness left to the quotation."""

import pytest

from copilot.drafting.repair import repair
from copilot.drafting.select import Scored
from copilot.drafting.types import Citation, Evidence, Request, Sentence
from copilot.drafting.units import units
from copilot.drafting.writers import REPAIRED, REPEATED, UNCARRIED, write
from copilot.privacy import redact
from tests.fakes import FakeEmbedder, ScriptedGenerator

REFUND = "A duplicate charge is refunded to the card within 10 working days. It needs no action from you."
DELIVERY = "Parcels take 3 to 5 working days. Delivery costs £4.90 below £60."
EVIDENCE = [
    Evidence(7, "Refunds", "", REFUND, "en", 0.9, 0.9, page="refunds.md"),
    Evidence(9, "Delivery", "", DELIVERY, "en", 0.8, 0.8, page="delivery.md"),
]
ASKED = Request(redact("Charge"), redact("When is it refunded, and when does the parcel come?"), "en")
FIRST = "A duplicate charge is refunded to the card within 10 working days"
SECOND = "Parcels take 3 to 5 working days"


def settled(text, progress=None):
    chosen = [Scored(unit, 1.0) for unit in units(EVIDENCE) if not unit.leans]
    return write(ASKED, chosen, EVIDENCE, FakeEmbedder(), ScriptedGenerator(text), progress)


def facts(written):
    return [sentence for sentence in written.sentences if sentence.kind == "fact"]


def test_a_wrong_and_a_missing_number_are_put_right_where_one_passage_carries_the_sentence():
    written = settled(f"{FIRST} [2]. {SECOND}.")
    assert [(fact.repaired, fact.citations[0].evidence) for fact in facts(written)] == [(True, 7), (True, 9)]
    assert written.note == REPAIRED and written.writer == "model:scripted-1"


def test_nothing_is_guessed_where_two_passages_carry_a_sentence():
    twice = {n: Evidence(n, "", "", REFUND, "en", 1.0, 1.0) for n in (1, 2)}
    lone = {1: twice[1]}
    said = Sentence(f"{FIRST}.", "fact", 0)
    assert repair(said, twice, {1: 1, 2: 2}) is None
    assert repair(said, lone, {1: 1}).citations == (Citation(1, 1, 0, len(FIRST) + 1, 1.0),)


def test_a_failed_sentence_gives_way_to_words_of_the_passage_that_it_named():
    written = settled(f"{FIRST} [1]. Delivery costs £9.90 below £60 [2].")
    assert [fact.text for fact in facts(written)] == [f"{FIRST}.", "Delivery costs £4.90 below £60."]
    assert all(fact.verdict == "supported" for fact in facts(written))


def test_a_failed_sentence_that_named_nothing_is_dropped():
    written = settled(f"{FIRST} [1]. We promise a voucher.")
    assert [fact.text for fact in facts(written)] == [f"{FIRST}."]


def test_a_question_is_kept_and_a_models_greeting_is_not_said_twice():
    written = settled(f"Hello! {FIRST} [1]. Which card did you use?")
    assert [said.text for said in written.sentences if said.kind == "question"] == ["Which card did you use?"]
    assert sum(said.kind == "greeting" for said in written.sentences) == 1


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (f"{FIRST} [1]. " * 60, REPEATED),
        ("word " * 2000, UNCARRIED),
        ("", UNCARRIED),
        ("Hello! Which card did you use?", UNCARRIED),
        ("It is all free [1]. You get a bike [2]. " + f"{SECOND} [2].", UNCARRIED),
    ],
)
def test_loops_and_nothing_are_left_to_the_quoting_writer_which_says_so(text, note):
    written = settled(text)
    assert (written.writer, written.note) == ("quote", note)
    assert facts(written) and all(fact.verdict == "supported" for fact in facts(written))


def test_progress_hears_only_what_was_checked():
    heard = []
    settled(f"{FIRST} [1]. We promise a voucher [1]. {SECOND} [2].", lambda stage, said: heard.append((stage, said)))
    assert {stage for stage, _ in heard} == {"verify"}
    shown = [fact for _, said in heard for fact in said if fact.kind == "fact"]
    assert shown and all(fact.verdict in ("supported", "weak") for fact in shown)


def test_what_progress_raises_stops_the_draft():
    def stop(stage, said):
        raise TimeoutError

    with pytest.raises(TimeoutError):
        settled(f"{FIRST} [1].", stop)
