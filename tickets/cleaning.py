"""What the requester wrote, apart from what mail programs add around it.

Invariant: nothing is thrown away: what is cut from the body is kept as `hidden`.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from inscriptis import Inscriptis
from inscriptis.model.config import ParserConfig
from lxml import html as lxml_html
from lxml.etree import ParserError
from mailparser_reply import EmailReplyParser

MAX_CHARACTERS = 200_000
_BLANK_LINES = re.compile(r"\n{3,}")
_QUOTED = (
    "//blockquote | //*[contains(@class, 'gmail_quote') or contains(@class, 'moz-cite-prefix') or @id='divRplyFwdMsg']"
)
_UNSEEN = "//script | //style | //head | //template | //noscript | //comment()"
_SIGN_OFF = re.compile(r"\n--[ \t]*\n.*\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """`body` for people and models to read, `hidden` behind a click."""

    body: str
    hidden: str


def clean(text: str, *, is_html: bool) -> Cleaned:
    """Split a message into what its author says and what is quoted or signed."""
    whole = _normalise(_text_of(text[:MAX_CHARACTERS], _UNSEEN) if is_html else text[:MAX_CHARACTERS])
    said = _normalise(_text_of(text[:MAX_CHARACTERS], f"{_UNSEEN} | {_QUOTED}")) if is_html else whole
    body = _without_quotes(said) or said or whole
    return Cleaned(body, _rest(whole, body))


def _text_of(text: str, drop: str) -> str:
    """HTML as lines of text, without the elements at the XPath `drop`."""
    if not text.strip():
        return ""
    try:
        # As bytes: a declared encoding, which was true before JSON, would make the parser refuse a string.
        tree = lxml_html.fromstring(text.encode(), parser=lxml_html.HTMLParser(encoding="utf-8", huge_tree=True))
    except (ParserError, ValueError):
        return text
    unwanted: Any = tree.xpath(drop)  # the stubs allow for XPath that yields numbers
    for element in unwanted:
        if element.getparent() is not None:
            element.drop_tree()
    try:
        return str(Inscriptis(tree, ParserConfig(display_images=False)).get_text())
    except RecursionError:  # tables in tables in tables: the words without their layout are better than none
        return "\n".join(str(piece).strip() for piece in tree.itertext() if piece.strip())


def _without_quotes(text: str) -> str:
    replies = EmailReplyParser(languages=["en", "fr"]).read(text).replies
    body = str(replies[0].body or "") if replies else text
    return _normalise(_SIGN_OFF.sub("", "\n" + body))


def _normalise(text: str) -> str:
    lines = (line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _rest(whole: str, body: str) -> str:
    """The lines of `whole` that `body` does not hold; indentation differs between the two readings of an HTML page."""
    said = Counter(line.strip() for line in body.splitlines())
    rest = []
    for line in whole.splitlines():
        if said[line.strip()] > 0:
            said[line.strip()] -= 1
        else:
            rest.append(line)
    return _normalise("\n".join(rest))
