"""Short forms for a dense page.

Invariant: whatever a customer or a colleague wrote is escaped here before mark-up of ours stands around it.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

register = template.Library()
PLACEHOLDER = re.compile(r"\[[A-Z][A-Z_]*_\d+\]")
# Below each limit in seconds, the age in this unit.
UNITS = [
    (3600, 60, "min"),
    (86_400, 3600, "h"),
    (86_400 * 60, 86_400, "d"),
    (86_400 * 730, 86_400 * 30, "mo"),
]


@register.filter
def age(moment: datetime | None) -> str:
    """`4 min`, `2 h`, `3 d`: how long ago, in as few letters as can be."""
    if moment is None:
        return ""
    seconds = max((timezone.now() - moment).total_seconds(), 0)
    if seconds < 60:
        return _("now")
    for limit, unit, letters in UNITS:
        if seconds < limit:
            return f"{int(seconds // unit)} {_unit(letters)}"
    return f"{int(seconds // (86_400 * 365))} {_unit('y')}"


def _unit(letters: str) -> str:
    return {
        "min": _("min"), "h": _("h"), "d": _("d"), "mo": _("mo"), "y": _("y"),
    }[letters]  # fmt: skip


@register.filter
def intent_name(intent: str) -> str:
    """An intent as people read it: `billing_invoice` is `Billing invoice`."""
    return capfirst(intent.replace("_", " ").replace("/", " · ")) if intent else _("no intent")


@register.filter
def stage(name: str) -> str:
    """What a worker does with a draft just now."""
    return {
        "retrieve": _("searching the articles…"), "select": _("reading the passages…"),
        "write": _("writing…"), "verify": _("checking each sentence…"),
    }.get(name, _("drafting…"))  # fmt: skip


@register.filter
def percent(share: float | None) -> str:
    """`0.94` is `94 %`; nothing is a dash."""
    return "–" if share is None else f"{round(share * 100)}\u202f%"


@register.filter
def duration(seconds: float | None) -> str:
    """`1.1 s`, `42 s`, `3 min`; nothing is a dash."""
    if seconds is None:
        return "–"
    if seconds < 10:
        return f"{seconds:.1f}\u202fs"
    return f"{round(seconds)}\u202fs" if seconds < 120 else f"{round(seconds / 60)}\u202fmin"


def _mask(original: str) -> SafeString:
    return format_html('<span class="mask" title="{}">{}</span>', _("Masked from the model"), original)


@register.filter
def restored(text: str, originals: Mapping[str, str]) -> SafeString:
    """Redacted text with its placeholders' originals, each lightly marked."""
    parts, end = [], 0
    for match in PLACEHOLDER.finditer(text):
        parts += [conditional_escape(text[end : match.start()]), _unmasked(match[0], originals)]
        end = match.end()
    return mark_safe("".join([*parts, conditional_escape(text[end:])]))  # noqa: S308 - every part is escaped


def _unmasked(placeholder: str, originals: Mapping[str, str]) -> SafeString:
    """What the placeholder stands for. `[TEXT_n]` hides nothing but what looked like a placeholder."""
    original = originals.get(placeholder, placeholder)
    is_private = placeholder in originals and not placeholder.startswith("[TEXT_")
    return _mask(original) if is_private else conditional_escape(original)
