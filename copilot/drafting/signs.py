"""What can be compared without knowing what words mean: numbers, addresses, code, the same words."""

import re
import unicodedata

from copilot.language.unchanged import is_date
from copilot.language.words import fold

NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?")
ADDRESS = re.compile(r"https?://\S+|[\w.+-]+@[\w-]+\.\w+|`[^`]+`|/[\w/.-]{3,}", re.IGNORECASE)


def within(pattern: re.Pattern[str], text: str, passage: str) -> bool:
    """Whether everything that `pattern` finds in the text occurs in the passage too."""
    return found(pattern, text) <= found(pattern, passage)


def found(pattern: re.Pattern[str], text: str) -> set[str]:
    """What the pattern finds, in its plain form."""
    return {plain(match) for match in pattern.findall(text)}


def quotes(text: str, passage: str) -> bool:
    """Whether the passage says this word for word, cut inside no word and no number: "You can" is not in "cannot"."""
    words = plain(text)
    before = r"(?<!\w)" + (r"(?<!\d[.,\s])" if words[:1].isdigit() else "") if words[:1].isalnum() else ""
    after = r"(?!['-]?\w)" + (r"(?![.,\s]\d)" if words[-1:].isdigit() else "") if words[-1:].isalnum() else ""
    return bool(words) and re.search(before + re.escape(words) + after, plain(passage)) is not None


def plain(text: str) -> str:
    """Without differences that no reader sees: spaces, quotes' shapes, a final full stop."""
    text = unicodedata.normalize("NFKC", text).replace("’", "'").replace("“", '"').replace("”", '"')
    return " ".join(text.split()).rstrip(".,;")


_PATH = re.compile(r"[\w&'’\- ]+?(?:\s*[>→›]\s*[\w&'’\-]+(?: [A-ZÀ-Ý0-9][\w'’\-]*| of | the )*)+")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# A capital here is the sentence's or the title's, not a name's.
_OPENS = re.compile(r"(?:^|[.!?:…»«“”\"(\[→*|-])\s*$")


def paths(text: str) -> list[str]:
    """Menu paths in their plain form, from the last word of the first step on: `Billing>Cards`."""
    return [_plain_path(match[0]) for match in _PATH.finditer(text)]


def _plain_path(path: str) -> str:
    first, *rest = (plain(step).lower() for step in re.split(r"[>→›]", path))
    return ">".join([first.split()[-1] if first.split() else "", *rest])


def names(text: str, *, anywhere: bool = False) -> set[str]:
    """Words with a capital or a digit inside a sentence, folded: products, error codes, labels.

    With `anywhere` every word counts, which is what a name may be looked up in.
    """
    return {
        fold(word[0])
        for word in _WORD.finditer(text)
        if anywhere
        or (
            (len(word[0]) > 1 and not word[0].islower() and not word[0].isdigit() and not is_date(word[0]))
            and not _OPENS.search(text[: word.start()])
        )
    }
