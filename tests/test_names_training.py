"""Training the tagger of names: what is marked in made texts, what is kept apart, and that what serves is the same."""

import random

import numpy as np
import pycrfsuite
import pytest

from copilot.privacy.lexicon import Known
from copilot.privacy.signs import Reading
from copilot.privacy.tagger import LABELS, Tagger, best_path
from training.names.corpora import labelled
from training.names.filling import fill
from training.names.fit import attributes, fit
from training.names.mixture import templates
from training.names.people import Namer, held_out, in_lexicon, people
from training.names.postal import Postman
from training.names.slots import Slots
from training.names.variations import Turner, joined, varied


@pytest.fixture(scope="module")
def slots():
    chance = random.Random(5)
    return Slots(Namer(people(), chance, held=False), Postman(chance, held=False), ["Jira", "Search Console"], chance)


def said(filled):
    return [(filled.text[span.start : span.end], span.kind) for span in filled.spans]


def test_what_stands_in_a_persons_slot_is_marked(slots):
    filled = fill("Hi {first}, ask {titled} at {org} in {city}.", "en", slots)
    assert [kind for _, kind in said(filled)] == ["PERSON", "PERSON"]
    assert filled.text.startswith(f"Hi {said(filled)[0][0]}, ask {said(filled)[1][0]} at ")


def test_parts_of_an_address_and_the_town_after_it_are_one(slots):
    filled = fill(
        "To {{prefix}} {{last_name}}\n{{building_number}} {{street_name}}\n {{city}}\n{{zipcode}} today", "en", slots
    )
    assert [kind for _, kind in said(filled)] == ["PERSON", "ADDRESS"]
    assert filled.text.endswith(f"{said(filled)[1][0]} today")


def test_a_town_alone_is_nobodys(slots):
    assert not fill("We moved from {city} to {country}.", "fr", slots).spans


def test_a_person_comes_into_a_real_sentence(slots):
    turner = Turner(["Zorvex"], slots, random.Random(1))
    turned = [turner.turned("Ask the user for the code.", "en") for _ in range(40)]
    named = [one for one in turned if one.spans]
    assert named and all(one.text == f"Ask {said(one)[0][0]} for the code." for one in named)


def test_changed_case_keeps_the_marks(slots):
    filled, chance = fill("Regards,\n{person}", "en", slots), random.Random(2)
    assert all(varied(filled, chance).spans == filled.spans for _ in range(50))
    both = joined([filled, filled], "\n\n")
    assert said(both) == said(filled) * 2


def test_labels_of_words_become_spans():
    found = labelled(["i", "am", "ann", "lee", "12", "main", "street"], ["", "", "PERSON", "PERSON", *["ADDRESS"] * 3])
    assert said(found) == [("ann lee", "PERSON"), ("12 main street", "ADDRESS")]


def test_names_kept_for_measuring_are_given_to_nobody_else():
    chance = random.Random(3)
    shown, kept = Namer(people(), chance, held=False), Namer(people(), chance, held=True)
    assert not any(held_out(shown.first("fr_FR").split("-")[0]) for _ in range(200))
    assert all(held_out(kept.first("en_US")) for _ in range(200))
    assert not any(held_out(name) and in_lexicon(name) for name in people().first["fr_FR"])


def test_what_serves_says_what_was_learned(slots, tmp_path, monkeypatch):
    """The same labels as CRFsuite itself, on texts that it has not seen."""
    monkeypatch.setattr("training.names.fit.TINY", 0.0)  # after so few rounds small weights decide
    lexicon = dict.fromkeys(["hi", "my", "name", "is", "the", "regards", "dear", "from", "to"], int(Known.COMMON))
    texts = [fill(one, "en", slots) for one in templates("en.txt") + templates("plain.txt")]
    weights = fit(texts, lexicon, tmp_path / "crf", (0.0, 0.0), iterations=15)
    theirs, ours = pycrfsuite.Tagger(), Tagger(weights)
    theirs.open(str(tmp_path / "crf"))
    found = 0
    for template in templates("held/en.txt"):
        signs = Reading(lexicon).signs(fill(template, "en", slots).text)
        path = best_path(ours._scores(signs), weights.transitions)
        labels = theirs.tag(list(attributes(signs)))
        assert [LABELS[one] for one in path] == labels
        found += len(set(labels)) > 1
    assert found > 5 and np.isfinite(weights.near.weights).all()
