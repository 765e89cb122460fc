"""Why an attachment was not read, or not read whole: the codes of `Document.problem`.

Invariant: a code is a word for the desk to translate, never a library's message, which may hold what a customer wrote.
"""

from typing import Final

EMPTY: Final = "empty"  # no bytes, or nothing but space
TOO_LARGE: Final = "too-large"  # more bytes than are taken, as a file or once unpacked
TOO_MANY_PAGES: Final = "too-many-pages"  # the first ones were read
TOO_MANY_PIXELS: Final = "too-many-pixels"
TOO_LONG: Final = "too-long"  # more characters than are kept
TOO_SLOW: Final = "too-slow"  # the time was up
ENCRYPTED: Final = "encrypted"  # asks for a password
DAMAGED: Final = "damaged"  # cut short, or not well-formed
UNSAFE: Final = "unsafe"  # XML with a document type: entities, which no invoice needs
NOT_WHAT_IT_SAYS: Final = "not-what-it-says"  # its name or declared type is another than its bytes'
ARCHIVE: Final = "archive"  # archives are not opened
UNSUPPORTED: Final = "unsupported"  # a kind that is not read
NO_TEXT: Final = "no-text"  # a picture in which no words were recognised
CRASHED: Final = "crashed"  # broke its reader, which ran in a process of its own

PROBLEMS: Final = (
    EMPTY, TOO_LARGE, TOO_MANY_PAGES, TOO_MANY_PIXELS, TOO_LONG, TOO_SLOW, ENCRYPTED, DAMAGED, UNSAFE,
    NOT_WHAT_IT_SAYS, ARCHIVE, UNSUPPORTED, NO_TEXT, CRASHED,
)  # fmt: skip


class Unreadable(Exception):
    """Raised inside this room only, with a code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
