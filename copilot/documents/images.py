"""Pictures to text. Invariant: a picture's size is known, and small enough, before its pixels are unpacked."""

import warnings
from io import BytesIO

import numpy as np
from PIL import Image, ImageOps

from copilot.documents import ocr, problems
from copilot.documents.layout import arranged
from copilot.documents.limits import Limits
from copilot.documents.ocr import Pixels
from copilot.documents.problems import Unreadable
from copilot.documents.types import Page

_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP")
_SIDE = 3000  # pixels; a larger picture is read no better, only slower


def pages(data: bytes, limits: Limits) -> tuple[Page, ...]:
    """The picture's one page (the first of several). Raises Unreadable."""
    text = arranged(ocr.words(_pixels(data, limits)))[: limits.characters]
    if not text:
        raise Unreadable(problems.NO_TEXT)
    return (Page(1, text, "ocr"),)


def _pixels(data: bytes, limits: Limits) -> Pixels:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's own warnings of bombs and odd headers: the limit below decides
        try:
            with Image.open(BytesIO(data), formats=_FORMATS) as opened:
                if opened.width * opened.height > limits.pixels:
                    raise Unreadable(problems.TOO_MANY_PIXELS)
                opened.draft("RGB", (_SIDE, _SIDE))
                picture = ImageOps.exif_transpose(_on_white(opened))
                picture.thumbnail((_SIDE, _SIDE))
                return np.asarray(picture)[:, :, ::-1].copy()
        except Image.DecompressionBombError as error:
            raise Unreadable(problems.TOO_MANY_PIXELS) from error
        except (OSError, ValueError, SyntaxError, EOFError, TypeError, MemoryError) as error:
            raise Unreadable(problems.DAMAGED) from error


def _on_white(picture: Image.Image) -> Image.Image:
    """Without transparency: black words on nothing would be black on black."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    rgba = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")
