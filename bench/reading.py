"""How fast the reader reads and the check checks, each beside a model that reads the same.

Invariant: the cross-encoder has random weights of MiniLM's shape: its speed is compared, its judgement is not.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.embedding import can_compare
from bench.measure import Row, rate
from bench.searching import asked
from copilot.drafting import verify
from copilot.drafting.comparable import published_comparable
from copilot.drafting.memory import memory_of
from copilot.drafting.needs import Needs
from copilot.drafting.reader import reader_for
from copilot.drafting.sheet import Sheet, sheet
from copilot.drafting.types import Evidence
from copilot.engine import embedder, runtime
from copilot.inference.convert import minilm_checkpoint
from copilot.privacy.text import published
from evaluation.verification import read_rows
from knowledge.evidence import evidence_for

SENTENCES = Path(__file__).parent.parent / "evaluation" / "sets" / "verification.jsonl"
# A torch model reads some; a rate needs no more.
PAIRS = 320
# Their passages fit what the check remembers.
SENTENCES_CHECKED = 200


def rows(tickets: Sequence[dict[str, str]]) -> list[Row]:
    """Call it inside a scratch database that holds the articles."""
    every = map(asked, tickets)
    found = [(one, evidence) for one in every if (evidence := evidence_for(one, one.language, embedder()))]
    sheets = [sheet(one, evidence, embedder()) for one, evidence in found]
    return [*_reading(found, sheets), *_checking()]


def _reading(found: Sequence[tuple[Needs, list[Evidence]]], sheets: Sequence[Sheet]) -> list[Row]:
    """Pairs of a need and a sentence a second: with every sentence embedded now, and remembered; a cross-encoder's."""
    judge, pairs = reader_for(embedder()), sum(len(one.needs.needs) * len(one.units) for one in sheets)

    def read() -> None:
        for one, evidence in found:
            judge.read(sheet(one, evidence, embedder()))

    def read_anew() -> None:
        memory_of.cache_clear()
        read()

    ours = {"sentences remembered": rate(read, pairs), "sentences never read": rate(read_anew, pairs)}
    theirs = _cross_encoder(sheets) if can_compare() else 0.0
    against = {name: f"a CrossEncoder's: {figure / theirs:.1f} x" if theirs else "" for name, figure in ours.items()}
    return [
        *(Row(f"reader, {name}", f"{figure:.0f} pairs/s", against[name]) for name, figure in ours.items()),
        *(
            [Row("  CrossEncoder of MiniLM’s shape", f"{theirs:.0f} pairs/s", "random weights: speed alone")]
            if theirs
            else []
        ),
    ]


def _cross_encoder(sheets: Sequence[Sheet]) -> float:
    """Pairs a second of sentence-transformers' CrossEncoder, fp32 under torch with as many threads as ours."""
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.set_num_threads(runtime().intra_threads)
    pairs = [(need.text.text, unit.text) for one in sheets for need in one.needs.needs for unit in one.units][:PAIRS]
    with tempfile.TemporaryDirectory() as folder:
        shape = BertConfig.from_pretrained(minilm_checkpoint(), num_labels=1)
        BertForSequenceClassification(shape).save_pretrained(folder)
        AutoTokenizer.from_pretrained(minilm_checkpoint()).save_pretrained(folder)
        model = CrossEncoder(folder, device="cpu", max_length=256)
        return rate(lambda: model.predict(pairs, batch_size=32, show_progress_bar=False), len(pairs))


def _checking() -> list[Row]:
    """Sentences a second, true and damaged, that are held against the passage they cite; so many as are remembered."""
    sentences = [(row.written, row.evidence) for row in read_rows(SENTENCES)][:SENTENCES_CHECKED]

    def check() -> None:
        for sentence, passages in sentences:
            verify.verify(sentence, passages)

    def check_anew() -> None:
        for memory in (verify._units, verify._held, published_comparable):
            memory.cache_clear()
        check()

    ours = {"passage remembered": rate(check, len(sentences)), "passage never read": rate(check_anew, len(sentences))}
    embedded = rate(lambda: embedder().embed([published(sentence.text) for sentence, _ in sentences]), len(sentences))
    return [
        *(
            Row(f"check of a sentence, {name}", f"{figure:.0f} sentences/s", f"embedding it: {figure / embedded:.1f} x")
            for name, figure in ours.items()
        ),
        Row("  embedding it", f"{embedded:.0f} sentences/s", ""),
    ]
