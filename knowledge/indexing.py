"""From a source's documents to passages that can be found.

Invariant: an unchanged document is never written again; a document that moves within its source keeps its versions;
a source that could not look everywhere deletes nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from copilot.inference.embedder import Embedder
from knowledge import recipes, takeover
from knowledge.models import Article, Source
from knowledge.shelf import Shelf
from knowledge.sources.base import Document, DocumentSource, Incomplete, Unchanged, Unreadable
from knowledge.versions import SideBySide, publish, retire, write

BATCH = 32
# Losing so many articles at once, and more than half of a source, is more often a mistake than an edit.
MANY = 10


@dataclass(slots=True)
class SyncReport:
    """What a sync saw and did; `errors` are (document, reason). `incomplete` says why nothing was deleted.

    `held` articles are gone from the source, but they are most of it, so they stay until a person agrees.
    """

    seen: int = 0
    changed: int = 0
    moved: int = 0
    deleted: int = 0
    held: int = 0
    passages: int = 0
    errors: list[tuple[str, str]] = field(default_factory=list)
    incomplete: str = ""


Progress = Callable[[SyncReport], None]


def sync(
    source: Source, reader: DocumentSource, embedder: Embedder, progress: Progress | None = None, *,
    may_remove: bool = False,
) -> SyncReport:  # fmt: skip
    """Bring `source` in step with what `reader` yields. Unchanged documents are not embedded again.

    `embedder` is the configured one. It serves at once when nothing does yet; otherwise it waits for its turn
    (`knowledge.takeover`), and what has changed is embedded by every recipe that is kept. Raises SourceMissing when
    the source cannot be read at all; nothing is changed then. What `progress` raises stops the sync between two
    batches; all that was written stays, and the next one goes on from there. A source that seems to have lost most of
    its articles (an unmounted disk, a site behind a new sign-in) keeps them unless `may_remove`.
    """
    takeover.adopt(embedder.recipe)
    report, shelf = SyncReport(), Shelf(source)
    tell = progress or (lambda _: None)
    for batch in _batches(_changed(reader, shelf, report, tell)):
        _index(source, batch, embedder, report)
        tell(report)
    for batch in _batches(shelf.settle_moves(report)):
        _index(source, batch, embedder, report)
    if not report.incomplete:
        _remove(shelf, report, may_remove=may_remove)
    Source.objects.filter(pk=source.pk).update(synced_at=timezone.now())
    tell(report)
    return report


def _changed(reader: DocumentSource, shelf: Shelf, report: SyncReport, tell: Progress) -> Iterator[Document]:
    for item in reader.documents():
        if isinstance(item, Incomplete):
            report.incomplete = item.reason
            continue
        shelf.present.add(item.external_id)
        report.seen += 1
        if report.seen % BATCH == 0:
            tell(report)
        if isinstance(item, Unreadable):
            report.errors.append((item.external_id, item.reason))
        elif isinstance(item, Document) and not item.body.strip():
            report.errors.append((item.external_id, "has no text"))
        elif not isinstance(item, Unchanged) and shelf.is_news(item):
            yield item


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


def _remove(shelf: Shelf, report: SyncReport, *, may_remove: bool) -> None:
    gone = shelf.absent()
    if len(gone) >= MANY and len(gone) > shelf.count() / 2 and not may_remove:
        report.held = len(gone)
    else:
        report.deleted = _delete(gone)


def _delete(gone: Sequence[Article]) -> int:
    for article in gone:
        with transaction.atomic():
            takeover.stay()
            retire(article)
            Article.objects.filter(pk=article.pk).update(is_deleted=True)
    return len(gone)
