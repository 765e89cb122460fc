"""The student's checkpoint before its first step: MiniLM's layers on a vocabulary of both languages."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from training import start
from training.corpora import Pair, Section
from training.vocabulary import choose, extend, prefix_uses, words

MOST_WORDS = 17_000
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each word occurs: in French by source, in English together."""

    french: dict[str, Counter[str]]
    english: Counter[str]


def build(
    minilm: Path, target: Path, pairs: Sequence[Pair], sections: Sequence[Section], questions: Iterable[str],
    say: Callable[[str], None],
) -> None:  # fmt: skip
    """Write the student into `target` as a sentence-transformers checkpoint."""
    import torch
    from transformers import AutoModel

    old = Tokenizer.from_file(str(minilm / "tokenizer.json"))
    old.no_padding()
    old.no_truncation()
    say("counting words")
    counts = count(old, pairs, sections, questions)
    new = extend(old, _words_to_add(old, counts))
    say(f"{new.get_vocab_size()} pieces; aligning words")
    known = start.dictionary(old, pairs)
    model = AutoModel.from_pretrained(minilm)
    french = sum(counts.french.values(), Counter[str]())
    before = model.get_input_embeddings().weight.detach().numpy()
    rows = start.rows(old, new, before, known, french, counts.english)
    model.resize_token_embeddings(len(rows), mean_resizing=False)
    model.get_input_embeddings().weight.data = torch.tensor(rows)
    shutil.copytree(minilm, target, dirs_exist_ok=True)
    model.save_pretrained(target)
    _save(new, target)
    say(f"the student stands: {len(known.translations)} French words known by their translations")


def count(tokenizer: Tokenizer, pairs: Iterable[Pair], sections: Iterable[Section], questions: Iterable[str]) -> Counts:
    """Words of all the training texts."""
    french: dict[str, Counter[str]] = {}
    english: Counter[str] = Counter()
    for pair in pairs:
        french.setdefault(pair.source, Counter()).update(words(tokenizer, pair.french))
        english.update(words(tokenizer, pair.english))
    for section in sections:
        said = words(tokenizer, f"{section.title} {section.heading} {section.text}")
        (french.setdefault(section.source, Counter()) if section.language == "fr" else english).update(said)
    for question in questions:
        english.update(words(tokenizer, question))
    return Counts(french, english)


def _words_to_add(old: Tokenizer, counts: Counts) -> list[str]:
    """French words, less those that would cut English ones differently: found by trying, in a few rounds."""
    english = Counter(counts.english)
    added = choose(counts.french, english, old.get_vocab(), MOST_WORDS)
    for _ in range(ROUNDS):
        english += prefix_uses(extend(old, added), added, counts.english)
        added = choose(counts.french, english, old.get_vocab(), MOST_WORDS)
    return added


def _save(tokenizer: Tokenizer, target: Path) -> None:
    tokenizer.save(str(target / "tokenizer.json"))
    by_number = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    (target / "vocab.txt").write_text("\n".join(piece for piece, _ in by_number) + "\n", encoding="utf-8")
