"""From what agents have really answered to articles.

Invariant: nothing personal of a ticket goes into an article: replies are redacted first, and what a placeholder stood
in is left out.
"""

import re
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from copilot.language.detect import detect
from copilot.privacy import Redacted
from copilot.privacy.text import PLACEHOLDER
from knowledge import own
from knowledge.clusters import Question, name_of
from knowledge.models import OwnArticle
from tickets.access import visible_tickets
from tickets.gap_signals import question_of
from tickets.models import Gap, Reply, User

Origin = OwnArticle.Origin
REPLIES = 5


def keep(reply: Reply, user: User) -> OwnArticle:
    """Propose an accepted reply as an article."""
    message = reply.ticket.messages.filter(author="requester").order_by("sent_at").first()
    ticket = reply.ticket
    asked = Question(
        ticket.pk, ticket.redact(ticket.subject).text, message.redacted if message else "", ticket.language
    )
    body = facts_of(ticket.redact(reply.body))
    return own.propose(
        title=name_of(asked), body=body, language=str(detect(body or asked.text)), origin=Origin.ACCEPTED,
        user_id=user.pk, made_from=[reply.ticket_id],
    )  # fmt: skip


@transaction.atomic
def write_for(gap: Gap, user: User) -> OwnArticle:
    """The gap's article: the one that is being written, or a new one from what was sent and `user` may read."""
    if gap.article is not None:
        return gap.article
    replies = Reply.objects.filter(ticket__gap_question__gap=gap, state=Reply.State.SENT).order_by("-created_at")
    sent = list(replies.filter(ticket__in=visible_tickets(user)).select_related("ticket")[:REPLIES])
    body = together(facts_of(reply.ticket.redact(reply.body)) for reply in sent)
    language = str(detect(body)) if body else _language(gap)
    asked = gap.questions.exclude(ticket=None).values_list("ticket_id", flat=True)  # its title is one of theirs
    article = own.propose(
        title=gap.name, body=body, language=language, origin=Origin.GAP, user_id=user.pk,
        made_from=sorted({*asked, *(reply.ticket_id for reply in sent)}),
    )  # fmt: skip
    Gap.objects.filter(pk=gap.pk).update(article=article, state=Gap.State.WRITING, assigned_to=gap.assigned_to or user)
    return article


def publish(article: OwnArticle, user: User) -> None:
    """Publish it; its gaps are filled from now on, if it fills them."""
    own.publish(article, user)
    Gap.objects.filter(article=article).update(state=Gap.State.PUBLISHED, published_at=timezone.now())


def _language(gap: Gap) -> str:
    """The one that most of its questions are in."""
    asked = [question_of(row).language for row in gap.questions.select_related("ticket", "asked")[:20]]
    return max(asked, key=asked.count, default="en")


def facts_of(reply: Redacted) -> str:
    """A reply without its greeting, its closing, and whatever is about one customer."""
    paragraphs = re.split(r"\n\s*\n", reply.text.strip())
    inner = [paragraph for paragraph in paragraphs if len(re.findall(r"\w+", paragraph)) > 4]
    return "\n\n".join(paragraph.strip() for paragraph in inner if not PLACEHOLDER.search(paragraph))


def together(texts: Iterable[str]) -> str:
    """Paragraphs of several replies, each once."""
    paragraphs = [paragraph for text in texts for paragraph in text.split("\n\n") if paragraph]
    return "\n\n".join(dict.fromkeys(paragraphs))
