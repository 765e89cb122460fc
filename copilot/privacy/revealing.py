"""What a published text reveals that hardly anybody publishes on purpose.

Invariant: nothing is changed. A card in an article may be the test card that customers are told to use; a person looks.
"""

from collections import Counter

from copilot.privacy.births import birth_dates
from copilot.privacy.detectors import cards
from copilot.privacy.identity import id_numbers
from copilot.privacy.secrets import secrets
from copilot.privacy.spans import merge

_SELDOM_PUBLISHED = (cards, id_numbers, birth_dates, secrets)


def revealed(text: str) -> dict[str, int]:
    """How many cards, official numbers of people, dates of birth and keys `text` holds, by kind; none: empty."""
    found = merge(span for detector in _SELDOM_PUBLISHED for span in detector(text))
    return dict(Counter(span.kind for span in found))
