"""Articles that were written here: proposed, published, withdrawn.

Invariant: only a published one is ever found, and its words are searched for only once a look at its source has read
them, as with every other source.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from knowledge.models import OwnArticle, Source

State = OwnArticle.State
NAME = "Written here"


def own_source() -> Source:
    """The source of the articles that people write here."""
    source = Source.objects.filter(kind=Source.Kind.OWN, options__people=True).first()
    if source is None:
        name = NAME if not Source.objects.filter(name=NAME).exists() else f"{NAME} ({uuid.uuid4().hex[:4]})"
        source = Source.objects.create(name=name, kind=Source.Kind.OWN, options={"people": True})
    return source


def propose(
    *, title: str, body: str, language: str, origin: str, user_id: int | None, made_from: Sequence[int] = ()
) -> OwnArticle:
    """An article to be: it waits for somebody to publish it. `made_from` names the tickets that it began with."""
    return OwnArticle.objects.create(
        source=own_source(), external_id=uuid.uuid4().hex[:12], title=title[:500], body=body, language=language,
        origin=origin, proposed_by_id=user_id, made_from=list(made_from),
    )  # fmt: skip


def publish(article: OwnArticle, user: Any) -> None:
    """Let it be found, from the next look at its source on."""
    OwnArticle.objects.filter(pk=article.pk).update(
        state=State.PUBLISHED, published_by=user, published_at=timezone.now()
    )


def withdraw(article: OwnArticle) -> None:
    """Let it be found no more; what has cited it stays readable."""
    OwnArticle.objects.filter(pk=article.pk).update(state=State.WITHDRAWN)
