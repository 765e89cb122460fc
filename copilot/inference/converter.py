"""CTranslate2's converter, with what it does not know yet of transformers 5.

Invariant: a checkpoint is never read otherwise than transformers itself reads it; only names are put back.
"""

import importlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any


def write_converted(checkpoint: str, files: list[str], target: Path, quantization: str) -> None:
    """Write the CTranslate2 model of `checkpoint` into `target`, with `files` of it beside; raises whatever it may."""
    from ctranslate2.converters import TransformersConverter

    class Converter(TransformersConverter):  # type: ignore[misc]
        """Hands over models whose configurations speak as those of transformers 4."""

        def load_model(self, model_class: Any, name: str, **options: Any) -> Any:
            model = super().load_model(model_class, name, **options)
            _say_rotary_as_before(model)
            return model

    _say_that_positions_are_absolute()
    Converter(checkpoint, copy_files=files).convert(str(target), quantization=quantization)


def _say_that_positions_are_absolute() -> None:
    """CTranslate2 4.8 asks a BERT's configuration for it; transformers 5 knows no other kind and no longer writes it.

    A checkpoint that does say something else is still refused.
    """
    configuration = importlib.import_module("transformers").PretrainedConfig
    if not hasattr(configuration, "position_embedding_type"):
        configuration.position_embedding_type = "absolute"


def _say_rotary_as_before(model: Any) -> None:
    """CTranslate2 4.8 asks a Phi-3's configuration for `rope_theta` and the `type` of scaling, none where it is not
    scaled, and each of its layers for the factors of long texts.
    """
    rotary = getattr(model.config, "rope_parameters", None)
    if getattr(model.config, "model_type", "") != "phi3" or not isinstance(rotary, dict):
        return
    long, short = rotary.get("long_factor"), rotary.get("short_factor")
    for layer in model.model.layers:
        layer.self_attn.rotary_emb = SimpleNamespace(long_factor=long, short_factor=short)
    model.config.rope_theta = rotary.get("rope_theta", 10_000.0)
    is_plain = rotary.get("rope_type", "default") == "default"
    model.config.rope_parameters = None if is_plain else rotary | {"type": rotary["rope_type"]}
