"""The numbers of a run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WriterRecipe:
    """What a run is made of. `batch_tokens` counts padded source and target; `longest` is the cut of each."""

    seed: int = 1
    vocabulary: int = 8192
    width: int = 256
    heads: int = 4
    inner: int = 1024
    encoder_layers: int = 4
    decoder_layers: int = 3
    steps: int = 2200
    warmup: int = 50
    rate: float = 5e-4
    batch_tokens: int = 4096
    longest: int = 448
    save_every: int = 100
    # Examples of held-out sources that a run is measured on at each checkpoint.
    measured: int = 400


SMALL = WriterRecipe(
    vocabulary=600, width=64, inner=128, encoder_layers=2, decoder_layers=2, steps=30, warmup=5, batch_tokens=1024,
    longest=200, save_every=10, measured=40,
)  # fmt: skip
