"""The families that the documentation names convert to what transformers computes, token probabilities and all."""

import numpy as np
import pytest

from copilot.inference.convert import convert
from copilot.inference.generator import load_generator
from tests import checkpoints

pytestmark = pytest.mark.integration

HEADS = {"head_dim": 8, "query_pre_attn_scalar": 8}
FAMILIES = {
    "Qwen2": {"rope_theta": 1e6}, "Qwen3": {"head_dim": 8}, "Llama": {"rope_theta": 5e5}, "Mistral": {},
    "Gemma": {"head_dim": 8}, "Gemma3Text": HEADS, "Phi3": {},
}  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_converted_it_says_what_it_said(tmp_path, family):
    import torch
    from transformers import AutoModelForCausalLM

    checkpoint = checkpoints.causal(tmp_path / "checkpoint", family, **FAMILIES[family])
    model = load_generator(convert(checkpoint, tmp_path / "model", quantization="float32"), 1)
    tokens = model._tokens.inert("A duplicate charge is refunded within 10 days. To pair the bike: open Settings.")
    numbers = [[model._tokens.number(token) for token in tokens]]
    with torch.no_grad():
        logits = AutoModelForCausalLM.from_pretrained(checkpoint)(torch.tensor(numbers)).logits[0].float()
    ours = np.array(model._model.forward_batch([tokens], return_log_probs=True))[0]
    assert np.abs(ours - torch.log_softmax(logits, -1).numpy()).max() < 1e-3
