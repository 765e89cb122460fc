"""How the pages speak of what triage learned."""

from django import template
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets.comparison import FEW
from tickets.models import Question, Ticket, TrainingRun, TriageModel
from tickets.nightly import Pointless
from tickets.templatetags.desk import intent_name

register = template.Library()


@register.filter
def fine(share: float | None) -> str:
    """`94.2 %`, in the reader\u2019s way of writing numbers; nothing is a dash."""
    return "–" if share is None else f"{number_format(100 * share, 1)}\u202f%"


@register.filter
def verdict(run: TrainingRun) -> str:
    """Why the candidate took over, or did not."""
    return {
        "first": _("It serves: there was none before."),
        "not_worse": _("It took over: it understood at least as many of the held-out questions."),
        "no_proof": _(
            "It took over: it understood a few less, no more than chance explains and at most one in a hundred."
        ),
        "few": _("It took over: with so few held-out questions nothing can be proven, and it understood no fewer."),
        "forget": _("It took over so that what was erased is forgotten, whatever the figures."),
        "unreadable": _("It took over: the one before could not be read or asked any more."),
        "too_few": _("It took over: there are no held-out questions yet, so nothing can be compared."),
        "worse": _("It was kept aside: it understood fewer of the held-out questions than the rule allows."),
        "few_worse": _("It was kept aside: it understood fewer of the few held-out questions."),
        "pinned": _(
            "It was kept aside: a person has chosen the model that serves. Unpin that one to let it take over."
        ),
    }.get(run.outcome, "")


@register.filter
def detail(run: TrainingRun) -> str:
    """The figures behind the verdict: both shares, McNemar\u2019s test, the bootstrap interval."""
    said = run.figures
    if "current" not in said:
        return ""
    values = {
        "rows": said["rows"], "new": fine(said["candidate"]["accuracy"]), "old": fine(said["current"]["accuracy"]),
        "a": said["only_candidate"], "b": said["only_current"], "p": number_format(said["p"], 3),
        "low": number_format(100 * said["low"], 1), "high": number_format(100 * said["high"], 1),
    }  # fmt: skip
    few = " " + _("Below %(few)s questions, its own rule applies.") % {"few": FEW} if said["rows"] < FEW else ""
    return (
        _(
            "%(rows)s held-out questions: the new one is right in %(new)s, the one before in %(old)s. The new one alone"
            " in %(a)s, the other alone in %(b)s (McNemar’s exact test: p = %(p)s). Difference: %(low)s to %(high)s"
            " points (95 %% bootstrap)."
        )
        % values
        + few
    )


@register.filter
def changes(run: TrainingRun) -> str:
    """What it had to learn or forget."""
    said = run.changes
    new, corrected, gone = said.get("new", 0), said.get("corrected", 0), said.get("erased", 0)
    parts = []
    if new:
        parts.append(ngettext("%(n)s new row", "%(n)s new rows", new) % {"n": new})
    if corrected:
        parts.append(ngettext("%(n)s by an agent", "%(n)s by agents", corrected) % {"n": corrected})
    if said.get("relabelled"):
        again = said["relabelled"]
        parts.append(ngettext("%(n)s relabelled", "%(n)s relabelled", again) % {"n": again})
    if gone:
        parts.append(ngettext("%(n)s erased", "%(n)s erased", gone) % {"n": gone})
    if said.get("labels"):
        parts.append(_("new intents: %(names)s") % {"names": ", ".join(said["labels"])})
    return " · ".join(parts)


@register.filter
def pointless(reason: str) -> str:
    """Why nothing is trained."""
    return {
        Pointless.NO_ROWS: _("There are no labelled rows to learn from. Label tickets in triage, or import past ones."),
        Pointless.ONE_LABEL: _("Every row has the same intent, so there is nothing to tell apart."),
        Pointless.UNCHANGED: _("Nothing is new since the last training, so it would learn the same."),
    }.get(Pointless(reason), reason)


@register.filter
def standing(model: TriageModel) -> str:
    """What the version is now."""
    if model.is_active:
        return _("serves, pinned") if model.is_pinned else _("serves")
    if model.is_emptied:
        return _("emptied: it knew erased rows")
    return _("kept aside") if model.is_partial else _("former")


@register.filter
def asked_because(ticket: Ticket) -> str:
    """Why a person is asked about this ticket, in a line; empty when nothing is known."""
    question = Question.objects.filter(ticket=ticket).defer("vector").first()
    if question is None:
        return ""
    reasons = [_doubtful(ticket.intent, question)]
    if question.alike:
        said = ngettext("%(n)d waiting ticket is like it", "%(n)d waiting tickets are like it", question.alike)
        reasons.append(said % {"n": question.alike})
    return " ".join(f"{capfirst(reason)}." for reason in reasons if reason)


def _doubtful(intent: str, question: Question) -> str:
    if not question.in_scope:
        return _("it fits no intent that triage knows")
    if not intent or question.rival in ("", intent):
        return ""
    return _("triage hesitates between %(one)s and %(other)s") % {
        "one": intent_name(intent), "other": intent_name(question.rival),
    }  # fmt: skip
