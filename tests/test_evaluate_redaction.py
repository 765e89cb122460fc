"""`evaluate redaction`: what counts as found, as wrong, as neither; and what the command says."""

import json

import pytest
from django.core.management import CommandError, call_command

from copilot.privacy.spans import Span
from evaluation.masking.french import SET, rows
from evaluation.masking.gold import read
from evaluation.masking.scores import Found, scores


def saved(tmp_path, *texts, name="gold.json"):
    """A file of texts with marks written as [LABEL value]."""
    made = []
    for text in texts:
        plain, spans = "", []
        for piece in text.replace("[", "\0[").replace("]", "\0").split("\0"):
            label, _, value = piece[1:].partition(" ") if piece.startswith("[") else ("", "", piece)
            if label:
                spans.append({"entity_type": label, "entity_value": value,
                              "start_position": len(plain), "end_position": len(plain) + len(value)})  # fmt: skip
            plain += value
        made.append({"full_text": plain, "spans": spans})
    path = tmp_path / name
    path.write_text(json.dumps(made), encoding="utf-8")
    return path


def required(tmp_path, text):
    document = read(saved(tmp_path, text))[0]
    return [(mark.label, document.text[mark.start : mark.end]) for mark in document.required]


class TestGold:
    def test_a_place_counts_only_in_an_address(self, tmp_path):
        text = "[ADDRESS 12 High St],\n [LOCATION Bath], [LOCATION Wales] and then [LOCATION Rome]"
        assert required(tmp_path, text) == [
            ("ADDRESS", "12 High St"), ("ADDRESS", "Bath"), ("ADDRESS", "Wales"),
        ]  # fmt: skip

    def test_a_date_counts_only_as_a_birth(self, tmp_path):
        assert required(tmp_path, "born on [DATE_TIME 1/2/80]") == [("DATE_TIME", "1/2/80")]
        assert required(tmp_path, "meet on [DATE_TIME sunday]") == []

    def test_forms_of_address_are_no_part_of_a_name(self, tmp_path):
        assert required(tmp_path, "[PERSON Dr.] [PERSON Mrs. Ann Lee] of [ORGANIZATION Acme]") == [
            ("PERSON", "Ann Lee")
        ]

    def test_slots_of_multidogo(self, tmp_path):
        path = tmp_path / "train.tsv"
        path.write_text("utterance\tslot-labels\nann lee and 4577\tname name O ssn\nbroken\tO O\n", encoding="utf-8")
        (document,) = read(path)
        assert [(mark.kind, document.text[mark.start : mark.end]) for mark in document.required] == [
            ("PERSON", "ann lee"), ("IDNUMBER", "4577"),
        ]  # fmt: skip


class TestScores:
    def of(self, tmp_path, text, *masks):
        """The scores of masks given as kind and words."""
        (document,) = read(saved(tmp_path, text))
        found = [Span(place := document.text.index(words), place + len(words), kind) for kind, words in masks]
        return scores([Found(document, found)])

    def test_all_right(self, tmp_path):
        it = self.of(
            tmp_path, "I am [PERSON Ann Lee], [EMAIL_ADDRESS a@b.fr]", ("PERSON", "Ann Lee"), ("EMAIL", "a@b.fr")
        )
        assert it["overall"]["precision"] == it["overall"]["recall"] == it["overall"]["f2"] == 1
        assert (it["documents"], it["documents_leaking"]) == (1, 0)

    def test_half_is_found_and_still_leaks(self, tmp_path):
        it = self.of(tmp_path, "I am [PERSON Anna Lee]", ("PERSON", "Anna"))
        assert it["PERSON"]["recall"] == 1
        assert it["PERSON"]["char_recall"] == pytest.approx(4 / 7)
        assert (it["documents_leaking"], it["documents_missing"]) == (1, 0)

    def test_less_than_half_is_missed(self, tmp_path):
        it = self.of(tmp_path, "I am [PERSON Anna Lee]", ("PERSON", "Lee"))
        assert (it["PERSON"]["recall"], it["documents_missing"]) == (0, 1)

    def test_a_wrong_name_masks_but_is_not_precise(self, tmp_path):
        it = self.of(tmp_path, "[US_SSN 536-90-4399]", ("PHONE", "536-90-4399"))
        assert (it["overall"]["precision"], it["US_SSN"]["recall"], it["US_SSN"]["recall_named"]) == (1, 1, 0)
        assert it["overall_named"]["recall"] == 0

    def test_a_town_is_neutral_as_an_address_and_wrong_as_a_person(self, tmp_path):
        text = "[PERSON Ann] is from [LOCATION Rome]"
        assert self.of(tmp_path, text, ("PERSON", "Ann"), ("ADDRESS", "Rome"))["overall"]["precision"] == 1
        assert self.of(tmp_path, text, ("PERSON", "Ann"), ("PERSON", "Rome"))["overall"]["precision"] == 0.5

    def test_a_mask_over_too_much_is_wrong(self, tmp_path):
        it = self.of(tmp_path, "[PERSON Ann] will call tomorrow", ("PERSON", "Ann will call tomorrow"))
        assert (it["overall"]["precision"], it["overall"]["recall"]) == (0, 1)


class TestCommand:
    def test_json(self, tmp_path, capsys):
        path = saved(tmp_path, "write to [EMAIL_ADDRESS a@example.org]", "nothing here", "call [PHONE_NUMBER 12]")
        call_command("evaluate", "redaction", str(path), "--json", "--no-rivals")
        said = json.loads(capsys.readouterr().out)
        assert said["EMAIL_ADDRESS"]["recall"] == 1
        assert said["overall"]["recall"] == 0.5
        assert set(said["overall"]) >= {"precision", "recall", "f2"}
        assert (said["documents"], said["documents_leaking"]) == (3, 1)

    def test_table_and_dump(self, tmp_path, capsys):
        path = saved(tmp_path, "call [PHONE_NUMBER 12]")
        call_command("evaluate", "redaction", str(path), "--no-rivals", "--dump", str(tmp_path / "dump"))
        assert "documents with a leak: 1 of 1" in capsys.readouterr().out
        assert json.loads((tmp_path / "dump").read_text())["missed"] == [["PHONE", "12"]]

    def test_texts_without_private_values(self, tmp_path, capsys):
        path = tmp_path / "plain.csv"
        path.write_text("text,category\nwhere is my card,x\nmail a@example.org,y\n", encoding="utf-8")
        call_command("evaluate", "redaction", str(path), "--json", "--no-rivals")
        said = json.loads(capsys.readouterr().out)
        assert (said["documents_masked"], said["documents_by_kind"]) == (1, {"EMAIL": 1})

    @pytest.mark.parametrize("content", ["{", "{}", '[{"full_text": "x"}]'])
    def test_a_file_that_cannot_be_read(self, tmp_path, content):
        path = tmp_path / "bad.json"
        path.write_text(content)
        with pytest.raises(CommandError, match=r"bad\.json"):
            call_command("evaluate", "redaction", str(path))

    def test_missing_rivals_are_said(self, tmp_path, capsys, monkeypatch):
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
        call_command("evaluate", "redaction", str(saved(tmp_path, "x")))
        assert "presidio is not installed" in capsys.readouterr().err


def test_the_french_set_is_what_its_maker_makes():
    assert [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()] == rows()


def test_marks_of_the_french_set_stand_where_they_say():
    for row in rows():
        for span in row["spans"]:
            assert row["full_text"][span["start_position"] : span["end_position"]] == span["entity_value"]
