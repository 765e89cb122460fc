"""Words in pictures, by RapidOCR with the PP-OCR models that its wheel carries.

Invariant: one model in a process, loaded at the first picture, one picture at a time, on few threads; nothing is
fetched from a network.
"""

import threading
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from copilot.documents.layout import Word

Pixels = npt.NDArray[np.uint8]
THREADS = 2
_LOCK = threading.Lock()
_FIND_SIDE = 1280  # pixels
_SURE = 0.6  # of a line; below it a smudge is read as letters


def words(picture: Pixels) -> list[Word]:
    """The lines of text in `picture` (rows, columns, BGR), each as one word with its box in pixels."""
    lines = _lines(picture, turn=False)
    sure = [line for line in lines if line.score >= _SURE]
    if len(sure) * 2 < len(lines):  # upside down, perhaps: look at each line both ways, which takes longer
        sure = [line for line in _lines(picture, turn=True) if line.score >= _SURE]
    return [line.word for line in sure]


class _Line(NamedTuple):
    word: Word
    score: float


def _lines(picture: Pixels, *, turn: bool) -> list[_Line]:
    with _LOCK:
        found = _engine()(picture, use_cls=turn)
    if found.boxes is None or found.txts is None or found.scores is None:
        return []
    rows = zip(found.boxes, found.txts, found.scores, strict=True)
    return [_Line(_word(box, text), float(score)) for box, text, score in rows]


def _word(box: npt.NDArray[np.float32], text: str) -> Word:
    left, top = (float(value) for value in box.min(axis=0))
    right, bottom = (float(value) for value in box.max(axis=0))
    return Word(text.strip(), left, right, top, bottom)


@lru_cache(maxsize=1)
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",  # its log would name what it reads
            "Det.limit_type": "max",  # lines are found on a smaller picture, and read on the whole one
            "Det.limit_side_len": _FIND_SIDE,
            "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
