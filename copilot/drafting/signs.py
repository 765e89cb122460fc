"""What can be compared without knowing what words mean: numbers, addresses, code, the same words."""

import re
import unicodedata

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
