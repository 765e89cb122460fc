"""Kinds of private values, in words."""

from collections import Counter
from collections.abc import Sequence

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from copilot.privacy.text import PLACEHOLDER

register = template.Library()


def _names() -> dict[str, str]:
    return {
        "HIDDEN": _("hidden by an agent"), "CUSTOM": _("pattern of your own"), "SECRET": _("password or key"),
        "URL": _("private link"), "EMAIL": _("e-mail address"), "IBAN": _("IBAN"), "BIC": _("BIC"),
        "CARD": _("payment card"), "IDNUMBER": _("official number of a person"), "COMPANY": _("number of a company"),
        "BIRTHDATE": _("date of birth"), "IP": _("IP address"), "PHONE": _("telephone number"),
        "USERNAME": _("user name"), "ACCOUNT": _("account number"), "ORDER": _("order number"),
        "ADDRESS": _("postal address"), "PERSON": _("name of a person"),
        "NUMBER": _("number alone"),
    }  # fmt: skip


@register.filter
def kind_name(kind: str) -> str:
    """`IDNUMBER` as people read it."""
    return _names().get(kind, kind)


@register.filter
def kind(placeholder: str) -> str:
    """What `[EMAIL_1]` stands for."""
    return kind_name(placeholder[1:].rpartition("_")[0])


@register.filter
def placeholders(text: str) -> SafeString:
    """Redacted text with its placeholders marked, its lines kept."""
    parts, end = [], 0
    for match in PLACEHOLDER.finditer(text):
        parts += [conditional_escape(text[end : match.start()]), format_html('<span class="mask">{}</span>', match[0])]
        end = match.end()
    html = "".join([*parts, conditional_escape(text[end:])])
    return mark_safe(html.replace("\n", "<br>"))  # noqa: S308 - every part is escaped


@register.filter
def kinds(masked: Sequence[tuple[str, str, bool]]) -> str:
    """`e-mail address, name of a person (2)`: the most frequent first."""
    counts = Counter(kind(placeholder) for placeholder, _value, _by_agent in masked)
    return ", ".join(name if count == 1 else f"{name} ({count})" for name, count in counts.most_common())
