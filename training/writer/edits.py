"""The light edits that the writer learns: what a sentence can lose when it leaves its page.

Invariant: an edit only takes away. What it takes claims nothing: a word that joins the sentence to the one before, or a
bracket without number, negation or condition in it.
"""

import re

_JOINS = {
    "en": r"however|also|additionally|in addition|moreover|furthermore|therefore|thus|then|now|please note that"
    r"|note that|note|tip|in this case|for instance|for example|basically|of course|finally|similarly|as a result",
    "fr": r"cependant|toutefois|de plus|en outre|par ailleurs|en effet|ainsi|ensuite|enfin|donc|notez que|à noter que"
    r"|veuillez noter que|remarque|note|astuce|dans ce cas|par exemple|bien sûr|de même|il est à noter que",
}
_OPENING = {
    language: re.compile(rf"^(?:{words})(?:\s*[,:]\s+|(?<=that)\s+|(?<=que)\s+)", re.IGNORECASE)
    for language, words in _JOINS.items()
}
_BRACKET = re.compile(r"\s\((?P<inside>[^()]{3,60})\)")
# What a bracket may hold that changes what the sentence claims.
_MATTERS = re.compile(
    r"\d|\b(?:not?|never|only|unless|except|if|when|without|must|"
    r"pas|jamais|seulement|uniquement|sauf|sans|si|quand|lorsque|doit|hors)\b|[`/@<>=_*]",
    re.IGNORECASE,
)


def lightly(text: str, language: str) -> str:
    """The sentence as the reply says it; often unchanged."""
    text = _BRACKET.sub(lambda match: match[0] if _MATTERS.search(match["inside"]) else "", text)
    shorter = _OPENING[language].sub("", text)
    return shorter[:1].upper() + shorter[1:] if len(shorter.split()) >= 4 and shorter != text else text
