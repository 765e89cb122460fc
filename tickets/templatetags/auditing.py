"""How the audit's codes read."""

from django import template
from django.utils.translation import gettext as _

from tickets.audit.naming import Names
from tickets.models import AuditEntry

register = template.Library()


@register.filter
def group_name(group: str) -> str:
    """What rows whose kind begins so are."""
    return {
        "ticket.": _("Views and decisions"), "model.": _("Calls of models"), "setting.": _("Changes of settings"),
        "signin.": _("Signing in"), "api.": _("Programs (API)"), "erasure.": _("Erasure"),
        "audit.": _("The audit itself"),
    }.get(group, group)  # fmt: skip


@register.filter
def kind_name(kind: str) -> str:
    """What was done, for the kinds that people ask about; others are their own name."""
    return {
        "ticket.view": _("saw the ticket"), "attachment.download": _("downloaded a file"),
        "rows.view": _("saw labelled texts"),
        "gap.view": _("saw questions of a gap"), "preview.view": _("tried a rule on tickets"),
        "ticket.approve": _("approved a draft"), "ticket.reject": _("rejected a draft"),
        "ticket.regenerate": _("asked for another draft"), "ticket.set_intent": _("set the intent"),
        "ticket.assign": _("took or gave back"), "ticket.move": _("moved to a team"),
        "model.embed": _("embedded text"), "model.classify": _("classified text"), "model.read": _("judged evidence"),
        "model.rerank": _("ranked passages"), "model.generate": _("wrote text"),
        "file.read": _("read a file"), "setting.change": _("changed a setting"), "source.sync": _("read a source"),
        "signin.done": _("signed in"), "signin.out": _("signed out"), "signin.failed": _("failed to sign in"),
        "signin.locked": _("locked out"), "audit.export": _("exported the audit"),
        "audit.pruned": _("removed old rows"),
        "audit.anchored": _("anchored the chain"), "audit.verify": _("had the chain verified"),
        "audit.head_lost": _("found the chain’s head gone"),
    }.get(kind, kind)  # fmt: skip


@register.filter
def who(row: AuditEntry, names: Names) -> str:
    """The person, by today's name; whoever is gone by their number."""
    if row.actor in names.people:
        return names.people[row.actor]
    kind, _colon, number = row.actor.partition(":")
    gone = {"user": _("person %(n)s, gone"), "token": _("program %(n)s, gone")}
    if kind in gone and number:
        return gone[kind] % {"n": number}
    return {"system": _("Souffleur"), "visitor": _("somebody")}.get(row.actor, row.actor)


@register.filter
def ticket_of(row: AuditEntry, names: Names) -> object:
    """The ticket that the row is about, if it is still there."""
    return names.tickets.get(row.subject)


@register.filter
def details(row: AuditEntry) -> str:
    """The facts, as they are kept."""
    return ", ".join(f"{name} {value}" for name, value in row.facts.items())


@register.filter
def found(finding: list[object]) -> str:
    """One finding of a walk."""
    kind, first, last = str(finding[0]), finding[1], finding[2]
    where = (
        _("Position %(n)s") % {"n": first} if first == last else _("Positions %(a)s to %(b)s") % {"a": first, "b": last}
    )
    said = {
        "removed": _("removed"), "end_missing": _("the end of the chain is missing"), "changed": _("changed"),
        "inserted": _("inserted or replaced by someone without the key"), "moved": _("stands at another place"),
        "broken": _("does not follow the row before it"), "rewritten": _("rewritten: not what was anchored"),
        "unlinked": _("not written by Souffleur"), "head": _("the head of the chain was removed or changed"),
        "anchor_changed": _("the anchor was edited, or signed with another key"),
        "anchor_missing": _("the anchor is missing"),
    }  # fmt: skip
    return f"{where}: {said.get(kind, kind)}"
