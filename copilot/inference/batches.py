"""Token numbers in batches of similar length: a padded token costs as much as a real one."""

from collections.abc import Sequence

# So few that what a batch needs stays in a core's cache: docs/adr/0015. Results are the same whatever this is.
BATCH_TOKENS = 256


def by_length(ids: Sequence[Sequence[int]], tokens: int = BATCH_TOKENS) -> list[list[int]]:
    """Indexes into `ids` in batches, shortest first, each of at most `tokens` padded tokens or of one text."""
    batches: list[list[int]] = []
    for i in sorted(range(len(ids)), key=lambda i: len(ids[i])):
        if batches and (len(batches[-1]) + 1) * len(ids[i]) <= tokens:
            batches[-1].append(i)
        else:
            batches.append([i])
    return batches
