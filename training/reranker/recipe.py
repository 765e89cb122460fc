"""The numbers of a run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RerankerRecipe:
    """What a run is made of. `layers` are those of the embedder that are kept; `longest` cuts a pair while training."""

    seed: int = 1
    layers: tuple[int, ...] = (0, 1, 2)
    negatives: int = 4
    longest: int = 80
    rate: float = 2e-4
    # Pieces of a batch, padding counted.
    batch_tokens: int = 2000
    warmup: float = 0.05
    minutes: float = 50.0
    save_minutes: float = 2.5
    measure_minutes: float = 10.0
    # Sections of each source that lists are made of, and lists of each kind of question a source gives at most.
    sections: int = 200
    lists: int = 110
    # Entities of the open FAQ collection, and how often each labelled ticket is read.
    entities: int = 100
    tickets: int = 3
    # Questions about products left out that a run is measured on at its end.
    measured: int = 120


SMALL = RerankerRecipe(
    layers=(0,), negatives=2, longest=48, batch_tokens=600, minutes=0.03, save_minutes=0.01, measure_minutes=1.0,
    sections=30, lists=10, entities=6, tickets=1, measured=4,
)  # fmt: skip
