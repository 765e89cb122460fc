"""What a converted model's folder says of itself.

Invariant: the manifest is the last file a conversion writes, so a folder that has one is whole.
"""

import json
import struct
from pathlib import Path
from typing import Any, Literal

FORMAT = 1
MANIFEST = "souffleur.json"
# The name CTranslate2 gives to weights that are an encoder alone; it opens their file, after a version.
_ENCODER = "TransformerEncoderSpec"

# A reranker is an encoder too; only its manifest says what it is for.
Kind = Literal["embedder", "generator", "reranker"]
# How a generator wants to be asked: by its own chat template, in plain text, or as the bundled writer was trained.
PromptStyle = Literal["chat", "plain", "numbered"]


class ModelUnusable(RuntimeError):
    """The folder holds no model that can be loaded; the message says what is wrong and what to do."""


def read(folder: Path) -> dict[str, Any]:
    """The manifest of `folder`; raises ModelUnusable when it holds none of this format."""
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelUnusable(f"{folder} holds no model that `manage.py convert` wrote ({error})") from error
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise ModelUnusable(f"{folder / MANIFEST} is not of format {FORMAT}: run `manage.py convert` again")
    return said


def is_converted(folder: Path) -> bool:
    """Whether a whole conversion of this format stands at `folder`."""
    try:
        return bool(read(folder))
    except ModelUnusable:
        return False


def kind(folder: Path) -> Kind:
    """What the weights at `folder` are for: an encoder alone makes vectors, anything with a decoder writes."""
    with (folder / "model.bin").open("rb") as file:
        _, length = struct.unpack("<IH", file.read(6))
        return "embedder" if file.read(length).rstrip(b"\0").decode() == _ENCODER else "generator"
