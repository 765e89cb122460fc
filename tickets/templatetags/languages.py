"""How the desk speaks of a text in another language than the ticket's."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def language_name(code: str) -> str:
    """`English`."""
    return {"en": _("English"), "fr": _("French")}.get(code, code.upper())


@register.filter
def in_language(code: str) -> str:
    """`in English`."""
    return {"en": _("in English"), "fr": _("in French")}.get(code, code.upper())


@register.filter
def found_in(code: str) -> str:
    """`Found in English for a French ticket`: of two languages, the ticket's is the other."""
    return {
        "en": _("Found in English for a French ticket"), "fr": _("Found in French for an English ticket"),
    }.get(code, code.upper())  # fmt: skip


@register.filter
def other_language(code: str) -> str:
    """The product's other language."""
    return "en" if code == "fr" else "fr"
