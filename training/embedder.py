"""One run from data to a folder that serves: student, teacher's vectors, training, averaging, conversion.

Invariant: each stage leaves its result in the run's folder and is not done again, so a run that was killed goes on
where it stopped.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from copilot.inference.convert import convert, converted_minilm, minilm_checkpoint
from copilot.inference.embedder import Vectors, load
from copilot.inference.runtime import allowed_cores
from training import corpora, teacher
from training.average import average
from training.card import card, licences
from training.mixture import Mixture, mix
from training.recipe import Recipe
from training.student import build
from training.trainer import train


@dataclass(frozen=True, slots=True)
class Data:
    """All the texts of a run."""

    pairs: list[corpora.Pair]
    sections: list[corpora.Section]
    requests: dict[str, list[str]]

    @property
    def questions(self) -> list[str]:
        """The requests of every source."""
        return [text for texts in self.requests.values() for text in texts]


def read(folder: Path) -> Data:
    """The data, laid out as docs/training.md says. Raises FileNotFoundError when there are no sentence pairs."""
    return Data(
        corpora.pairs(folder / "parallel-en-fr"), corpora.sections(folder / "docs-corpus"), corpora.questions(folder)
    )


def run(data: Path, work: Path, name: str, recipe: Recipe, say: Callable[[str], None]) -> Path:
    """Train on `data`, keeping every stage in `work`; return the converted model's folder, `work/name`.

    Raises FileNotFoundError when the data are not there, ConversionFailed when the [train] extra is not installed.
    """
    texts = read(data)
    work.mkdir(parents=True, exist_ok=True)
    student = _student(texts, work, say)
    mixture = mix(texts.pairs, texts.sections, texts.questions, recipe.seed)
    say(f"{len(mixture.examples)} examples, {len(mixture.answers)} answers, {len(mixture.held_out)} pairs held out")
    log = train(student, mixture, _teacher(mixture, work, say), work, recipe)
    (work / "log.json").write_text(json.dumps(log, indent=1), encoding="utf-8")
    folder = convert(str(average(student, work / "trained", recipe.share, work / "averaged")), work / name)
    known = licences([data / "parallel-en-fr", data / "docs-corpus"])
    text = card(name, recipe, _sources(texts), known, log, len(mixture.held_out))
    (folder / "README.md").write_text(text, encoding="utf-8")
    return folder


def _student(texts: Data, work: Path, say: Callable[[str], None]) -> Path:
    folder, half = work / "student", work / "student.half"
    if not folder.exists():
        build(Path(minilm_checkpoint()), half, texts.pairs, texts.sections, texts.questions, say)
        half.rename(folder)
    return folder


def _teacher(mixture: Mixture, work: Path, say: Callable[[str], None]) -> dict[str, Vectors]:
    meanings = [example.meaning for example in mixture.examples] + [pair.english for pair in mixture.held_out]
    minilm = load(converted_minilm(work), allowed_cores())
    return teacher.vectors(meanings, minilm, work, lambda done, of: say(f"teacher: {done} of {of}"))


def _sources(texts: Data) -> dict[str, Counter[str]]:
    return {
        "English-French pairs": Counter(pair.source for pair in texts.pairs),
        "Documentation": Counter(section.source for section in texts.sections),
        "English requests": Counter({source: len(requests) for source, requests in texts.requests.items()}),
    }
