"""A passage's words to rows that let it be found by them.

Invariant: a stem has one row of `Term` for each language and visibility that it occurs in, so that the terms of a
search say which passages it may see.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from copilot.language.words import stems
from knowledge.models import Passage, Posting, Term

# A word of the title or heading tells more about a passage than one of its text (BM25F with one saturation).
HEADING_WEIGHT = 2.0
TERM_LENGTH = 64

Shelf = tuple[str, str]  # language and visibility


def frequencies(title: str, text: str, language: str) -> Counter[str]:
    """Stem frequencies of a passage, those of its title and headings weighted."""
    counts: Counter[str] = Counter(cut(stems(text, language)))
    for stem in cut(stems(title, language)):
        counts[stem] += HEADING_WEIGHT  # type: ignore[assignment]  # a Counter counts fractions too
    return counts


def cut(words: Iterable[str]) -> list[str]:
    """Stems as they are kept: what is longer than a word is cut."""
    return [word[:TERM_LENGTH] for word in words]


def write(passages: Sequence[Passage], counts: Sequence[Mapping[str, float]]) -> None:
    """Let passages, which are written already, be found by their words."""
    whose = [(passage.language, passage.visibility) for passage in passages]
    keys = {shelf: _keys(shelf, passages, counts) for shelf in set(whose)}
    Posting.objects.bulk_create(
        Posting(term_id=keys[shelf][stem], passage=passage, frequency=frequency, words=passage.words)
        for passage, shelf, words in zip(passages, whose, counts, strict=True)
        for stem, frequency in words.items()
    )


def _keys(shelf: Shelf, passages: Sequence[Passage], counts: Sequence[Mapping[str, float]]) -> dict[str, int]:
    """The key of each stem, made where it is new. Sorted, so that two who write at once do not wait for each other."""
    language, visibility = shelf
    of_shelf = zip(passages, counts, strict=True)
    wanted = {
        stem for passage, words in of_shelf if (passage.language, passage.visibility) == shelf for stem in words
    }  # fmt: skip
    known = Term.objects.filter(language=language, visibility=visibility)
    keys = dict(known.filter(stem__in=wanted).values_list("stem", "pk"))
    if new := sorted(wanted - keys.keys()):
        Term.objects.bulk_create(
            (Term(stem=stem, language=language, visibility=visibility) for stem in new), ignore_conflicts=True
        )
        keys.update(known.filter(stem__in=new).values_list("stem", "pk"))
    return keys
