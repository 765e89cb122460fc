"""Markdown to sections of plain text, one line per paragraph, list item, table row or code line.

Invariant: nothing that a reader of the page sees as words is lost, and nothing else stays: no markup, no
front matter, no script, no site-generator syntax. The lines of `Section.text` are what citations point into.
"""

import html as entities
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")
_ADMONITION = re.compile(r"^[ \t]*:{3,}[ \t]*(?:\w+)?[ \t]*(?P<title>.*)$", re.MULTILINE)
_IMPORT = re.compile(r"^(?:import\s.+\sfrom\s+['\"].+['\"]|export\s+(?:const|default)\s.*);?\s*$", re.MULTILINE)
_EXPLICIT_ANCHOR = re.compile(r"\s*\{#([\w-]+)\}\s*$")
# A tag of a site generator's components: its braces make it plain text to a Markdown parser.
_COMPONENT = re.compile(r"</?[A-Za-z][\w.]*\s[^<>]*\{[^<>]*>")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*\)")
_SPACES = re.compile(r"\s+")


@dataclass(slots=True)
class Section:
    """What stands under one heading: the path of headings above it, its anchor, and its lines grouped in blocks."""

    path: tuple[str, ...]
    anchor: str = ""
    blocks: list[str] = field(default_factory=list)


def sections(markdown: str) -> list[Section]:
    """The sections of a page in order; text before the first heading has an empty path."""
    found = [Section(())]
    tokens = _PARSER.parse(_plain_markdown(markdown))
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            level, title = int(token.tag[1]), _inline(tokens[index + 1])
            anchor = _EXPLICIT_ANCHOR.search(title)
            title = _EXPLICIT_ANCHOR.sub("", title)
            found.append(Section((*_above(found[-1], level), title), anchor[1] if anchor else slug(title)))
            found[-1].blocks = []
    _fill(found, tokens)
    return [section for section in found if section.blocks]


def slug(title: str) -> str:
    """A heading's anchor, as static-site generators make it."""
    return re.sub(r"[^\w]+", "-", title.lower()).strip("-")


def _plain_markdown(markdown: str) -> str:
    """Without what site generators add to Markdown: imports and `:::note Title` fences (whose title stays)."""
    return _IMPORT.sub("", _ADMONITION.sub(lambda match: f"\n{match['title']}\n", markdown))


def _above(section: Section, level: int) -> tuple[str, ...]:
    """The headings a heading of `level` stands under: level 2 is the top, level 1 is the page's own title."""
    return section.path[: max(level - 2, 0)]


def _fill(found: list[Section], tokens: list[Token]) -> None:
    number, lists = 0, _Lists()
    in_heading = False
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            in_heading = token.type == "heading_open"
            number += in_heading
        elif not in_heading:
            for line, joins in lists.lines(token):
                _append(found[number].blocks, line, joins=joins)


def _append(blocks: list[str], line: str, *, joins: bool) -> None:
    """Start a block, or continue the last one when the line belongs to the same list, table or code."""
    if joins and blocks:
        blocks[-1] += "\n" + line
    else:
        blocks.append(line)


class _Lists:
    """Turns tokens into lines, remembering which list or table it is in."""

    def __init__(self) -> None:
        self._stack: list[int | None] = []  # the next number of an ordered list; None for bullets
        self._marker = ""
        self._row: list[str] | None = None
        self._head: list[str] = []
        self._joins = False

    def lines(self, token: Token) -> Iterator[tuple[str, bool]]:
        """The lines this token adds, each with whether it joins the block before it."""
        handler = getattr(self, f"_on_{token.type}", None)
        if handler is not None:
            yield from handler(token) or ()

    def _on_ordered_list_open(self, token: Token) -> None:
        self._open_list(int(token.attrs.get("start", 1)))

    def _on_bullet_list_open(self, token: Token) -> None:
        self._open_list(None)

    def _open_list(self, first: int | None) -> None:
        if not self._stack:
            self._joins = False
        self._stack.append(first)

    def _on_ordered_list_close(self, token: Token) -> None:
        self._stack.pop()

    _on_bullet_list_close = _on_ordered_list_close

    def _on_list_item_open(self, token: Token) -> None:
        number = self._stack[-1]
        self._marker = "- " if number is None else f"{number}. "
        if number is not None:
            self._stack[-1] = number + 1

    def _on_inline(self, token: Token) -> Iterator[tuple[str, bool]]:
        line = _inline(token)
        if self._row is not None:
            self._row.append(line)
        elif line:
            yield self._marker + line, bool(self._stack) and self._joins
            self._joins, self._marker = bool(self._stack), ""

    def _on_table_open(self, token: Token) -> None:
        self._head, self._joins = [], False

    def _on_tr_open(self, token: Token) -> None:
        self._row = []

    def _on_tr_close(self, token: Token) -> Iterator[tuple[str, bool]]:
        row, self._row = self._row or [], None
        if not self._head:
            self._head = row
        yield "| " + " | ".join(row), self._joins
        self._joins = True

    def _on_fence(self, token: Token) -> Iterator[tuple[str, bool]]:
        for index, line in enumerate(token.content.rstrip().splitlines()):
            yield "    " + line, index > 0
        self._joins = bool(self._stack)

    _on_code_block = _on_fence

    def _on_html_block(self, token: Token) -> Iterator[tuple[str, bool]]:
        if line := _text_of_html(token.content):
            yield line, False


def _inline(token: Token) -> str:
    """The words of an inline token: link texts, code and emphasis without their marks; images left out."""
    words: list[str] = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            words.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            words.append(" ")
    return _SPACES.sub(" ", _COMPONENT.sub("", "".join(words))).strip()


def _text_of_html(html: str) -> str:
    """The words of a block of HTML, and of the Markdown that some pages put inside it."""
    return _SPACES.sub(" ", _LINK.sub(r"\1", entities.unescape(nh3.clean(html, tags=set())))).strip()
