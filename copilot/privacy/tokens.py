"""A text as words, numbers, marks and line breaks.

Invariant: tokens are in order and never overlap, and between two of them stands nothing but blanks; linear in the text.
"""

import re
import unicodedata

LINE_END = "\n"
_WORD = r"[^\W\d_][^\W\d_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W\d_]*)*"
# Letters and digits mixed, as in keys and digests: in pieces they would look like house numbers.
_CODE = r"(?=\d+[^\W\d_]+\d|[^\W\d_]+\d+[^\W\d_])[^\W_]{12,}"
_REST = rf"\n|https?://[^\s<>\"]+|www\.[^\s<>\"]+|\[[A-Z]{{1,16}}_\d{{1,9}}\]|{_CODE}|{_WORD}|\d+|[^\w\s]|_"
_TOKEN = re.compile(_REST)
# The bound keeps a long run of letters and dots without an @ from being read again and again.
_TOKEN_OR_EMAIL = re.compile(rf"[\w.+-]{{1,64}}@[\w-]{{1,64}}(?:\.[\w-]{{1,64}})*|{_REST}")


def token_spans(text: str) -> list[tuple[int, int]]:
    """Where each token starts and ends. An e-mail or web address, a long code, a placeholder are one each."""
    pattern = _TOKEN_OR_EMAIL if "@" in text else _TOKEN
    return [match.span() for match in pattern.finditer(text)]


def fold(word: str) -> str:
    """`word` in lower case, without accents."""
    word = word.lower()
    if word.isascii():
        return word
    return "".join(piece for piece in unicodedata.normalize("NFKD", word) if not unicodedata.combining(piece))
