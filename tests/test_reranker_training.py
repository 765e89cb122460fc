"""The reranker's training: it starts as the embedder, learns from lists that give nothing away, and ends in a folder
that ranks.
"""

import gzip
import json
import random

import numpy as np
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from copilot.inference import catalog
from copilot.inference.embedder import load
from copilot.inference.manifest import read as manifest
from copilot.inference.pairs import Pairing
from copilot.inference.reranker import load as load_reranker
from copilot.privacy import redact
from tests.fakes import FakeEmbedder
from training.corpora import Pair, Section
from training.reader.examples import digest
from training.reranker import held_out
from training.reranker.dequantised import bert, read
from training.reranker.faq import another_wording, faqs, from_faqs
from training.reranker.gather import Source, gather
from training.reranker.headings import from_documentation, translations
from training.reranker.held_out import Question
from training.reranker.lists import neighbours, shelf
from training.reranker.loop import CHECKPOINT
from training.reranker.recipe import SMALL

pytestmark = pytest.mark.integration

VERBS = ("open", "close", "rename", "archive", "export", "print")
THINGS = {
    "invoice": "What is owed stands in bold, with the tax and the date on which it must be paid.",
    "project": "Each team works on several at once, and its lead decides who belongs to them.",
    "folder": "Pictures and letters lie in there, the newest on top, up to two gigabytes.",
    "calendar": "Holidays are green, meetings are blue, and Sundays cannot be booked at all.",
}
TEXTS = ["How do I reset my password?", "Comment réinitialiser mon mot de passe ?", "The saddle is grey. " * 30]


def text(verb, thing):
    return f"Choose the {thing} and press {verb.title()} in the menu above it. {THINGS[thing]}"


def section(verb, thing, source="one"):
    return Section(source, "en", f"Work with a {thing}", f"How to {verb} a {thing}", text(verb, thing))


