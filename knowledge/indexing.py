"""From a source's documents to passages that can be found.

Invariant: an unchanged document is never written again, and a source that cannot be read deletes nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from copilot.inference.embedder import Embedder
from knowledge import recipes, takeover
from knowledge.models import Article, ArticleVersion, Source
from knowledge.sources.base import Document, DocumentSource, Unreadable
from knowledge.versions import SideBySide, publish, retire, write

BATCH = 32


@dataclass(slots=True)
class SyncReport:
    """What a sync saw and did; `errors` are (document, reason)."""

    seen: int = 0
    changed: int = 0
    deleted: int = 0
    passages: int = 0
    errors: list[tuple[str, str]] = field(default_factory=list)


def sync(
    source: Source,
    reader: DocumentSource,
    embedder: Embedder,
    progress: Callable[[SyncReport], None] | None = None,
) -> SyncReport:
    """Bring `source` in step with what `reader` yields. Unchanged documents are not embedded again.

    `embedder` is the configured one. It serves at once when nothing does yet; otherwise it waits for its turn
    (`knowledge.takeover`), and what has changed is embedded by every recipe that is kept. Raises SourceMissing when
    the source cannot be read at all; nothing is changed then.
    """
    takeover.adopt(embedder.recipe)
    report = SyncReport()
    present: set[str] = set()
    for batch in _batches(_changed(source, reader, present, report)):
        _index(source, batch, embedder, report)
        if progress:
            progress(report)
    report.deleted = _delete_absent(source, present)
    Source.objects.filter(pk=source.pk).update(synced_at=timezone.now())
    return report


def _changed(source: Source, reader: DocumentSource, present: set[str], report: SyncReport) -> Iterator[Document]:
    known = _fingerprints(source)
    for document in reader.documents():
        present.add(document.external_id)
        report.seen += 1
        if isinstance(document, Unreadable):
            report.errors.append((document.external_id, document.reason))
        elif not document.body.strip():
            report.errors.append((document.external_id, "has no text"))
        elif known.get(document.external_id) != document.fingerprint:
            yield document


def _fingerprints(source: Source) -> dict[str, str]:
    """Fingerprints of the articles that can be found."""
    return dict(
        ArticleVersion.objects.filter(
            article__source=source, article__is_deleted=False, passages__current=True
        ).values_list("article__external_id", "fingerprint")
    )


def _batches(documents: Iterator[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    for document in documents:
        batch.append(document)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _index(source: Source, documents: Sequence[Document], embedder: Embedder, report: SyncReport) -> None:
    """Embed several documents in one go, by every recipe that is kept, then publish each in its own transaction."""
    written = [write(document) for document in documents]
    made = SideBySide([passage for new in written for passage in new.passages], embedder)
    for recipe in recipes.kept():
        made.of(recipe)
    start = 0
    for new in written:
        publish(source, new, made, start)
        start += len(new.passages)
        report.changed += 1
        report.passages += len(new.passages)


def _delete_absent(source: Source, present: set[str]) -> int:
    gone = source.articles.filter(is_deleted=False).exclude(external_id__in=present)
    for article in gone:
        with transaction.atomic():
            takeover.stay()
            retire(article)
            Article.objects.filter(pk=article.pk).update(is_deleted=True)
    return len(gone)
