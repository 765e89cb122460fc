"""`evaluate verification`: the set is what it says, the figures are shares of its rows, and they do not sink."""

import gzip
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from copilot.drafting.weighing import WEIGHTS
from evaluation.damage import damaged
from evaluation.data import BadData
from evaluation.verification import evaluate, read_rows
from evaluation.weights import fit

SET = Path(__file__).parent.parent / "evaluation/sets/verification.jsonl"


@pytest.fixture(scope="module")
def metrics():
    return evaluate(read_rows(SET))[0]


def test_the_set_is_large_and_in_two_languages_and_split_by_passage():
    rows = read_rows(SET)
    assert len(rows) >= 400
    assert all(sum(row.language == language for row in rows) >= 200 for language in ("en", "fr"))
    assert 0.4 <= sum(row.good for row in rows) / len(rows) <= 0.55
    cited = {
        part: {row.passages[n - 1] for row in rows if row.part == part for n in row.cited}
        for part in ("calibrate", "test")
    }
    assert not cited["calibrate"] & cited["test"]


def test_recall_of_bad_and_flagged_good_stay_where_they_were_measured(metrics):
    assert metrics["all"]["bad_caught"] >= 0.95 and metrics["all"]["good_flagged"] <= 0.05
    assert metrics["test"]["bad_caught"] >= 0.92 and metrics["test"]["good_flagged"] <= 0.06
    assert metrics["all"]["repaired"] == 1.0


@pytest.mark.parametrize("kind", ["number", "unit", "date", "address", "code", "path", "promise", "wrong citation"])
def test_what_can_be_compared_exactly_is_always_caught(metrics, kind):
    assert metrics[f"bad: {kind}"]["bad_caught"] == 1.0


def test_a_quotation_is_never_flagged(metrics):
    assert metrics["good: verbatim"]["good_flagged"] == 0.0


@pytest.mark.parametrize(
    "row",
    [
        {"passages": ["A."], "sentence": "A.", "cited": 2, "label": "good"},
        {"passages": ["A."], "sentence": "A.", "cited": [1], "label": "perhaps"},
        {"passages": ["A."], "sentence": "A.", "label": "good"},
    ],
)
def test_a_row_that_cannot_be_read_is_named(tmp_path, row):
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(row) + "\n")
    with pytest.raises(CommandError, match=r"rows\.jsonl"):
        call_command("evaluate", "verification", str(path))


def test_the_command_prints_groups_and_dumps_items(tmp_path, capsys):
    path, dump = tmp_path / "rows.jsonl", tmp_path / "items.jsonl"
    row = {"passages": ["Parcels take 3 days to arrive."], "cited": 1}
    said = [("Parcels take 3 days to arrive.", "good"), ("Parcels take 4 days to arrive.", "bad")]
    path.write_text("".join(json.dumps(row | {"sentence": text, "label": label}) + "\n" for text, label in said))
    call_command("evaluate", "verification", str(path), "--json", "--dump", str(dump))
    found = json.loads(capsys.readouterr().out)["all"]
    assert (found["rows"], found["bad_caught"], found["good_flagged"]) == (2, 1.0, 0.0)
    assert [json.loads(line)["verdict"] for line in dump.read_text().splitlines()] == ["supported", "unsupported"]


def test_damage_is_the_same_for_the_same_seed_and_a_folder_without_any_is_refused(tmp_path):
    text = "You can cancel the order before it is sent. The parcel must be returned within 30 days if it is damaged."
    with gzip.open(tmp_path / "docs.jsonl.gz", "wt") as file:
        file.writelines(json.dumps({"lang": "en", "text": f"{text} Number {n} is free."}) + "\n" for n in range(20))
    assert damaged(tmp_path, 30, 1) == damaged(tmp_path, 30, 1)
    assert {row.good for row in damaged(tmp_path, 30, 1)} == {True, False}
    with pytest.raises(BadData):
        damaged(tmp_path / "none", 30, 1)


def test_weights_are_fitted_to_the_shape_that_is_shipped():
    rows = [row for row in read_rows(SET) if row.part == "calibrate"][:120]
    shipped, made = json.loads(WEIGHTS.read_text()), fit(rows)
    assert made["features"] == shipped["features"] and len(made["weights"]) == len(shipped["weights"])
    with pytest.raises(BadData):
        fit([row for row in rows if row.good])
