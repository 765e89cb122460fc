"""Gaps that the requester's questions made or named.

Invariant: a gap's name, words and direction are of questions that are still there; one without any is deleted, unless
an article was written for it, whose title it takes.
"""

from collections import Counter

from django.db import transaction

from copilot.inference.manifest import ModelUnusable
from copilot.privacy import kept
from knowledge import recipes
from knowledge.clusters import Question, clusters
from tickets.erasure.rows import note
from tickets.gap_signals import question_of
from tickets.models import Erasure, Gap

# So that one group is made of all.
EVERYTHING = -2.0


@transaction.atomic
def mend(pk: int, erasure: Erasure) -> None:
    """Name it anew, from what is left."""
    gap = Gap.objects.select_for_update(of=("self",)).select_related("article").filter(pk=pk).first()
    if gap is None:
        return
    left = [question_of(row) for row in gap.questions.select_related("ticket", "asked")]
    if left:
        _rename(gap, left)
    elif gap.article:
        Gap.objects.filter(pk=pk).update(name=gap.article.title[:100], words=[], centre=[], recipe="")
    else:
        note(erasure, Counter(gap.delete()[1]))


def _rename(gap: Gap, left: list[Question]) -> None:
    try:
        embedder = recipes.serving_embedder()
    except ModelUnusable:
        # Nothing joins a gap without a recipe; its name is the best that can be had without an embedder.
        Gap.objects.filter(pk=gap.pk).update(name=left[0].subject[:100] or "?", words=[], centre=[], recipe="")
        return
    numbered = [Question(place, one.subject, one.text, one.language) for place, one in enumerate(left)]
    vectors = embedder.embed([kept(f"{one.subject}\n{one.text}") for one in left])
    [whole] = clusters(numbered, vectors, near=EVERYTHING)
    centre = [round(float(value), 5) for value in whole.centre]
    Gap.objects.filter(pk=gap.pk).update(
        name=whole.name[:100], words=list(whole.words), centre=centre, recipe=embedder.recipe
    )
