"""What says the same is found once; what contradicts is not folded; and a hit says which words found it."""

import pytest

from copilot.privacy import redact
from knowledge.folding import fold
from knowledge.indexing import sync
from knowledge.models import Source
from knowledge.search import search
from knowledge.types import Hit
from tests.fakes import FakeEmbedder
from tests.test_retrieval import BIKE, REFUND, Listed, document, found

SAID = "You can return a bike to our workshop within 30 days of its delivery, if its display shows less than 50 km."


def hit(key, text=SAID, *, language="en", visibility="public", score=1.0):
    return Hit(key, f"a{key}", "T", "", "", text, language, visibility, score, 0.5, 1.0)


def test_a_repetition_is_folded_into_the_better_one():
    folded = fold([hit(1), hit(2, "Something else that is said about parcels."), hit(3, f"{SAID} Thanks.")])
    assert [(one.passage_id, one.also) for one in folded] == [(1, (3,)), (2, ())]


@pytest.mark.parametrize(
    "other", [hit(2, SAID.replace("30", "14")), hit(2, language="fr"), hit(2, SAID[:60]), hit(2, "")]
)  # fmt: skip
def test_what_differs_is_not_folded(other):
    assert [one.passage_id for one in fold([hit(1), other])] == [1, 2]


def test_the_public_one_of_two_stays():
    [one] = fold([hit(1, visibility="internal", score=0.9), hit(2, score=0.8)])
    assert (one.passage_id, one.also, one.score) == (2, (1,), 0.9)


def test_no_hits_fold_to_none():
    assert fold([]) == []


@pytest.mark.django_db
def test_a_search_fills_up_after_folding():
    copies = [document(f"copy{n}", SAID, title="Returns") for n in range(4)]
    sync(Source.objects.create(name="kb"), Listed(*copies, BIKE, REFUND), FakeEmbedder())
    names = found("return a bike within days of delivery", k=2)
    assert len(names) == 2 and sum(name.startswith("copy") for name in names) == 1


@pytest.mark.django_db
def test_a_hit_names_the_words_that_it_shares_with_the_question():
    sync(Source.objects.create(name="kb"), Listed(REFUND, BIKE), FakeEmbedder())
    [first] = search(
        redact("When are duplicated charges refunded?"),
        embedder=FakeEmbedder(),
        languages=["en"],
        audience="customer",
        k=1,
    )
    assert first.words == ("duplicated", "charges", "refunded")
