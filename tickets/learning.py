"""What agents' decisions teach retrieval.

Invariant: a question teaches only by what a person has said: a draft that was sent and what it cited, or an answer that
was called useful.
"""

from collections.abc import Iterator

from copilot.inference.embedder import Embedder
from copilot.privacy import kept
from knowledge.fusion import dense_weight
from knowledge.models import Passage
from knowledge.scope import EVERY_LANGUAGE
from knowledge.weights import Known
from knowledge.weights import learn as learn_share
from tickets.gap_signals import question_of_ticket
from tickets.models import Asked, Draft

# The newest questions of each language that are learnt from.
MOST = 400


def learn(embedder: Embedder) -> dict[str, float]:
    """The share that was learnt for each language, where one is better than the embedder's."""
    found = {}
    for language in EVERY_LANGUAGE:
        questions = list(known(language))[:MOST]
        start = dense_weight([language], embedder.calibration)
        share = learn_share(questions, [language], embedder, start) if questions else None
        if share is not None:
            found[language] = share.weight
    return found


def known(language: str) -> Iterator[Known]:
    """Questions in `language` whose answers people have confirmed, the newest first."""
    sent = Draft.objects.filter(state=Draft.State.ACCEPTED, ticket__language=language, language__in=("", language))
    for draft in sent.select_related("ticket").prefetch_related("citations__passage__version").order_by("-pk")[:MOST]:
        articles = {citation.passage.version.article_id for citation in draft.citations.all()}
        if articles:
            asked = question_of_ticket(draft.ticket)
            yield Known(kept(f"{asked.subject}\n{asked.text}"), language, frozenset(articles))
    for row in Asked.objects.filter(feedback=Asked.Feedback.USEFUL, language=language, answered=True)[:MOST]:
        first = Passage.objects.filter(pk__in=row.passages[:1]).values_list("version__article_id", flat=True)
        if first:
            yield Known(kept(row.question), language, frozenset(first))
