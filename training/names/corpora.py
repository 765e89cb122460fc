"""Real text in training: help pages and questions without names, and chats in which names are labelled.

Invariant: what is kept for measuring (`kept_apart`) is never given out here; a file marked test is never opened.
"""

import csv
import gzip
import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from copilot.privacy.spans import Span
from training.names.filling import Filled

# Documentation that the measure of over-masking reads; the tagger never sees it.
APART = ("wagtail-docs", "kolibri-docs", "npm-docs", "travail-emploi-fiches-fr", "pypi-help-fr", "odk-docs-fr")
_MOST = 1500  # sections of one documentation
_LABELS = {"name": "PERSON", "address": "ADDRESS"}


def kept_apart(text: str) -> bool:
    """One real question in ten is for measuring only."""
    return hashlib.sha256(text.encode()).digest()[0] < 26


def documents(data: Path, chance: random.Random) -> dict[str, list[str]]:
    """Paragraphs and headings of documentation, by language."""
    found: dict[str, list[str]] = {"en": [], "fr": []}
    for file in sorted((data / "docs-corpus").glob("*.jsonl.gz")):
        if file.name.removesuffix(".jsonl.gz") in APART:
            continue
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        for row in chance.sample(rows, min(_MOST, len(rows))):
            found[row["lang"]] += [row["heading"], *paragraphs(row["text"])]
    return found


def everything(data: Path) -> Iterator[str]:
    """All real text at hand but what is kept for measuring, for counting words."""
    for file in sorted((data / "docs-corpus").glob("*.jsonl.gz")):
        if file.name.removesuffix(".jsonl.gz") not in APART:
            with gzip.open(file, "rt", encoding="utf-8") as lines:
                yield from (json.loads(line)["text"] for line in lines)
    for file in sorted((data / "parallel-en-fr").glob("*.tsv")):
        yield file.read_text(encoding="utf-8")
    yield from (text for texts in questions(data).values() for text in texts)


def paragraphs(text: str) -> Iterator[str]:
    """Pieces of some 5 to 60 words, their lines kept."""
    for block in re.split(r"\n\s*\n", text):
        words = len(block.split())
        if 4 <= words <= 70:
            yield block.strip()
        elif words > 70:
            sentences = re.split(r"(?<=[.!?])\s+", block)
            yield from (" ".join(sentences[i : i + 3]) for i in range(0, min(len(sentences), 12), 3))


def questions(data: Path) -> dict[str, list[str]]:
    """What people ask, short and without names: Banking77, CLINC150 (train), the CNIL's FAQ titles, translations."""
    english: list[str] = []
    with (data / "banking77" / "train.csv").open(newline="", encoding="utf-8") as rows:
        english += [row["text"] for row in csv.DictReader(rows)]
    clinc = json.loads((data / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
    english += [text for text, _intent in [*clinc["train"], *clinc["oos_train"]]]
    french: list[str] = []
    for file in sorted((data / "parallel-en-fr").glob("*.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines()[:400]:
            one, other = line.split("\t")[:2]
            english.append(one)
            french.append(other)
    found = {"en": english, "fr": french}
    return {language: [text for text in texts if not kept_apart(text)] for language, texts in found.items()}


def unnamed(data: Path) -> dict[str, list[str]]:
    """The tenth of the questions that is kept for measuring."""
    with (data / "banking77" / "train.csv").open(newline="", encoding="utf-8") as rows:
        banking = [row["text"] for row in csv.DictReader(rows)]
    clinc = json.loads((data / "clinc150" / "data_full.json").read_text(encoding="utf-8"))["train"]
    return {"banking77": list(filter(kept_apart, banking)), "clinc150": [one for one, _ in clinc if kept_apart(one)]}


def chats(data: Path, split: str = "train") -> list[Filled]:
    """MultiDoGO's customer turns with their names and addresses."""
    found = []
    for file in sorted((data / "multidogo").glob(f"*/{split}.tsv")):
        with file.open(newline="", encoding="utf-8") as rows:
            for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
                words, labels = (row["utterance"] or "").split(), (row["slot-labels"] or "").split()
                if words and len(words) == len(labels):
                    found.append(labelled(words, [_LABELS.get(label, "") for label in labels]))
    return found


def assistant(data: Path) -> list[Filled]:
    """HWU64's requests, in which people are marked: `call [person : mary]`."""
    found = []
    for file in sorted((data / "hwu64" / "trainset").glob("*.csv")):
        with file.open(newline="", encoding="utf-8") as rows:
            for row in csv.DictReader(rows, delimiter=";"):
                text, spans = "", list[Span]()
                for piece in re.split(r"(\[\w+ : [^\]]*\])", row.get("answer_annotation") or ""):
                    slot = re.fullmatch(r"\[(\w+) : ([^\]]*)\]", piece)
                    if slot and slot[1] == "person":
                        spans.append(Span(len(text), len(text) + len(slot[2].removesuffix("'s")), "PERSON"))
                    text += slot[2] if slot else piece
                if text:
                    found.append(Filled(text, tuple(spans)))
    return found


def labelled(words: Sequence[str], kinds: Sequence[str]) -> Filled:
    """Words with their kinds as a text with spans; neighbours of one kind are one span."""
    text, spans = "", list[Span]()
    for word, kind in zip(words, kinds, strict=True):
        text += " " if text else ""
        if kind and spans and spans[-1].kind == kind and spans[-1].end == len(text) - 1:
            spans[-1] = Span(spans[-1].start, len(text) + len(word), kind)
        elif kind:
            spans.append(Span(len(text), len(text) + len(word), kind))
        text += word
    return Filled(text, tuple(spans))
