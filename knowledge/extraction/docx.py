"""DOCX to Markdown, by the styles of its paragraphs. Images and macros are left where they are."""

from io import BytesIO

import mammoth

from knowledge.extraction.html import markdown
from knowledge.extraction.limits import check_archive, check_length
from knowledge.extraction.types import CannotRead, Extracted


def document(data: bytes) -> Extracted:
    """A Word document. Raises CannotRead when it is damaged, protected by a password, or holds no text."""
    check_archive(data)
    try:
        made = mammoth.convert_to_html(BytesIO(data), convert_image=mammoth.images.img_element(lambda image: {}))
    except Exception as error:  # the library lets whatever its parser meets through
        raise CannotRead("is damaged: it does not open as a Word document") from error
    body = check_length(markdown(made.value))
    if not body.strip():
        raise CannotRead("has no text")
    return Extracted("", body)
