"""Rows for the check made of other people's sentences: true ones edited harmlessly, and the same ones damaged.

Invariant: the same folder and seed give the same rows. They are raw material: some damage is ungrammatical, and some
hardly changes what is said, so a share of a few per cent is as good as it gets.
"""

import gzip
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from copilot.drafting.types import Evidence
from copilot.drafting.units import units
from evaluation.data import BadData
from evaluation.verification import Row

PER_FILE = 200
LONGEST = 1500  # characters of a section
_TURNED = {
    "en": [
        (r"\bat least\b", "at most", "limit"), (r"\bmust\b", "may", "limit"), (r"\bmay\b", "must", "limit"),
        (r"\balways\b", "never", "limit"), (r"\bbefore\b", "after", "limit"), (r"\bup to\b", "at least", "limit"),
        (r"\bmore than\b", "less than", "limit"), (r"\ball\b", "some", "limit"), (r"\bonly\b ?", "", "only dropped"),
        (r"\bcannot\b", "can", "negation"), (r"\b(is|are|does|do|will|should|must) not\b", r"\1", "negation"),
        (r"\bcan\b", "cannot", "negation"), (r"\bwill\b", "will not", "negation"), (r"\bdays\b", "weeks", "unit"),
        (r"\benable(d?)\b", r"disable\1", "opposite"), (r"\badd\b", "remove", "opposite"), (r"\bMB\b", "GB", "unit"),
        (r"\bpublic\b", "private", "opposite"), (r"\bminutes\b", "hours", "unit"),
    ],
    "fr": [
        (r"\bau moins\b", "au plus", "limit"), (r"\bdoit\b", "peut", "limit"), (r"\bdevez\b", "pouvez", "limit"),
        (r"\btoujours\b", "jamais", "limit"), (r"\bavant\b", "après", "limit"), (r"\bplus de\b", "moins de", "limit"),
        (r"\btous\b", "certains", "limit"), (r"\b(?:uniquement|seulement)\b ?", "", "only dropped"),
        (r"\bn(?:e |['’])(\w+) pas\b", r"\1", "negation"), (r"\bpeut\b", "ne peut pas", "negation"),
        (r"\bpouvez\b", "ne pouvez pas", "negation"), (r"\bactiv(er|é|ez)\b", r"désactiv\1", "opposite"),
        (r"\bajouter\b", "supprimer", "opposite"), (r"\bminutes\b", "heures", "unit"), (r"\bMo\b", "Go", "unit"),
    ],
}  # fmt: skip
_SAME = {
    "en": [
        (r"\bshow(s?)\b", r"display\1"), (r"\bdelete\b", "remove"), (r"\bchoose\b", "select"), (r"\bstart\b", "begin"),
        (r"\brequired\b", "needed"), (r"\bneed to\b", "have to"), (r"\bclick\b", "press"), (r"\ballows\b", "lets"),
        (r"\bchange\b", "modify"), (r"\bdo not\b", "don't"), (r"\bcannot\b", "can't"), (r"\bcreate\b", "make"),
    ],
    "fr": [
        (r"\bafficher\b", "montrer"), (r"\bsupprimer\b", "effacer"), (r"\butiliser\b", "employer"),
        (r"\bchoisir\b", "sélectionner"), (r"\bcliquez\b", "appuyez"), (r"\bmodifier\b", "changer"),
        (r"\bdevez\b", "êtes tenu de"), (r"\bil faut\b", "vous devez"),
    ],
}  # fmt: skip
_CONDITION = {
    "en": r"(?:,\s*)?\b(?:if|unless|only if|when|except|provided that|as long as)\b[^,.;]*",
    "fr": r"(?:,\s*)?\b(?:si|s['’]il|sauf|à moins que|lorsque|à condition|en cas)\b[^,.;]*",
}
_BEFORE = {
    "en": ("Please note that ", "You should know that ", "In this case, ", "To answer your question: "),
    "fr": ("Veuillez noter que ", "Sachez que ", "Dans ce cas, ", "Pour répondre à votre question : "),
}
_ADDED = {
    "en": (
        " and this is free of charge",
        " and our team does it for you",
        ", even on mobile devices",
        " for all users",
    ),
    "fr": (" et c’est gratuit", " et notre équipe s’en charge", ", même sur mobile", " pour tous les utilisateurs"),
}
_FRONTED = re.compile(r"^((?:If|When|After|To|In|For|Si|Lorsque|Pour|Dans|Après)\b[^,]{8,80}), (.+)\.$")
_NAMES = ("Orbit", "Vela", "Norvik", "Tilleul", "Marlow")


