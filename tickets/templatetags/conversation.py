"""A message as the conversation shows it.

Invariant: whatever a customer or a colleague wrote is escaped before mark-up of ours stands around it.
"""

import re
from collections.abc import Iterator, Mapping

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from tickets import pictures as kept
from tickets.models import Message
from tickets.templatetags.desk import restored
from tickets.views.cards import cut
from tickets.views.summed import Cited, Entry, Mark

register = template.Library()


@register.filter
def pictures(message: Message) -> int:
    """How many pictures it shows from elsewhere."""
    return len(kept.of(message))


_BLANK_LINES = re.compile(r"\n\s*\n")


@register.filter
def masked(entry: Entry, originals: Mapping[str, str]) -> SafeString:
    """Paragraphs as their author wrote them, with a light mark around what no model got to read.

    The words that carry lines of the summary stand apart, so that they can light up.
    """
    paragraphs = (_paragraph(entry, span, originals) for span in _spans(entry.words))
    return format_html_join("\n", "<p>{}</p>", ((paragraph,) for paragraph in paragraphs))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the paragraphs stand, without the line ends around them."""
    start = 0
    for end, following in [*(blank.span() for blank in _BLANK_LINES.finditer(text)), (len(text), len(text))]:
        inside = text[start:end]
        if inside.strip():
            yield end - len(inside.lstrip("\n")), start + len(inside.rstrip("\n"))
        start = following


def _paragraph(entry: Entry, span: tuple[int, int], originals: Mapping[str, str]) -> SafeString:
    html = "".join(_parts(entry, span, originals))
    return mark_safe(html.replace("\n", "<br>"))  # noqa: S308 - every part is escaped


def _parts(entry: Entry, paragraph: tuple[int, int], originals: Mapping[str, str]) -> Iterator[SafeString]:
    marks: list[Cited | Mark] = [*entry.lines, *entry.marks]
    for start, end in cut([(mark.start, mark.end) for mark in marks], *paragraph):
        part = restored(entry.words[start:end], originals)
        lines = " ".join(str(mark.number) for mark in marks if mark.start <= start and end <= mark.end)
        yield format_html('<span data-w="{}">{}</span>', lines, part) if lines else part
