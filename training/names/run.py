"""`manage.py train names`: from open data to a file of weights.

Invariant: the file is written whole or not at all, and holds no text of others: words, flags and numbers.
"""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from copilot.privacy.tagger import Tagger, save
from training.names.corpora import everything
from training.names.fit import fit
from training.names.mixture import SMALL, Amounts, Mixture
from training.names.people import held_out, in_lexicon
from training.names.words import lexicon

# What counts against leaving a word unmasked: a name too many is better than one that leaks.
LEAN = (1.0, 0.3)  # person, address; chosen on documents/questions without names (docs/adr)
Log = Callable[[str], object]


def run(data: Path, out: Path, log: Log, *, seed: int = 1, small: bool = False, apart: bool = False) -> Tagger:
    """Train on `data` (docs/training.md) and write `out`; with `apart`, names and templates are kept for measuring."""
    mixture = Mixture(data, seed, SMALL if small else Amounts(), apart=apart)
    texts = list(mixture.texts())
    log(f"{len(texts)} texts, {sum(len(one.spans) for one in texts)} names and addresses")
    known = lexicon(everything(data), texts, keep=in_lexicon)
    with tempfile.TemporaryDirectory() as folder:
        learned = fit(texts, known, Path(folder) / "crf", LEAN, iterations=20 if small else 0)
    # While it learned, the tagger did not know all names, so as not to need them; to serve, it may.
    serving = lexicon(everything(data), texts, keep=lambda name: not (apart and held_out(name)))
    made = replace(learned, lexicon=serving)
    out.parent.mkdir(parents=True, exist_ok=True)
    save(made, out)
    log(
        f"{out}: {out.stat().st_size / 1e6:.2f} MB, {len(serving)} words, "
        f"{sum(len(part.rows) for part in (made.near, made.own, made.beside))} signs"
    )
    return Tagger(made)
