"""Readers of the training data: sentence pairs, documentation sections, questions.

Invariant: the order is that of the sorted file names and of their lines, so that a seed gives the same data again.
"""

import csv
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Question-like English text: where it is, its delimiter, its column, its licence.
QUESTIONS = {
    "hwu64": ("trainset/*.csv", ";", "answer_from_anno", "CC-BY-4.0"),
    "bitext-intent": ("*Training*.csv", ",", "utterance", "CDLA-Sharing-1.0"),
    "multidogo": ("*/train.tsv", "\t", "utterance", "CDLA-Permissive-1.0"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence in both languages. Neighbours of one `source` often stood side by side in a document."""

    source: str
    english: str
    french: str


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading of a documentation page."""

    source: str
    language: str
    title: str
    heading: str
    text: str


def pairs(folder: Path) -> list[Pair]:
    """Every pair of `folder/*.tsv` (English, tab, French, no header). Raises FileNotFoundError when there is none."""
    files = sorted(folder.glob("*.tsv"))
    if not files:
        raise FileNotFoundError(f"{folder} has no .tsv file of English-French pairs")
    return [Pair(path.stem, *columns) for path in files for columns in _two_columns(path)]


def _two_columns(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        english, tab, french = line.partition("\t")
        if tab and english.strip() and french.strip():
            yield english.strip(), french.strip()


def sections(folder: Path) -> list[Section]:
    """Every section of `folder/*.jsonl.gz` (repo, path, title, heading, lang, text)."""
    found = []
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                found.append(
                    Section(path.name.removesuffix(".jsonl.gz"), row["lang"], row["title"], row["heading"], row["text"])
                )
    return found


def questions(data: Path) -> dict[str, list[str]]:
    """English requests of at least three words, as people type them, by source; each once."""
    found: dict[str, list[str]] = {}
    known: set[str] = set()
    for source, (pattern, delimiter, column, _) in QUESTIONS.items():
        for path in sorted((data / source).glob(pattern)):
            texts = dict.fromkeys(text for text in _column(path, delimiter, column) if len(text.split()) >= 3)
            found.setdefault(source, []).extend(text for text in texts if text not in known)
            known.update(texts)
    return found


def _column(path: Path, delimiter: str, column: str) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="") as file:
        # Tab-separated files quote nothing: an inch mark would swallow the lines after it.
        rows = (
            csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if delimiter == "\t"
            else csv.DictReader(file, delimiter=delimiter)
        )
        yield from ((row.get(column) or "").strip() for row in rows)
