"""Which stems say nearly the same: "buy" and "purchase", "cancel" and "cancellation".

Invariant: likeness is symmetric and stays within one language. It is not an equivalence: "pay" is like "cost" and
"cost" like "fee", which does not make everything one.
"""

from functools import lru_cache
from pathlib import Path

from copilot.language.words import stems

_FOLDER = Path(__file__).parent
# Words of one family begin alike: confirm and confirmation.
_ROOT, _ENDING = 4, 5


def alike(stem: str, other: str, language: str) -> bool:
    """Whether two stems of `language` may stand for each other."""
    return (
        stem == other
        or _family(stem, other)
        or bool(_groups(language).get(stem, _NONE) & _groups(language).get(other, _NONE))
    )


_NONE: frozenset[int] = frozenset()


def _family(stem: str, other: str) -> bool:
    shorter = min(len(stem), len(other))
    is_root = stem.startswith(other) or other.startswith(stem)
    return is_root and shorter >= _ROOT and abs(len(stem) - len(other)) <= _ENDING


@lru_cache(maxsize=2)
def _groups(language: str) -> dict[str, frozenset[int]]:
    """The numbers of the groups in which a stem stands."""
    lines = (_FOLDER / f"synonyms_{language}.txt").read_text(encoding="utf-8").splitlines()
    found: dict[str, frozenset[int]] = {}
    for number, line in enumerate(line for line in lines if not line.startswith("#")):
        for stem in stems(line.replace("-", ""), language):
            found[stem] = found.get(stem, _NONE) | {number}
    return found
