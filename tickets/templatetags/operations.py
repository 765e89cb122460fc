"""How the administrators' page speaks of what goes wrong."""

from django import template
from django.utils.translation import gettext as _

from tickets import claims, write_back
from tickets.models import Problem

register = template.Library()
# The names of the pages under the tab "Privacy".
PRIVACY = frozenset({
    "privacy", "audit", "destinations", "redaction", "try_redaction", "add_redaction", "erasure", "begin_erasure",
    "certificate", "retention",
})  # fmt: skip


@register.simple_tag
def problem_count() -> int:
    """How much there is for an administrator to look at."""
    return Problem.objects.count() + claims.dead().count() + write_back.dead().count()


@register.filter
def is_privacy(name: str) -> bool:
    """Whether an address's name belongs to the pages about privacy."""
    return name in PRIVACY


@register.filter
def put_right(problem: Problem) -> str:
    """What went wrong and what to do about it."""
    return {
        "writer": _("The writing model could not be loaded; replies are quoted instead. Convert it again."),
        "embedder": _("The embedder could not be loaded, so drafts fail. Put its folder back, or name another one."),
        "reader": _("The reader’s weights could not be used; the ones that come with Souffleur read instead."),
        "reranker": _("The reranker could not be loaded; searches end without it."),
        "uncarried": _("What the writing model wrote was not carried by the evidence; the replies quote instead."),
        "redis": _("Redis did not answer. Drafts are still written, but later, and pages show no progress."),
        "audit": _(
            "The audit is not as it was written: rows were removed, changed or added. See Admin, Privacy, Audit."
        ),
        "anchor": _("The audit’s anchor could not be written. See that SOUFFLEUR_AUDIT_ANCHORS can be written to."),
        "database": _("The database failed while a draft was written. The draft was tried again."),
        "redaction": _(
            "A redaction pattern took too long, so it hid the rest of a text. Make it simpler or delete it."
        ),
    }.get(problem.kind, problem.kind)
