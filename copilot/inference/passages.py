"""A passage's vector: mostly what it says, partly what it is called.

A question often asks for a heading nearly word for word, and drowns in what stands under it. Cosines are linear, so
a share of the heading's own vector in the passage's does what a second search by headings would do, at no cost when
searching (docs/training.md has the figures).
"""

from collections.abc import Sequence

import numpy as np

from copilot.inference.embedder import HEADING_SHARE, Embedder, Vectors
from copilot.privacy.text import published


def embed_passages(embedder: Embedder, headings: Sequence[str], texts: Sequence[str]) -> Vectors:
    """Unit vectors, shape (len(texts), DIMENSIONS), of published `texts`, each under its heading.

    A passage without a heading (an empty one) is its text alone.
    """
    whole = embedder.embed([published(_joined(heading, text)) for heading, text in zip(headings, texts, strict=True)])
    distinct = list(dict.fromkeys(heading for heading in headings if heading))
    if not distinct:
        return whole
    named = dict(zip(distinct, embedder.embed([published(heading) for heading in distinct]), strict=True))
    called = np.array([named.get(heading, row) for heading, row in zip(headings, whole, strict=True)])
    mixed = (1 - HEADING_SHARE) * whole + HEADING_SHARE * called
    lengths = np.linalg.norm(mixed, axis=1, keepdims=True)
    return np.asarray(np.divide(mixed, lengths, out=mixed, where=lengths > 0), dtype=np.float32)


def _joined(heading: str, text: str) -> str:
    return "\n".join(part for part in (heading, text) if part)
