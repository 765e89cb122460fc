"""A pattern that an administrator wrote, checked before it is kept.

Invariant: no pattern is kept that takes long on a text made to slow it down. One that slips through costs a fraction of
a second for each text all the same: the model layer stops it.
"""

import re
from collections.abc import Iterator

import regex
from django.utils.translation import gettext as _

from copilot.triage.fields.patterns import MAX_LENGTH

SECONDS = 0.1
LENGTH = 3000


def complaint(pattern: str) -> str:
    """What is wrong with the pattern, for the person who wrote it; empty when nothing is."""
    if len(pattern) > MAX_LENGTH:
        return _("It is longer than %(n)d characters.") % {"n": MAX_LENGTH}
    try:
        compiled = regex.compile(pattern, regex.IGNORECASE)
        if compiled.match("", timeout=SECONDS) is not None:
            return _("It fits the empty text, so it would be found everywhere. Ask for at least one character.")
        for text in _probes(pattern):
            compiled.search(text, timeout=SECONDS)
    except TimeoutError:
        return _(
            "It takes too long on some texts. Repetition inside repetition, such as (a+)+, does that: say it once."
        )
    except regex.error as error:
        return _("It is not a pattern: %(reason)s.") % {"reason": str(error)}
    except (OverflowError, RecursionError, MemoryError):
        return _("It is not a pattern: it repeats too often, or goes too deep.")
    return ""


def _probes(pattern: str) -> Iterator[str]:
    """Long texts of what the pattern may repeat, then something that fits nothing, then every sign of the pattern: a
    text without a sign that it needs would be given up at once, without showing how slow it can be.
    """
    letters = "".join(dict.fromkeys(re.findall(r"\w", pattern)))
    pieces = ["a", "0", "A", " ", "-", "a ", "a0", "a-", "0.", letters, *letters[:12], *re.findall(r"\w{2,}", pattern)]
    for piece in dict.fromkeys(filter(None, pieces)):
        yield f"{piece * (LENGTH // len(piece))}\0{pattern}\0"
        yield (piece * 30 + "\0" + "\n") * 20 + pattern
