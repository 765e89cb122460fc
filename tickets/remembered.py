"""Training rows' vectors, kept, so that a nightly training embeds what is new only.

Invariant: a vector is used only for the text and the recipe that it was made of; it dies with its row.
"""

from collections.abc import Callable, Sequence

import numpy as np

from copilot.inference.embedder import Embedder, Vectors
from copilot.privacy import Redacted, kept
from tickets.lesson import Row
from tickets.models import TrainingVector

BATCH = 128


class Remembered:
    """`embedder`, which is asked only for texts whose vectors are not known."""

    def __init__(self, embedder: Embedder, known: dict[str, Vectors]) -> None:
        self._embedder = embedder
        self._known = known
        self.recipe = embedder.recipe
        self.calibration = embedder.calibration

    def embed(self, texts: Sequence[Redacted]) -> Vectors:
        """As the embedder does."""
        if not texts:
            return self._embedder.embed(texts)
        missing = [text for text in texts if text.text not in self._known]
        made = self._embedder.embed(missing) if missing else np.empty((0, 0), dtype=np.float32)
        fresh = {text.text: vector for text, vector in zip(missing, made, strict=True)}
        found = [fresh[text.text] if text.text in fresh else self._known[text.text] for text in texts]
        return np.array(found, dtype=np.float32)


def remember(rows: Sequence[Row], embedder: Embedder, tell: Callable[[int, int], None]) -> Remembered:
    """Embed and keep what is missing; `tell` is called with (done, of how many) after each batch."""
    known = _known(rows, embedder.recipe)
    missing = [row for row in rows if row.pk not in known]
    for start in range(0, len(missing), BATCH):
        batch = missing[start : start + BATCH]
        made = embedder.embed([kept(row.text) for row in batch])
        _keep(batch, made, embedder.recipe)
        known |= {row.pk: vector for row, vector in zip(batch, made, strict=True)}
        tell(start + len(batch), len(missing))
    return Remembered(embedder, {row.text: known[row.pk] for row in rows})


def _known(rows: Sequence[Row], recipe: str) -> dict[int, Vectors]:
    """What is kept, of the rows whose text is still the same."""
    digests = {row.pk: row.digest for row in rows}
    found = TrainingVector.objects.filter(recipe=recipe).values_list("row_id", "digest", "vector")
    return {
        pk: np.frombuffer(vector, dtype=np.float32)
        for pk, digest, vector in found.iterator(chunk_size=2000)
        if digests.get(pk) == digest
    }


def _keep(rows: Sequence[Row], made: Vectors, recipe: str) -> None:
    """A row that was erased meanwhile keeps nothing."""
    from tickets.models import TrainingRow

    here = set(TrainingRow.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    TrainingVector.objects.bulk_create(
        [
            TrainingVector(row_id=row.pk, recipe=recipe, digest=row.digest, vector=vector.astype(np.float32).tobytes())
            for row, vector in zip(rows, made, strict=True)
            if row.pk in here
        ],
        update_conflicts=True, unique_fields=["row", "recipe"], update_fields=["digest", "vector"],
    )  # fmt: skip
