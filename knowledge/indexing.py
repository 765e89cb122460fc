"""From a source's documents to passages that can be found.

Invariant: an article's old version stays the current one until its new one is whole (text, vectors, postings),
and the change-over is one transaction.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from copilot.inference.embedder import Embedder, Vectors
from copilot.privacy.text import published
from knowledge import bm25
from knowledge.chunks import Chunk, chunks
from knowledge.models import Article, ArticleVersion, Passage, Posting, Source
from knowledge.sources.base import Document, DocumentSource, Unreadable

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

    Raises SourceMissing when the source cannot be read at all; nothing is changed then.
    """
    report = SyncReport()
    present: set[str] = set()
    for batch in _batches(_changed(source, reader, embedder.recipe, present, report)):
        _index(source, batch, embedder, report)
        if progress:
            progress(report)
    report.deleted = _delete_absent(source, present)
    Source.objects.filter(pk=source.pk).update(synced_at=timezone.now())
    return report


def _changed(
    source: Source, reader: DocumentSource, recipe: str, present: set[str], report: SyncReport
) -> Iterator[Document]:
    known = _fingerprints(source, recipe)
    for document in reader.documents():
        present.add(document.external_id)
        report.seen += 1
        if isinstance(document, Unreadable):
            report.errors.append((document.external_id, document.reason))
        elif not document.body.strip():
            report.errors.append((document.external_id, "has no text"))
        elif known.get(document.external_id) != document.fingerprint:
            yield document


def _fingerprints(source: Source, recipe: str) -> dict[str, str]:
    """Fingerprints of the articles whose current passages were embedded by `recipe`."""
    return dict(
        ArticleVersion.objects.filter(
            article__source=source, article__is_deleted=False, passages__current=True, passages__recipe=recipe
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
    """Embed several documents in one go, then write each in its own transaction."""
    cut = [chunks(document.body) for document in documents]
    flat = [
        _embedded_text(document, chunk) for document, pieces in zip(documents, cut, strict=True) for chunk in pieces
    ]
    vectors = embedder.embed([published(text) for text in flat])
    start = 0
    for document, pieces in zip(documents, cut, strict=True):
        _write(source, document, pieces, vectors[start : start + len(pieces)], embedder.recipe)
        start += len(pieces)
        report.changed += 1
        report.passages += len(pieces)


def _embedded_text(document: Document, chunk: Chunk) -> str:
    return "\n".join(part for part in (document.title, chunk.heading, chunk.text) if part)


@transaction.atomic
def _write(source: Source, document: Document, pieces: Sequence[Chunk], vectors: Vectors, recipe: str) -> None:
    article, _ = Article.objects.update_or_create(
        source=source, external_id=document.external_id, defaults={"is_deleted": False}
    )
    Article.objects.select_for_update().get(pk=article.pk)  # two syncs at once make two versions, not one twice
    _retire(article)
    version = _new_version(article, document)
    counts = [bm25.frequencies(f"{document.title} {chunk.heading}", chunk.text, document.language) for chunk in pieces]
    passages = Passage.objects.bulk_create(
        Passage(
            version=version, position=position, heading=chunk.heading[:500], anchor=chunk.anchor[:200],
            text=chunk.text, language=document.language, visibility=document.visibility,
            words=sum(counts[position].values()), vector=vectors[position], recipe=recipe,
        )
        for position, chunk in enumerate(pieces)
    )  # fmt: skip
    Posting.objects.bulk_create(
        posting for passage, count in zip(passages, counts, strict=True) for posting in bm25.postings(passage.pk, count)
    )


def _new_version(article: Article, document: Document) -> ArticleVersion:
    last = article.versions.values_list("number", flat=True).first() or 0
    return ArticleVersion.objects.create(
        article=article, number=last + 1, title=document.title[:500], section=document.section[:200],
        language=document.language, visibility=document.visibility, body=document.body,
        fingerprint=document.fingerprint,
    )  # fmt: skip


def _retire(article: Article) -> None:
    """Take the article's passages out of every search; cited ones stay readable."""
    old = Passage.objects.filter(version__article=article, current=True)
    Posting.objects.filter(passage__in=old).delete()
    old.update(current=False)


def _delete_absent(source: Source, present: set[str]) -> int:
    gone = source.articles.filter(is_deleted=False).exclude(external_id__in=present)
    for article in gone:
        with transaction.atomic():
            _retire(article)
            Article.objects.filter(pk=article.pk).update(is_deleted=True)
    return len(gone)
