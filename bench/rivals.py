"""MiniLM as int8 in ONNX Runtime and in OpenVINO: under sentence-transformers' `encode`, and under batches like ours.

Invariant: what differs from sentence-transformers with torch is what runs the transformer, and nothing else. Its own
ONNX and OpenVINO backends do the same through Optimum, which does not load beside our transformers (docs/adr/0015).
"""

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bench import exported
from copilot.inference.batches import by_length
from copilot.inference.convert import minilm_checkpoint
from copilot.inference.embedder import DIMENSIONS, MAX_TOKENS, Vectors
from copilot.privacy import Redacted

NEEDS = {"onnx": ("onnx", "onnxruntime"), "openvino": ("onnx", "openvino", "nncf")}

Numbers = npt.NDArray[np.int64]
Run = Callable[[Mapping[str, Numbers]], npt.NDArray[np.float32]]


def is_here(runtime: str) -> bool:
    """Whether the packages of `runtime` ("onnx" or "openvino") are installed."""
    return all(importlib.util.find_spec(name) for name in NEEDS[runtime])


def onnx(models: Path, threads: int) -> Run:
    """The transformer in ONNX Runtime."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    session = onnxruntime.InferenceSession(exported.onnx_int8(models), options, providers=["CPUExecutionProvider"])
    return lambda inputs: np.asarray(session.run(None, dict(inputs))[0])


def openvino(models: Path, threads: int) -> Run:
    """The transformer in OpenVINO, one batch at a time."""
    import openvino

    settings = {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY"}
    compiled = openvino.Core().compile_model(exported.openvino_int8(models), "CPU", settings)
    request = compiled.create_infer_request()
    return lambda inputs: np.asarray(request.infer(dict(inputs))[0])


def under_sentence_transformers(run: Run) -> Any:
    """A SentenceTransformer with `run` in the place of its transformer, whose weights are let go."""
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.modeling_outputs import BaseModelOutput

    class Other(torch.nn.Module):
        def __init__(self, config: Any) -> None:
            super().__init__()
            self.config = config

        def forward(self, **inputs: Any) -> Any:
            given = {name: inputs[name].numpy() for name in exported.INPUTS}
            return BaseModelOutput(last_hidden_state=torch.from_numpy(run(given)))

    model: Any = SentenceTransformer(minilm_checkpoint(), device="cpu")
    model[0].model = Other(model[0].model.config)
    return model


def without_torch(run: Run) -> Callable[[Sequence[Redacted]], Vectors]:
    """`run` with a tokenizer, batches and pooling like our own, which is the most that it can do."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(f"{minilm_checkpoint()}/tokenizer.json")
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()

    def embed(texts: Sequence[Redacted]) -> Vectors:
        ids = [encoding.ids for encoding in tokenizer.encode_batch([text.text for text in texts])]
        vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        for batch in by_length(ids):
            states = run(_padded([ids[i] for i in batch]))
            for row, i in enumerate(batch):
                vectors[i] = states[row, : len(ids[i])].mean(axis=0)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    return embed


def _padded(ids: Sequence[Sequence[int]]) -> dict[str, Numbers]:
    shape = (len(ids), max(map(len, ids)))
    inputs = {name: np.zeros(shape, dtype=np.int64) for name in exported.INPUTS}
    for row, one in enumerate(ids):
        inputs["input_ids"][row, : len(one)] = one
        inputs["attention_mask"][row, : len(one)] = 1
    return inputs
