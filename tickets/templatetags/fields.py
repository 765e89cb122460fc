"""Fields and files in the reader's words."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets.models import Attachment
from tickets.naming import label

register = template.Library()
register.filter("field_label", label)


@register.filter
def kind(code: str) -> str:
    """What the bytes of a file are."""
    return {
        "pdf": "PDF", "image": _("image"), "xml": "XML", "text": _("text"), "archive": _("archive"),
    }.get(code, _("unknown kind"))  # fmt: skip


@register.filter
def what(file: Attachment) -> str:
    """`PDF · 2 pages`; before it was read, nothing."""
    parts = [kind(file.kind)] if file.kind else []
    if file.kind == "pdf" and file.pages:
        parts.append(ngettext("%d page", "%d pages", file.pages) % file.pages)
    return " · ".join(parts)


@register.filter
def trouble(file: Attachment) -> str:
    """What was wrong with a file, and what it means."""
    if file.problem == "not-what-it-says":
        ending = file.name.rpartition(".")[2].upper()[:8] if "." in file.name else file.declared
        return _("Its name says %(name)s, but it is something else: %(kind)s.") % {
            "name": ending, "kind": kind(file.kind),
        }  # fmt: skip
    if file.problem == "too-many-pages":
        return ngettext("Only %d page was read.", "Only the first %d pages were read.", file.pages) % file.pages
    return {**_unread(), **_not_had()}.get(file.problem, _("It could not be read."))


def _unread() -> dict[str, str]:
    return {
        "empty": _("It is empty."),
        "too-large": _("It is too large to be kept here; look at it in your helpdesk."),
        "too-many-pixels": _("The picture is too large to be read."),
        "too-long": _("Only its beginning was read: it holds more text than is kept."),
        "too-slow": _("Reading it took too long."),
        "encrypted": _("It asks for a password, so it was not read."),
        "damaged": _("It is damaged, or cut short."),
        "unsafe": _("It names other files to be read with it, so it was not read."),
        "archive": _("Archives are not opened."),
        "unsupported": _("Files of this kind are not read."),
        "no-text": _("No words were recognised in it."),
        "crashed": _("It broke its reader, so it was not read."),
        "sealed": _("The key that it was encrypted with is gone."),
    }


def _not_had() -> dict[str, str]:
    return {
        "too-many": _("The message has more files than are kept here; look at it in your helpdesk."),
        "no-address": _("It was not fetched: the helpdesk has no address here. An administrator can add one."),
        "missing": _("The helpdesk did not hand it out: it is gone, or the token may not read it."),
        "unreachable": _("The helpdesk did not answer."),
        "redirected": _("The helpdesk sent us elsewhere for it, where we do not go."),
        "elsewhere": _("It lies on another server than the helpdesk, and is not fetched from there."),
        "packed": _("The helpdesk sent it compressed, which is not accepted."),
        "removed": _("It was removed: files of answered tickets are not kept for longer."),
        "not-base64": _("It did not come in one piece: what the call holds is not base64."),
    }


@register.filter
def can_retry(file: Attachment) -> bool:
    """Whether a second try may help."""
    return file.problem in ("no-address", "missing", "unreachable", "crashed", "too-slow", "sealed")


@register.filter
def broken(code: str) -> str:
    """The rule that a value, or the values together, break."""
    return {
        "checksum": _("The check digits do not fit: there is a slip in it."),
        "format": _("It does not look as such a value should."),
        "sum": _("The amounts do not add up: net and VAT are not the total."),
        "due-before-issue": _("The invoice is due before the day it was issued."),
        "ambiguous-date": _("Day and month may be the other way round."),
    }.get(code, _("It breaks the rule “%(rule)s”.") % {"rule": code})
