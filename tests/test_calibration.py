"""A model's numbers travel with it: read from its manifest, used by fusion and by abstaining."""

import json
from dataclasses import asdict, replace

import pytest

from copilot.drafting.draft import draft
from copilot.drafting.types import Evidence, Request
from copilot.inference.calibration import Calibration, calibration_of
from copilot.inference.manifest import ModelUnusable
from copilot.privacy import redact
from knowledge.fusion import dense_weight
from tests.fakes import FakeEmbedder

NUMBERS = asdict(Calibration())


def model(folder, **more):
    (folder / "souffleur.json").write_text(json.dumps({"format": 1, **more}))
    return folder


def test_the_manifests_numbers_are_read_and_without_any_the_defaults_hold(tmp_path):
    numbers = replace(Calibration(), dense_weight_fr=0.9, answer_threshold=0.5)
    assert calibration_of(model(tmp_path, calibration=asdict(numbers))) == numbers
    assert calibration_of(model(tmp_path)) == Calibration()


@pytest.mark.parametrize(
    "said",
    [
        [0.8],
        {},
        {"dense_weight_en": 0.5},
        NUMBERS | {"more": 1},
        NUMBERS | {"answer_threshold": "0.4"},
        NUMBERS | {"answer_threshold": True},
        NUMBERS | {"dense_weight_fr": 1.1},
        NUMBERS | {"dense_weight_fr": float("nan")},
    ],
)
def test_numbers_that_cannot_be_used_are_named(tmp_path, said):
    with pytest.raises(ModelUnusable, match=r"souffleur\.json: 'calibration'"):
        calibration_of(model(tmp_path, calibration=said))


@pytest.mark.parametrize(("languages", "weight"), [(["en"], 0.1), (["fr"], 0.2), (["fr", "en"], 0.3)])
def test_the_dense_arms_share_is_the_embedders(languages, weight):
    numbers = Calibration(dense_weight_en=0.1, dense_weight_fr=0.2, dense_weight_cross=0.3)
    assert dense_weight(languages, numbers) == weight


@pytest.mark.parametrize(("language", "name"), [("en", "answer_threshold"), ("fr", "answer_cross_threshold")])
def test_an_embedder_decides_how_near_is_near_enough_to_answer(language, name):
    asked = Request(redact("Duplicate charge"), redact("When is a duplicate charge refunded?"), "en")
    passage = Evidence(1, "Refunds", "", "A duplicate charge is refunded within ten days.", language, 0.9, 0.6)
    strict = FakeEmbedder()
    strict.calibration = replace(Calibration(), **{name: 1.0})
    assert not draft(asked, [passage], embedder=FakeEmbedder()).abstained
    assert draft(asked, [passage], embedder=strict).abstained
