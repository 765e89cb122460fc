"""How much of a stranger's file is read.

Invariant: every limit is checked before what it bounds is in memory.
"""

from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from knowledge.extraction.types import CannotRead

MEGABYTE = 1024 * 1024
# Of one document as a file; an administrator may change it (SOUFFLEUR_DOCUMENT_MB).
DOCUMENT_MB = 25
# Of one document as text: ten novels. What is longer is not an article.
MAX_CHARACTERS = 5_000_000
MAX_PAGES = 2_000
# Office files are archives: what they unpack to, and how tightly, before they are called a bomb.
MAX_UNPACKED = 300 * MEGABYTE
MAX_RATIO = 200


def read(path: Path, megabytes: float = DOCUMENT_MB) -> bytes:
    """The bytes of a file. Raises CannotRead when it is larger than `megabytes`, OSError when it cannot be opened."""
    with path.open("rb") as file:
        return bounded(file, megabytes)


def bounded(file: BinaryIO, megabytes: float = DOCUMENT_MB) -> bytes:
    """What `file` still holds. Raises CannotRead when that is more than `megabytes`."""
    data = file.read(int(megabytes * MEGABYTE) + 1)
    if len(data) > megabytes * MEGABYTE:
        raise too_large(megabytes)
    return data


def too_large(megabytes: float) -> CannotRead:
    """The refusal of a file above the limit."""
    return CannotRead(f"is larger than {megabytes:g} MB: split it, or raise SOUFFLEUR_DOCUMENT_MB")


def check_length(text: str) -> str:
    """`text`, unless it is longer than any article. Raises CannotRead."""
    if len(text) > MAX_CHARACTERS:
        raise CannotRead(f"holds more than {MAX_CHARACTERS:,} characters: split it")
    return text


def check_archive(data: bytes) -> None:
    """Raises CannotRead when an office file is no archive, is encrypted, or unpacks to far more than it seems."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):  # OLE: what Office wraps an encrypted file in, or a file of before 2007
        raise CannotRead("is password-protected, or in the format of before 2007: save it anew without a password")
    try:
        parts = ZipFile(BytesIO(data)).infolist()
    except BadZipFile as error:
        raise CannotRead("is damaged: it does not open as an Office file") from error
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED or (unpacked > 10 * MEGABYTE and unpacked > MAX_RATIO * len(data)):
        raise CannotRead(f"unpacks to {unpacked // MEGABYTE:,} MB: it is not read")
