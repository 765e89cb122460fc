"""`Redacted`: the only type a model call accepts.

Invariant: nothing outside `copilot.privacy` constructs one, so whatever reaches a model has passed here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

PLACEHOLDER = re.compile(r"\[[A-Z]{1,16}_[0-9]{1,9}\]")


@dataclass(frozen=True, slots=True)
class Redacted:
    """Text that may be shown to a model.

    `text` holds placeholders such as `[EMAIL_1]`; `originals` maps each placeholder to what it stands for, and is
    kept out of `repr` so that it cannot reach a log.
    """

    text: str
    originals: Mapping[str, str] = field(default_factory=dict, repr=False)

    def restore(self, text: str | None = None) -> str:
        """`text` (by default this text) with every known placeholder put back."""
        # One pass: an original may itself look like a placeholder, and must not be replaced again.
        source = self.text if text is None else text
        return PLACEHOLDER.sub(lambda match: self.originals.get(match[0], match[0]), source)


def published(text: str) -> Redacted:
    """Text that its owner has published, such as a help article: there is nobody in it to protect."""
    return Redacted(text)
