"""`manage.py evaluate summary`: what it counts, and the set that comes with the source."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from copilot.summary.types import ROLES
from evaluation import summary
from evaluation.data import BadData
from tests.fakes import FakeEmbedder

SET = settings.BASE_DIR / "evaluation" / "sets" / "summary.jsonl"
TICKET = {
    "id": "1", "lang": "en", "part": "test", "subject": "Motor",
    "messages": [
        {
            "author": "requester",
            "text": "The motor does not work. I restarted it three times. Can you help? It was £39.",
        },
        {"author": "agent", "text": "We have sent a new one."},
    ],
    "problem": [[{"message": 0, "text": "The motor does not work."}]],
    "tried": [
        [{"message": 0, "text": "I restarted it three times."}], [{"message": 1, "text": "We have sent a new one."}],
        [{"message": 0, "text": "It was £39."}, {"message": 1, "text": "a new one"}],
    ],
    "asked": [[{"message": 1, "text": "sent"}]],
    "fact": [[{"message": 0, "text": "£39"}]],
}  # fmt: skip


def rows():
    return [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]


def test_the_set_has_both_languages_in_both_halves_and_every_gold_sentence_stands_in_its_message():
    counts = {(row["lang"], row["part"]): 0 for row in rows()}
    for row in rows():
        counts[row["lang"], row["part"]] += 1
        for role in ROLES:
            for gold in (gold for group in row[role] for gold in group):
                assert gold["text"] in row["messages"][gold["message"]]["text"], row["id"]
    assert counts == dict.fromkeys([("en", "tune"), ("en", "test"), ("fr", "tune"), ("fr", "test")], 8)


@pytest.fixture
def one(tmp_path):
    file = tmp_path / "set.jsonl"
    file.write_text(json.dumps(TICKET))
    return file


def test_a_line_counts_when_it_shares_half_with_a_gold_sentence_of_its_part_and_message(one):
    figures, [item] = summary.evaluate(one, "test", FakeEmbedder())
    assert figures["problem"]["precision"] == figures["problem"]["recall"] == 1
    assert (figures["tried"]["lines"], figures["tried"]["gold"], figures["tried"]["recall"]) == (2, 3, 1)
    assert (figures["asked"]["precision"], figures["asked"]["recall"]) == (0, 0)
    assert item["missed"]["asked"] == ["sent"] and figures["fact"]["recall"] == 1
    assert figures["all"]["cited"] == 1 and figures["all"]["seconds_p50"] > 0
    assert figures["lead all"]["gold"] == 6


def test_the_command_prints_a_table_and_json(one, capsys, monkeypatch):
    monkeypatch.setattr("copilot.management.commands.evaluate.embedder_named", lambda name: FakeEmbedder())
    call_command("evaluate", "summary", one)
    assert "precision" in capsys.readouterr().out
    call_command("evaluate", "summary", one, "--json", "--half", "all")
    assert json.loads(capsys.readouterr().out)["problem"]["gold"] == 1


@pytest.mark.parametrize("text", ["{}", "no json", ""])
def test_a_file_that_cannot_be_used_is_named(tmp_path, text, monkeypatch):
    monkeypatch.setattr("copilot.management.commands.evaluate.embedder_named", lambda name: FakeEmbedder())
    file = Path(tmp_path / "bad.jsonl")
    file.write_text(text)
    with pytest.raises(BadData, match=r"bad\.jsonl"):
        summary.evaluate(file, "test", FakeEmbedder())
    with pytest.raises(CommandError, match=r"bad\.jsonl"):
        call_command("evaluate", "summary", file)