@dataclass(frozen=True, slots=True)
class _Source:
    """A true sentence, its section, the other sentences there, and a section of something else."""

    text: str
    section: str
    others: tuple[str, ...]
    elsewhere: str
    language: str


def damaged(folder: Path, count: int, seed: int) -> list[Row]:
    """About `count` rows from the `*.jsonl.gz` of a folder (`lang`, `text`). Raises BadData for one without any."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    rows: list[Row] = []
    for source in _sources(folder, chance):
        rows += [*_good(source, chance), *_bad(source, chance)]
        if len(rows) >= count:
            return rows
    if not rows:
        raise BadData(f"{folder}: holds no *.jsonl.gz with sentences in English or French")
    return rows


def _sources(folder: Path, chance: random.Random) -> Iterator[_Source]:
    sections = []
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            found = [json.loads(line) for line in file]
        sections += chance.sample(found, min(PER_FILE, len(found)))
    chance.shuffle(sections)
    before: dict[str, str] = {}
    for section in sections:
        language, text = section["lang"], section["text"][:LONGEST]
        whole = [unit.text for unit in units([Evidence(1, "", "", text, language, 1.0, 1.0)]) if _fit(unit.text)]
        if language in _TURNED and whole:
            chosen = chance.choice(whole)
            others = tuple(sentence for sentence in whole if sentence != chosen)
            yield _Source(chosen, text, others, before.get(language, ""), language)
            before[language] = text


def _fit(text: str) -> bool:
    return 6 <= len(text.split()) <= 32 and text[0].isupper() and text.endswith(".") and "http" not in text


def _row(source: _Source, text: str, good: bool, kind: str) -> Row:
    return Row((source.section,), text[0].upper() + text[1:], (1,), good, kind, source.language, "calibrate")


def _good(source: _Source, chance: random.Random) -> Iterator[Row]:
    if chance.random() < 0.25:
        yield _row(source, source.text, True, "verbatim")
    elif chance.random() < 0.35:
        small = source.text if source.text[1:2].isupper() else source.text[0].lower() + source.text[1:]
        yield _row(source, chance.choice(_BEFORE[source.language]) + small, True, "prefixed")
    for pattern, word in chance.sample(_SAME[source.language], len(_SAME[source.language])):
        if (text := re.sub(pattern, word, source.text, count=1)) != source.text:
            yield _row(source, text, True, "synonym")
            break
    if match := _FRONTED.match(source.text):
        yield _row(source, f"{match[2]} {match[1][0].lower()}{match[1][1:]}.", True, "reordered")


def _bad(source: _Source, chance: random.Random) -> Iterator[Row]:
    turns = [turn for turn in _TURNED[source.language] if re.search(turn[0], source.text)]
    if turns:
        pattern, word, kind = chance.choice(turns)
        yield _row(source, re.sub(pattern, word, source.text, count=1), False, kind)
    if match := re.search(r"(?<![\w.])\d+(?![\w.])", source.text):
        number = str(int(match[0]) + chance.choice((1, 2, 5, 10)))
        yield _row(source, source.text[: match.start()] + number + source.text[match.end() :], False, "number")
    without = re.sub(_CONDITION[source.language], "", source.text, count=1, flags=re.IGNORECASE).strip(" ,")
    if without != source.text and len(without.split()) >= 4:
        yield _row(source, without, False, "condition")
    if match := re.search(r"(?<=[a-zé,] )[A-Z][a-z]{3,}\b", source.text):
        name = chance.choice(_NAMES)
        yield _row(source, source.text[: match.start()] + name + source.text[match.end() :], False, "name")
    yield from _bad_by_chance(source, chance)


def _bad_by_chance(source: _Source, chance: random.Random) -> Iterator[Row]:
    if chance.random() < 0.15:
        yield _row(source, source.text[:-1] + chance.choice(_ADDED[source.language]) + ".", False, "addition")
    if source.elsewhere and chance.random() < 0.15:
        passages = (source.section, source.elsewhere)
        yield Row(passages, source.text, (2,), False, "wrong citation", source.language, "calibrate")
    if source.others and chance.random() < 0.25:
        one, two = source.text.split(), chance.choice(source.others).split()
        if len(set(one) & set(two)) < 5:
            yield _row(source, " ".join(one[: len(one) // 2] + two[len(two) // 2 :]), False, "merged")
