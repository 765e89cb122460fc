"""A Markdown article to safe HTML, with its passages anchored and quoted words lit.

Invariant: the HTML is sanitised before anything is marked in it, and marking adds only `id`, `class` and
`<mark>`. A passage is plain text without markup, so both sides are compared by letters and digits alone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import nh3
from lxml import html
from markdown_it import MarkdownIt

from knowledge.models import Passage

_PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")
# Without images: they would be fetched from elsewhere. Without classes and ids: those are ours.
_TAGS = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote",
    "table", "thead", "tbody", "tr", "th", "td", "a", "br", "hr",
}  # fmt: skip
# What a heading's own anchor looks like in Markdown; ours take its place.
_ANCHOR = re.compile(r"^(#{1,6} .*?)\s*\{#[\w-]+\}[ \t]*$", re.MULTILINE)
_LIST_MARKER = re.compile(r"^\s*(?:\d+\.|-|\|)\s", re.MULTILINE)
_BLOCKS = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr", "pre", "blockquote"])
_STOPS = frozenset(".!?)")
Place = tuple[html.HtmlElement, str, int]  # an element, its `text` or `tail`, and an offset in it


@dataclass(frozen=True)
class Quote:
    """The words to light: characters `start` to `end` of the passage at `position`."""

    position: int
    start: int
    end: int


def render(markdown: str, passages: Sequence[Passage], quote: Quote | None) -> str:
    """The article as HTML with `id="p0"`, `id="p1"`… where its passages begin."""
    page = html.fragment_fromstring(_clean(markdown), create_parent="div")
    letters, places = _letters(page)
    cursor = 0
    for passage in passages:
        key = _key(passage.text)
        start = letters.find(key[:80], cursor) if key else -1
        if start < 0:
            continue  # the passage has words that the page hides; the article is still readable
        cursor = start + 1
        span = places[start : start + len(key)]
        _anchor(span, passage.position, lit=quote is not None and quote.position == passage.position)
        if quote and quote.position == passage.position:
            _light(letters, places, start, passage, quote)
    return "".join(html.tostring(child, encoding="unicode") for child in page)


def _clean(markdown: str) -> str:
    page = _PARSER.render(_ANCHOR.sub(r"\1", markdown))
    return nh3.clean(
        page, tags=_TAGS, attributes={"a": {"href"}}, link_rel="noopener nofollow",
        # Links between files of a source lead nowhere here.
        attribute_filter=lambda _tag, name, value: (
            value if name != "href" or re.match("https?:|mailto:", value) else None
        ),
    )  # fmt: skip


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", _LIST_MARKER.sub("", text)).casefold()


def _letters(page: html.HtmlElement) -> tuple[str, list[Place]]:
    """Every letter and digit of the page in reading order, with where it stands."""
    letters: list[str] = []
    places: list[Place] = []
    for element, kind, text in _texts(page):
        for offset, character in enumerate(text):
            folded = _key(character)
            letters.append(folded)
            places.extend([(element, kind, offset)] * len(folded))
    return "".join(letters), places


def _texts(element: html.HtmlElement) -> list[tuple[html.HtmlElement, str, str]]:
    found = [(element, "text", element.text or "")]
    for child in element:
        found += _texts(child)
        found.append((child, "tail", child.tail or ""))
    return found


def _anchor(span: Sequence[Place], position: int, *, lit: bool) -> None:
    """Give the first block of the passage its id, and light every block of it when it is the cited one."""
    blocks = [_block(place) for place in span]
    if blocks[0].get("id") is None:
        blocks[0].set("id", f"p{position}")
    for block in blocks if lit else ():
        block.set("class", "lit")


def _block(place: Place) -> html.HtmlElement:
    """The block that a letter stands in; a tail stands in its element's parent."""
    element = place[0].getparent() if place[1] == "tail" else place[0]
    while element.tag not in _BLOCKS and element.getparent() is not None:
        element = element.getparent()
    return element


def _light(letters: str, places: Sequence[Place], start: int, passage: Passage, quote: Quote) -> None:
    """Put `<mark>` around the quoted words, last stretch first so that earlier offsets stay true."""
    key = _key(passage.text[quote.start : quote.end])
    found = letters.find(key, start) if key else -1
    stretches: dict[tuple[html.HtmlElement, str], list[int]] = {}
    for element, kind, offset in places[found : found + len(key)] if found >= 0 else ():
        stretches.setdefault((element, kind), []).append(offset)
    last = len(stretches) - 1
    for index, ((element, kind), offsets) in reversed(list(enumerate(stretches.items()))):
        text = str(getattr(element, kind))
        begin, end = min(offsets), max(offsets) + 1
        # Spaces and stops between two lit stretches are lit too, and the stop that closes the last one.
        begin = 0 if index > 0 and not _key(text[:begin]) else begin
        end = len(text) if index < last and not _key(text[end:]) else end + (text[end : end + 1] in _STOPS)
        _wrap(element, kind, begin, end)


def _wrap(element: html.HtmlElement, kind: str, start: int, end: int) -> None:
    text = str(getattr(element, kind))
    mark = html.Element("mark")
    mark.text, mark.tail = text[start:end], text[end:]
    setattr(element, kind, text[:start])
    if kind == "text":
        element.insert(0, mark)
    else:
        element.addnext(mark)
        mark.tail = text[end:]
