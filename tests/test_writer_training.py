"""The bundled writer's training: its network copies before it learns, and a small run ends in a folder that drafts."""

import gzip
import json
from itertools import islice

import pytest
from django.core.management import call_command

from copilot.drafting.numbered import answer, numbered, read
from copilot.inference.generator import load_generator
from copilot.privacy.text import published
from training.writer.batches import batches
from training.writer.edits import lightly
from training.writer.examples import Example
from training.writer.network import network
from training.writer.recipe import SMALL, WriterRecipe
from training.writer.vocabulary import learn

pytestmark = pytest.mark.integration

VERBS = ("open", "close", "rename", "archive", "export", "print", "share", "delete")
THINGS = ("invoice", "project", "folder", "team", "report", "calendar")


def sentence(verb, thing, number):
    return f"To {verb} the {thing}, go to page {number} and choose {verb.title()} in the {thing} menu."


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    folder = tmp_path_factory.mktemp("documents")
    rows = [
        {
            "repo": "ours", "path": f"{verb}-{thing}.md", "title": f"{verb.title()} a {thing}", "heading": "",
            "lang": "en",
            "text": f"However, {sentence(verb, thing, n)[3:]}\n1. Take the {thing}.\n2. {verb.title()} it now.",
        }
        for n, (verb, thing) in enumerate((verb, thing) for verb in VERBS for thing in THINGS)
    ]  # fmt: skip
    for name, some in (("one", rows[::2]), ("two", rows[1::2])):
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in some)
    return folder


@pytest.fixture(scope="module")
def work(documents, tmp_path_factory):
    work = tmp_path_factory.mktemp("work")
    call_command("train", "writer", "--data", str(documents), "--work", str(work), "--small", "--name", "tiny-writer")
    return work


def test_an_untrained_network_copies_facts_to_their_numbers():
    facts = [
        "To reset your password, open Settings and choose Security.",
        "You need the 8-digit code from a phone.",
        "Refunds take 5 or 10 days (€ 3.50).",
    ]
    tokenizer = learn([sentence(verb, thing, 1) for verb in VERBS for thing in THINGS] + facts, 700)
    model = network(WriterRecipe(vocabulary=700), tokenizer.get_vocab_size()).eval()
    source = tokenizer.encode(numbered("en", [published("help")], facts).text).ids
    import torch

    begun = [0, *tokenizer.encode(facts[0]).ids[:4]]
    said = model.generate(
        input_ids=torch.tensor([source]), decoder_input_ids=torch.tensor([begun]), max_new_tokens=200, do_sample=False
    )[0]

    assert [(line.text, line.number) for line in read(tokenizer.decode(said.tolist()))] == list(
        zip(facts, (1, 2, 3), strict=True)
    )


def test_the_same_recipe_gives_the_same_network():
    one, other = network(SMALL, 400), network(SMALL, 400)

    assert all((a == b).all() for a, b in zip(one.parameters(), other.parameters(), strict=True))
    with pytest.raises(ValueError, match="heads"):
        network(WriterRecipe(heads=2), 400)


@pytest.mark.parametrize(
    ("text", "language", "edited"),
    [
        ("However, the export takes a minute.", "en", "The export takes a minute."),
        ("Note that the export takes a minute.", "en", "The export takes a minute."),
        ("Toutefois, l’export prend une minute.", "fr", "L’export prend une minute."),
        ("Open Settings (the wheel above) and save.", "en", "Open Settings and save."),
        ("Open Settings (only as owner) and save.", "en", "Open Settings (only as owner) and save."),
        ("Pay within 3 days (5 in May).", "en", "Pay within 3 days (5 in May)."),
        ("Payez sous 3 jours (sauf en mai).", "fr", "Payez sous 3 jours (sauf en mai)."),
        ("Now, go on.", "en", "Now, go on."),
    ],
)
def test_an_edit_takes_away_only_what_claims_nothing(text, language, edited):
    assert lightly(text, language) == edited


def test_examples_say_only_facts_of_their_source_in_its_order(documents):
    from training.writer.data import read as read_data

    data = read_data(documents, 1)
    found = list(islice(data.examples(1), 200))

    assert found == list(islice(data.examples(1), 200))
    for one in found:
        told = one.source.partition("<facts>")[2]
        said = read(one.reply)
        assert said
        assert [line.number for line in said] == sorted({line.number for line in said})
        assert all(line.text[1:] in told and f"[{line.number}]" in told for line in said)
    assert any("However" in one.source and "However" not in one.reply for one in found)
    assert any(len(read(one.reply)) < one.source.count("[") for one in found), "nothing is ever left out"


def test_half_a_reply_is_never_learnt():
    facts = [sentence(verb, "invoice", n) for n, verb in enumerate(VERBS)]
    tokenizer = learn(facts, 500)
    long = Example("<en> <facts> " + " ".join(facts), answer([(fact, 1) for fact in facts]))
    short = Example("<en> <facts> Go on. [1]", answer([("Go on.", 1)]))

    [(source, labels)] = batches(iter([long, short]), tokenizer, 1000, 60)

    assert len(source) == 1
    assert tokenizer.decode(labels[0].tolist(), skip_special_tokens=False).endswith("</s>")


def test_a_small_run_converts_and_loads_and_writes(work):
    writer = load_generator(work / "tiny-writer", 1)

    source = numbered("en", [published("export")], [sentence("export", "report", 3)])
    text = writer.generate([source], 60)[0]

    assert writer.style == "numbered"
    assert isinstance(text, str)
    assert writer.generate([source, source], 60) == [text, text]
    card = (work / "tiny-writer" / "README.md").read_text(encoding="utf-8")
    assert "tiny-writer" in card
    assert "| one |" in card


def test_a_killed_run_goes_on_from_its_checkpoint(work, documents, capsys):
    call_command(
        "train", "writer", "--data", str(documents), "--work", str(work), "--small", "--steps", "40",
        "--name", "tiny-writer",
    )  # fmt: skip

    log = json.loads((work / "log.json").read_text(encoding="utf-8"))
    steps = [entry["step"] for entry in log if "exact" in entry]
    assert steps == [10, 20, 30, 40]


def test_no_documents_is_said_clearly(tmp_path):
    from django.core.management.base import CommandError

    with pytest.raises(CommandError, match="documentation sections"):
        call_command("train", "writer", "--data", str(tmp_path), "--work", str(tmp_path / "work"), "--small")
