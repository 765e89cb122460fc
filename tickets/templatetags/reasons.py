"""Why a draft is as it is, in the reader's words."""

from django import template
from django.utils.translation import gettext as _

from copilot.drafting.writers import REPAIRED, REPEATED, UNCARRIED
from tickets.writing import UNLOADED

register = template.Library()


@register.filter
def headline(reason: str) -> str:
    """What a reply that is not an answer says at a glance."""
    return {
        "needs_lookup": _("This needs a look at the customer’s account."),
        "not_a_question": _("This message asks nothing."),
        "other_language": _("This is neither English nor French."),
    }.get(reason, _("The knowledge base does not answer this."))


@register.filter
def explain(reason: str) -> str:
    """What the writer or a worker noted as a code or in English."""
    return {**_abstained(), **_failed(), **_notes()}.get(reason, reason)


@register.filter
def advice(reason: str) -> str:
    """What to do about a reply that is not an answer."""
    return {
        "needs_lookup": _("Look it up, then write the reply; the one below only says that you are on it."),
        "not_a_question": _("Ask what they need with the reply below, or reject: no reply needed."),
        "other_language": _("Write the reply yourself, or have one drafted in a language that we know."),
    }.get(
        reason,
        _("Write the reply yourself, or redraft with a hint. The question is kept as a gap in the knowledge base."),
    )


def _abstained() -> dict[str, str]:
    return {
        "nothing_found": _("No article speaks about it."),
        "not_answering": _("Articles were found, but none of them answers the question."),
        "needs_lookup": _("It is about an order, a payment or data of theirs; no article can say that."),
        "not_a_question": _("There is nothing in it that an article could answer."),
        "other_language": _("Drafts are written in English and French only."),
    }


def _failed() -> dict[str, str]:
    empty = _("The message holds no text; look at it in your helpdesk, then write the reply here.")
    reading = _("The message holds nothing but files, which are being read. A draft follows when they hold words.")
    died = _("The worker stopped while writing it.")
    return {
        "reading": reading,
        "no_text": empty, "the message holds no text": empty,
        "worker_died": died, "the worker died while writing it": died,
        "too_slow": _("Writing it took too long."),
        "no_embedder": _("The search model could not be loaded. The administrator has been told."),
        "database_gone": _("The database went away while it was written."),
    }  # fmt: skip


def _notes() -> dict[str, str]:
    return {
        UNCARRIED: _("The model’s text was not carried by the evidence, so this reply quotes instead."),
        REPEATED: _("The model repeated itself, so this reply quotes instead."),
        REPAIRED: _("The model had cited a wrong passage; the number was put right."),
        UNLOADED: _("The configured model could not be loaded, so this reply quotes instead."),
    }
