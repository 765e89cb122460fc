"""A spreadsheet as a source: every whole row is an article, every other one says what it lacks."""

import pytest

from knowledge.sources.base import Document, SourceMissing, Unreadable
from knowledge.sources.spreadsheet import Spreadsheet
from tests import files


def rows(tmp_path, data, name="faq.csv"):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(Spreadsheet(path).documents())


@pytest.mark.parametrize("name", ["faq.csv", "faq.xlsx"])
def test_rows_are_articles(tmp_path, name):
    table = [["ID", "Question", "Answer", "Category", "Visibility"],
             ["r1", "Who pays?", "We do.\nAlways.", "Returns", ""],
             ["", "Is it safe to ride at night?", "It is, with lights; ride slowly.", "", "internal"]]  # fmt: skip
    csv = "\n".join(",".join(f'"{cell}"' for cell in row) for row in table).encode()
    first, second = rows(tmp_path, files.workbook(*table) if name.endswith("xlsx") else csv, name)
    assert first == Document("r1", "Who pays?", "Returns", "en", "public", "We do.  \nAlways.")
    assert second.visibility == "internal" and len(second.external_id) == 16


def test_french_excel_writes_semicolons_and_its_own_encoding(tmp_path):
    text = "Question;Réponse;Langue\nOù est mon vélo ?;Il est à l'atelier, déjà réparé.;fr\n"
    [row] = rows(tmp_path, text.encode("cp1252"))
    assert (row.title, row.language) == ("Où est mon vélo ?", "fr")


def test_a_question_keeps_its_name_when_its_answer_changes(tmp_path):
    [one] = rows(tmp_path, "question,answer\nWho pays?,We do.")
    [two] = rows(tmp_path, "question,answer\nWho  PAYS?,You do.")
    assert one.external_id == two.external_id and one.fingerprint != two.fingerprint


def test_a_missing_column_is_named_with_those_that_are_there(tmp_path):
    with pytest.raises(SourceMissing, match="no column answer in its first row; it has: question, notes"):
        rows(tmp_path, "question,notes\nWho?,Me")
    with pytest.raises(SourceMissing, match="it has: none"):
        rows(tmp_path, "")


def test_a_bad_row_says_which_and_stops_nothing(tmp_path):
    found = rows(tmp_path, "id,question,answer,visibility\na,Q?,,\nb,,A,\n,,,\nc,Q?,A,secret\nd,Q?,A,\nd,R?,A,")
    reasons = {item.external_id: item.reason for item in found if isinstance(item, Unreadable)}
    assert reasons == {
        "a": "row 2 has no answer", "row 3": "row 3 has no question",
        "c": "row 5: visibility 'secret' is neither public nor internal", "d": "stands twice; row 7 is left out",
    }  # fmt: skip
    assert [item.external_id for item in found if isinstance(item, Document)] == ["d"]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.xlsx", b"nothing", "damaged"), ("a.xlsx", b"\xd0\xcf\x11\xe0", "password"),
        ("a.csv", b"caf\xc3\xa9 \xff", "UTF-8"),
    ],
)  # fmt: skip
def test_an_unreadable_spreadsheet_says_why(tmp_path, name, data, reason):
    with pytest.raises(SourceMissing, match=reason):
        rows(tmp_path, data, name)
    with pytest.raises(SourceMissing, match="No such file"):
        list(Spreadsheet(tmp_path / "none.csv").documents())
