"""The table of ways to make vectors: speed, memory, and what became of the vectors, against torch in fp32."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import embedding, quality
from bench.measure import Row

TRAIN = "Nothing to compare the embedder with: `pip install -e '.[train]'` brings sentence-transformers.\n"
BENCH = "Skipped: {}. `pip install -e '.[train,bench]'` brings what it takes.\n"


def missing() -> str:
    """Which ways are left out here, and what brings them; empty when none is."""
    here = embedding.others()
    absent = [way for way in embedding.EXTRA if way not in here]
    if not here:
        return TRAIN
    return BENCH.format("; ".join(absent)) if absent else ""


def rows(folder: Path | None = None) -> list[Row]:
    """The configured embedder beside the others, on the same texts; `folder` is in BEIR layout."""
    if note := missing():
        print(note)
    ways = [embedding.OURS, *embedding.others()]
    found = _found(ways, folder)  # first, since it makes the models that are not there yet
    figures = embedding.measure(ways)
    former = ways.index(embedding.FORMER) if embedding.FORMER in ways else None
    return [
        row
        for place, way in enumerate(ways)
        for row in _of(way, figures[place], found[place], None if former is None else (figures[former], found[former]))
    ]


# nDCG@10, and the cosine to fp32 where the model is the same
_Found = tuple[float, float | None]


def _found(ways: Sequence[str], folder: Path | None) -> list[_Found]:
    data = quality.judged(folder)
    with tempfile.TemporaryDirectory() as scratch:
        made = [embedding.vectors(way, Path(scratch, f"{n}.npy"), folder) for n, way in enumerate(ways)]
    reference = made[ways.index(embedding.FORMER)] if embedding.FORMER in ways else None
    near = [
        None if reference is None or way == embedding.OURS else quality.cosine(one, reference)
        for way, one in zip(ways, made, strict=True)
    ]
    return [(quality.ndcg(one, data), cosine) for one, cosine in zip(made, near, strict=True)]


def _of(
    way: str, figures: embedding.Figures, found: _Found, former: tuple[embedding.Figures, _Found] | None
) -> Iterator[Row]:
    """One way's lines, the last column against fp32."""
    shown = zip(("texts/s", "ms for one, p50", "MB"), figures, former[0] if former else figures, strict=True)
    for unit, figure, reference in shown:
        yield Row(f"{way}: {unit}", f"{figure:.4g}", f"{figure / reference:.2f} x fp32" if former else "")
    score, cosine = found
    same = "" if cosine is None else f", cosine {cosine:.4f}"
    yield Row(f"{way}: nDCG@10", f"{score:.4f}", f"{score / former[1][0]:.1%} of fp32{same}" if former else "")
