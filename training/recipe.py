"""The numbers of a run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a run is made of. New words have more to learn than layers that must keep their English."""

    seed: int = 1
    epochs: float = 1.0
    batch_tokens: int = 2048
    longest: int = 128
    layers_rate: float = 6e-5
    words_rate: float = 2e-4
    warmup: float = 0.05
    # How much of the training stays when its weights are averaged with the student's before it.
    share: float = 0.6
