"""`Redacted`: the only type a model call accepts.

Invariant: nothing outside `copilot.privacy` constructs one, so whatever reaches a model has passed here.
"""

import re
from collections.abc import Iterable, Mapping
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

    def restore(self) -> str:
        """This text with every known placeholder put back."""
        return restore(self.text, self.originals)

    def excerpt(self, text: str) -> "Redacted":
        """A part of this text. Raises ValueError for one that is not."""
        if text not in self.text:
            raise ValueError("an excerpt must be a part of the redacted text")
        return Redacted(text, self.originals)

    def without(self, pattern: re.Pattern[str]) -> "Redacted":
        """This text with a space for whatever `pattern` finds: what is left holds no more than it did."""
        return Redacted(pattern.sub(" ", self.text), self.originals)

    def glossed(self, glosses: Mapping[str, str]) -> "Redacted":
        """This text with each word of `glosses` followed, where it first stands, by published words in parentheses."""
        text = self.text
        for word, gloss in glosses.items():
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", lambda _: f"{word} ({gloss})", text, count=1)  # noqa: B023
        return Redacted(text, self.originals) if glosses else self

    def first_words(self, most: int) -> "Redacted":
        """The first `most` words, on one line."""
        return Redacted(" ".join(self.text.split()[:most]), self.originals)


def joined(parts: Iterable[Redacted], separator: str = "\n") -> Redacted:
    """Redacted texts as one; empty ones are left out."""
    whole = [part for part in parts if part.text]
    originals = {placeholder: value for part in whole for placeholder, value in part.originals.items()}
    return Redacted(separator.join(part.text for part in whole), originals)


def kept(text: str, originals: Mapping[str, str] | None = None) -> Redacted:
    """Text that `redact` made earlier and a table has kept since."""
    return Redacted(text, dict(originals or {}))


def restore(text: str, originals: Mapping[str, str]) -> str:
    """`text` with every placeholder of `originals` put back."""
    # One pass: an original may itself look like a placeholder, and must not be replaced again.
    return PLACEHOLDER.sub(lambda match: originals.get(match[0], match[0]), text)


def published(text: str) -> Redacted:
    """Text that its owner has published, such as a help article: there is nobody in it to protect."""
    return Redacted(text)