@pytest.fixture(scope="module")
def sections():
    return [section(verb, thing) for thing in THINGS for verb in VERBS]


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Documentation of three products, and a ticket about each."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "docs-corpus").mkdir()
    (folder / "labels").mkdir()
    tickets = []
    for name in ("one", "two", "three"):
        rows = [
            {"repo": "ours", "path": f"{thing}.md", "title": f"Work with a {thing}", "lang": "en",
             "heading": f"How to {verb} a {thing} of {name}", "text": f"{text(verb, thing)} This is {name}."}
            for thing in THINGS for verb in VERBS
        ]  # fmt: skip
        with gzip.open(folder / "docs-corpus" / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
        gold = {"path": rows[0]["path"], "heading": rows[0]["heading"], "start": 0, "end": 50}
        gold["sha"] = digest(rows[0]["text"][:50])
        tickets.append({"id": name, "lang": "en", "source": name, "subject": "How", "body": "I open an invoice?",
                        "kind": "answerable", "gold": [gold]})  # fmt: skip
    (folder / "labels" / "all.jsonl").write_text("".join(json.dumps(row) + "\n" for row in tickets))
    return Source(folder, folder / "labels")


@pytest.fixture(scope="module")
def work(source, tmp_path_factory, django_db_setup, django_db_blocker):
    work = tmp_path_factory.mktemp("work")
    with django_db_blocker.unblock():
        train(source, work)
    return work


def train(source, work, **options):
    call_command(
        "train", "reranker", data=source.folder, labels=source.labels, work=work, small=True, name="tiny", **options
    )


def test_the_dequantised_embedder_gives_the_embedders_vectors():
    """Beside float32, that is; int8 also rounds what goes into a layer."""
    import ctranslate2
    import torch

    model, tokenizer = bert(catalog.SHIPPED, range(6)).eval(), Pairing(catalog.SHIPPED / "tokenizer.json", 256)
    encoder = ctranslate2.Encoder(str(catalog.SHIPPED), compute_type="float32")
    served = load(catalog.SHIPPED, 1).embed([redact(one) for one in TEXTS])
    for pieces, vector in zip(tokenizer.pieces(TEXTS), served, strict=True):
        ids = [101, *pieces[:254], 102]
        with torch.no_grad():
            mean = model(input_ids=torch.tensor([ids])).last_hidden_state[0].mean(dim=0).numpy()
        exact = np.asarray(encoder.forward_batch([ids]).last_hidden_state)[0].mean(axis=0)
        assert cosine(mean, exact) > 0.9999 and cosine(mean, vector) > 0.996


def cosine(one, other):
    return one @ other / np.linalg.norm(one) / np.linalg.norm(other)


def test_a_file_of_another_layout_is_refused(tmp_path):
    (tmp_path / "model.bin").write_bytes(b"\x09\0\0\0" + b"\0" * 100)
    with pytest.raises(ValueError, match="version 9"):
        read(tmp_path / "model.bin")


def test_the_answers_own_heading_is_hidden_as_are_all_others(sections):
    embedder = FakeEmbedder()
    on = shelf(sections, embedder)
    found = list(from_documentation(on, {}, embedder, SMALL, random.Random(1)))
    assert {one.kind for one in found} >= {"heading", "titled"}
    for one in found:
        assert len(one.passages) == SMALL.negatives + 1 == len(set(one.passages))
        if one.kind in ("heading", "titled"):
            assert not any("How to" in passage for passage in one.passages)
        if one.kind == "sentence":
            assert one.query not in one.passages[0]


def test_a_heading_is_asked_in_the_other_language_and_shown_in_its_own(sections):
    others = translations([Pair("p", "How to open a folder", "Comment ouvrir un dossier")])
    found = from_documentation(shelf(sections, FakeEmbedder()), others, FakeEmbedder(), SMALL, random.Random(1))
    [one] = [one for one in found if one.kind == "translated"]
    assert one.query == "Comment ouvrir un dossier" and "How to open a folder" in one.passages[0]


def test_what_may_answer_as_well_is_no_negative(sections):
    twin = [*sections, section("open", "invoice")]
    on = shelf(twin, FakeEmbedder())
    near = neighbours(on.vectors[0], 0, on, also=[1])
    assert len(twin) - 1 not in near and 0 not in near and 1 not in near and 6 in near


@pytest.fixture
def collection(tmp_path):
    """FAQs of two entities that are left out and of one that is not."""

    def docs(*questions):
        return {str(n): {"title": question, "body": f"Yes: {question}"} for n, question in enumerate(questions)}

    folder = tmp_path / "dstc9-track1-kb"
    folder.mkdir()
    seen = {"hotel": {"0": {"name": "A", "docs": docs("Is there parking?")}}}
    new = {"1": {"name": "B", "docs": docs("Is there some parking at B?", "Are dogs allowed?", "Is there a gym?")},
           "2": {"name": "C", "docs": docs("Is there parking?", "Do you take dogs?", "Can I swim?")}}  # fmt: skip
    (folder / "knowledge_train.json").write_text(json.dumps(seen))
    (folder / "knowledge_eval.json").write_text(json.dumps({"hotel": {**seen["hotel"], **new}}))
    return faqs(tmp_path, FakeEmbedder(), 10, random.Random(1))


def test_faqs_of_entities_that_are_measured_on_are_left_out(collection, tmp_path):
    assert {one.title for one in collection.sections} == {"B", "C"}
    assert faqs(tmp_path / "none", FakeEmbedder(), 10, random.Random(1)).sections == []


def test_a_question_is_asked_as_another_entity_is(collection):
    place = next(n for n, one in enumerate(collection.sections) if "parking at B" in one.heading)
    assert another_wording(place, collection, random.Random(1)) in ("Is there parking?", None)
    found = list(from_faqs(collection, FakeEmbedder(), SMALL, random.Random(1)))
    assert len(found) == 6 and all(len(one.passages) == 3 for one in found)


def test_nothing_of_a_product_held_out_is_in_a_list(source, work):
    found = gather(source, work, FakeEmbedder(), SMALL, print)
    [hidden] = json.loads((work / held_out.FILE).read_text())
    assert {one.source for one in found} == {"one", "two", "three"} - {hidden["passages"][0].split()[-1].strip(".")}
    assert "ticket" in {one.kind for one in found}


def test_a_small_run_ends_in_a_folder_that_ranks(work):
    folder = work / "tiny"
    scores = load_reranker(folder, 1).score(redact("How do I open it?"), ["Press Open.", "The saddle is grey."])
    assert scores.shape == (2,) and np.isfinite(scores).all()
    assert manifest(folder)["kind"] == "reranker" and 0 <= manifest(folder)["share"] <= 0.2
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "tiny" in card and "Apache-2.0" in card and "| see its source |" in card


def test_a_killed_run_goes_on_from_its_checkpoint(source, work):
    before = json.loads((work / "log.json").read_text())
    lists = (work / "lists.jsonl").stat().st_mtime_ns
    train(source, work, minutes=SMALL.minutes * 2)
    after = json.loads((work / "log.json").read_text())
    assert after[: len(before)] == before and after[-1]["step"] > before[-1]["step"]
    assert (work / "lists.jsonl").stat().st_mtime_ns == lists and (work / CHECKPOINT).exists()


def test_the_share_is_the_one_that_ranks_best():
    asked = [Question("q", ["wrong", "right"], [1.0, 0.97], ["a", "b"], ["b"])]
    right = held_out.measured(asked, lambda _, passages: np.array([0.0, 1.0], dtype=np.float32))
    wrong = held_out.measured(asked, lambda _, passages: np.array([1.0, 0.0], dtype=np.float32))
    assert (right["share"], right["reranked_first"], right["fusion_first"]) == (0.02, 1.0, 0.0)
    assert wrong["share"] == 0.0


def test_no_documents_is_said_clearly(source, tmp_path):
    with pytest.raises(CommandError):
        call_command("train", "reranker", data=tmp_path, labels=source.labels, work=tmp_path / "work", small=True)
