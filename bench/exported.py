"""MiniLM exported from torch and quantised to int8, for ONNX Runtime and for OpenVINO, kept among the models.

Invariant: a folder is made beside and renamed, so what stands there is whole. Settings are those that
sentence-transformers' own backends have.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from copilot.inference.convert import minilm_checkpoint
from demo.incoming import SAMPLES

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
# What calibrates OpenVINO's activations; sentence-transformers takes as many, of a set that only a hub has.
CALIBRATION = 300
OPSET = 17


def onnx_int8(models: Path) -> Path:
    """The file for ONNX Runtime, made on first use."""
    return _made(models / "bench-minilm-onnx-int8", _onnx_int8) / "model.onnx"


def openvino_int8(models: Path) -> Path:
    """The file for OpenVINO, made on first use (some minutes: its activations are calibrated)."""
    return _made(models / "bench-minilm-openvino-int8", _openvino_int8) / "model.xml"


def _made(folder: Path, make: Callable[[Path], None]) -> Path:
    """`folder`, made beside and renamed when it is not there yet."""
    if not folder.exists():
        half = folder.with_name(folder.name + ".half")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        _export(half / "float.onnx")
        make(half)
        (half / "float.onnx").unlink()
        half.rename(folder)
    return folder


def _export(file: Path) -> None:
    """The transformer alone, for batches and lengths of any size."""
    import torch
    from sentence_transformers import SentenceTransformer

    class States(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            checkpoint: Any = SentenceTransformer(minilm_checkpoint(), device="cpu")
            self.bert = checkpoint[0].model

        def forward(self, ids: Any, mask: Any, types: Any) -> Any:
            return self.bert(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state

    ones = torch.ones(2, 8, dtype=torch.long)
    sizes = {name: {0: "texts", 1: "length"} for name in (*INPUTS, "states")}
    torch.onnx.export(
        States().eval(), (ones, ones, ones * 0), str(file), input_names=list(INPUTS), output_names=["states"],
        dynamic_axes=sizes, opset_version=OPSET, dynamo=False,
    )  # fmt: skip


def _onnx_int8(folder: Path) -> None:
    """As Optimum's `avx512_vnni`, and with one bit less where a processor without VNNI would saturate."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        folder / "float.onnx", folder / "model.onnx", weight_type=QuantType.QInt8, per_channel=True,
        reduce_range=not _has_vnni(),
    )  # fmt: skip


def _has_vnni() -> bool:
    flags = Path("/proc/cpuinfo")
    return flags.exists() and "_vnni" in flags.read_text(encoding="utf-8")


def _openvino_int8(folder: Path) -> None:
    """As sentence-transformers does it, calibrated on paragraphs of the sample help centre."""
    import nncf
    import openvino

    data = nncf.Dataset(_paragraphs())
    model = openvino.convert_model(folder / "float.onnx")
    quantised = nncf.quantize(model, data, model_type=nncf.ModelType.TRANSFORMER, subset_size=CALIBRATION)
    openvino.save_model(quantised, folder / "model.xml")


def _paragraphs() -> list[dict[str, npt.NDArray[np.int64]]]:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(f"{minilm_checkpoint()}/tokenizer.json")
    tokenizer.no_padding()
    pages = sorted((SAMPLES / "kb").rglob("*.md"))
    texts = [text for page in pages for text in page.read_text(encoding="utf-8").split("\n\n") if len(text) > 40]
    ids = [np.array([tokenizer.encode(text).ids]) for text in texts[:CALIBRATION]]
    return [dict(zip(INPUTS, (row, np.ones_like(row), np.zeros_like(row)), strict=True)) for row in ids]
