"""The embedder's weights as torch reads them, from the file that CTranslate2 reads.

Invariant: a number is what CTranslate2 takes it for: the int8 of a row divided by the row's scale.
"""

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

Weights = dict[str, npt.NDArray[np.float32]]
# CTranslate2's numbers for the types in its files (Encoder weights hold no others).
_TYPES: dict[int, np.dtype[Any]] = {0: np.dtype(np.float32), 1: np.dtype(np.int8), 2: np.dtype(np.int16)}
_SCALE = "_scale"
_LAYERS = {
    "attention.output.dense": "self_attention/linear_1",
    "attention.output.LayerNorm": "self_attention/layer_norm",
    "intermediate.dense": "ffn/linear_0",
    "output.dense": "ffn/linear_1",
    "output.LayerNorm": "ffn/layer_norm",
}


def read(file: Path) -> Weights:
    """The variables of a `model.bin`, float32, by name. Raises ValueError for one of another layout."""
    with file.open("rb") as stream:
        version = _number(stream, "I")
        if version != 6:
            raise ValueError(f"{file} is of version {version}, not 6")
        _text(stream)
        _number(stream, "I")
        found = dict(_variable(stream) for _ in range(_number(stream, "I")))
    scales = {name for name in found if name.endswith(_SCALE)}
    return {
        name: _as_float(rows, found.get(name + _SCALE)) for name, rows in found.items() if name not in scales
    }  # fmt: skip


def _variable(stream: BinaryIO) -> tuple[str, npt.NDArray[Any]]:
    name = _text(stream)
    shape = [_number(stream, "I") for _ in range(_number(stream, "B"))]
    kind, size = _number(stream, "B"), _number(stream, "I")
    if kind not in _TYPES:
        raise ValueError(f"{name} is of type {kind}: only int8 models are read")
    return name, np.frombuffer(stream.read(size), dtype=_TYPES[kind]).reshape(shape)


def _number(stream: BinaryIO, kind: str) -> int:
    return int(struct.unpack(f"<{kind}", stream.read(struct.calcsize(f"<{kind}")))[0])


def _text(stream: BinaryIO) -> str:
    return stream.read(_number(stream, "H")).rstrip(b"\0").decode()


def _as_float(rows: npt.NDArray[Any], scale: npt.NDArray[Any] | None) -> npt.NDArray[np.float32]:
    plain = rows.astype(np.float32)
    return plain if scale is None else plain / scale.reshape(-1, *[1] * (rows.ndim - 1))


def bert(folder: Path, layers: Sequence[int]) -> Any:
    """The encoder at `folder` as a transformers BertModel that has these of its layers."""
    import torch
    from transformers import BertConfig, BertModel

    read_weights = read(folder / "model.bin")
    words = read_weights["encoder/embeddings_0/weight"]
    places = read_weights["encoder/position_encodings/encodings"]
    config = BertConfig(
        vocab_size=len(words), hidden_size=words.shape[1], num_hidden_layers=len(layers),
        num_attention_heads=int(read_weights["encoder/num_heads"]), max_position_embeddings=len(places),
        intermediate_size=len(read_weights["encoder/layer_0/ffn/linear_0/weight"]), hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )  # fmt: skip
    model = BertModel(config)
    state = {name: torch.from_numpy(rows.copy()) for name, rows in _named(read_weights, layers).items()}
    missing, unknown = model.load_state_dict(state, strict=False)
    if unknown or [name for name in missing if not name.startswith("pooler")]:
        raise ValueError(f"{folder} is no BERT encoder of the embedder's shape")
    return model


def _named(weights: Weights, layers: Sequence[int]) -> Weights:
    """The weights under the names that transformers gives them."""
    named = {
        "embeddings.word_embeddings.weight": weights["encoder/embeddings_0/weight"],
        "embeddings.token_type_embeddings.weight": weights["encoder/embeddings_1/weight"],
        "embeddings.position_embeddings.weight": weights["encoder/position_encodings/encodings"],
        **_both("embeddings.LayerNorm", weights, "encoder/layernorm_embedding"),
    }
    for place, layer in enumerate(layers):
        inside, outside = f"encoder/layer_{layer}", f"encoder.layer.{place}"
        for name, part in _LAYERS.items():
            named |= _both(f"{outside}.{name}", weights, f"{inside}/{part}")
        fused = _both("", weights, f"{inside}/self_attention/linear_0")
        for kind, rows in fused.items():
            parts = zip(("query", "key", "value"), np.split(rows, 3), strict=True)
            named |= {f"{outside}.attention.self.{part}{kind}": some for part, some in parts}
    return named


def _both(name: str, weights: Weights, found: str) -> Weights:
    """Weight and bias of a linear layer or of a norm, which CTranslate2 calls gamma and beta."""
    first, second = ("gamma", "beta") if f"{found}/gamma" in weights else ("weight", "bias")
    return {f"{name}.weight": weights[f"{found}/{first}"], f"{name}.bias": weights[f"{found}/{second}"]}
