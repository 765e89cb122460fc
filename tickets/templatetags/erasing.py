"""An erasure in words."""

from collections.abc import Mapping

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets.retention import Due

register = template.Library()


@register.filter
def kinds(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """(what, how many), the most first; what has no name for people is told together, at the end."""
    names = _names()
    told = sorted((-count, names[name]) for name, count in counts.items() if name in names)
    others = sum(count for name, count in counts.items() if name not in names)
    return [*((name, -count) for count, name in told), *([(_("Other tables"), others)] if others else [])]


def _names() -> dict[str, str]:
    return {
        "tickets.Ticket": _("Tickets"), "tickets.Message": _("Messages"), "tickets.Draft": _("Drafts"),
        "tickets.Citation": _("Citations of drafts"), "tickets.Review": _("Decisions on drafts"),
        "tickets.Reply": _("Replies"), "tickets.Summary": _("Summaries"), "tickets.FieldValue": _("Values of fields"),
        "tickets.FieldReport": _("Reports on fields"), "tickets.Attachment": _("Files"),
        "tickets.AttachmentContent": _("Contents of files"), "tickets.Delivery": _("Webhook calls"),
        "tickets.TrainingRow": _("Texts that triage learned from"), "tickets.TrainingVector": _("Their vectors"),
        "tickets.Question": _("Questions to a person in triage"), "tickets.Asked": _("Questions of colleagues"),
        "tickets.GapQuestion": _("Questions in gaps"), "tickets.Gap": _("Gaps"), "tickets.Move": _("Moves"),
        "tickets.WriteBack": _("Placements told to the helpdesk"), "tickets.Confirmation": _("Confirmed translations"),
        "tickets.RoutingRule": _("Routing rules"), "knowledge.OwnArticle": _("Articles written here"),
        "knowledge.Article": _("Published articles"), "knowledge.ArticleVersion": _("Versions of articles"),
        "knowledge.Passage": _("Passages"), "knowledge.PassageVector": _("Vectors of passages"),
        "knowledge.Posting": _("Index entries"), "knowledge.Term": _("Words of the index"),
        "sessions": _("Sessions"), "models_emptied": _("Triage models emptied"),
        "models_marked": _("Triage models that are trained anew"), "files": _("Other people’s files that name them"),
        "articles": _("Articles of sources that name them"), "own_articles": _("Articles kept by decision"),
    }  # fmt: skip


@register.filter
def step(name: str) -> str:
    """What is being done."""
    return {
        "learn": _("looking for what names them"), "copies": _("copies of their words"), "articles": _("articles"),
        "tickets": _("tickets and what hangs on them"), "calls": _("webhook calls"),
        "mentions": _("what other tickets say of them"), "gaps": _("gaps"), "models": _("triage models"),
        "scrub": _("the database’s statistics"), "certify": _("the certificate"),
    }.get(name, name)  # fmt: skip


@register.filter
def would(due: Due) -> str:
    """What a rule would remove."""
    if not due.count:
        return _("nothing now")
    said = ngettext("%(n)s now", "%(n)s now", due.count) % {"n": due.count}
    if due.rule.what == due.rule.What.MESSAGES:
        said = ngettext("those of %(n)s ticket", "those of %(n)s tickets", due.count) % {"n": due.count}
    if due.oldest is None:
        return said
    return _("%(said)s, the oldest of %(day)s") % {"said": said, "day": f"{due.oldest:%Y-%m-%d}"}
