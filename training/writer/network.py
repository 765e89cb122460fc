"""The writer's network: a small T5 that starts with the skill of copying.

A network that starts at random needs thousands of steps before it copies at all. Copying is a known circuit, the
induction head (Olsson et al., "In-context Learning and Induction Heads", 2022): find where the last pieces stood, look
at what followed, say it. We set the weights to it before the first step, in the manner of Trockman and Kolter, "Mimetic
Initialization of Self-Attention Layers" (2023); training then learns what to copy, in which order, and where to change
it. Everything else that writes into the residual stream starts at zero.

A piece's embedding fills the first half of the stream at first. The other half holds what was read back, in places as
wide as a head: in the encoder, place h at j holds a hash of piece j - 1 - h; in the decoder, place h at t one of piece
t - 1 - h. Piece t itself is hashed when it asks. So the last BACK pieces said are matched with the BACK before each
piece of the source. Four narrow places, tried instead of two wide ones, were worse: hashes of 32 numbers collide.
"""

from typing import Any

import torch
from torch import Tensor, nn
from transformers import T5Config, T5ForConditionalGeneration

from training.writer.recipe import WriterRecipe

# Places, and heads that read back: as many as fit into half of the stream.
BACK = 2
# How strongly a head that reads back prefers its distance; the bias of all others is 0.
NEAR = 12.0
# Of a question's size: a full match then stands about 40 above what does not match, and 25 above half a match.
SHARP = 0.25
# What is copied must outweigh the piece just said, which the tied output would say again.
LOUD = 3.0
# The last norm's scale: how sure of a copy the untrained network is among thousands of pieces.
SURE = 2.0


def network(recipe: WriterRecipe, vocabulary: int) -> T5ForConditionalGeneration:
    """A network that, untrained, copies what follows the last pieces; the same recipe gives the same weights.

    Raises ValueError when the heads are too wide for the places.
    """
    if recipe.heads < 2 * BACK:
        raise ValueError(f"{recipe.heads} heads are too wide: {BACK} places must fit into half of the stream")
    torch.manual_seed(recipe.seed)
    model = T5ForConditionalGeneration(_config(recipe, vocabulary))
    hashes = [_hash(recipe) for _ in range(BACK)]
    with torch.no_grad():
        _silence(model)
        model.shared.weight[:, recipe.width // 2 :] = 0.0
        _read_back(model.encoder, hashes)
        _read_back(model.decoder, hashes[1:])
        _match_and_copy(model, hashes[0])
        model.decoder.final_layer_norm.weight.fill_(SURE)
    return model


def _config(recipe: WriterRecipe, vocabulary: int) -> T5Config:
    return T5Config(
        vocab_size=vocabulary, d_model=recipe.width, d_kv=recipe.width // recipe.heads, d_ff=recipe.inner,
        num_layers=recipe.encoder_layers, num_decoder_layers=recipe.decoder_layers, num_heads=recipe.heads,
        dropout_rate=0.0, feed_forward_proj="relu", pad_token_id=0, eos_token_id=1,
        decoder_start_token_id=0,  # type: ignore[call-arg]
    )  # fmt: skip


def _hash(recipe: WriterRecipe) -> Tensor:
    """Orthonormal rows over the first half of the stream, shape (head width, width)."""
    half, rows = recipe.width // 2, recipe.width // recipe.heads
    mixed = torch.linalg.qr(torch.randn(half, half)).Q[:rows]
    return torch.cat([mixed, torch.zeros(rows, recipe.width - half)], dim=1)


def _silence(model: nn.Module) -> None:
    """Whatever writes into the residual stream writes nothing yet."""
    for name, weight in model.named_parameters():
        if name.endswith((".o.weight", ".wo.weight")):
            weight.zero_()


def _read_back(stack: Any, hashes: list[Tensor]) -> None:
    """In the first layer, head h writes the hash of piece t - 1 - h into place h at t."""
    attention = stack.block[0].layer[0].SelfAttention
    for head, hashed in enumerate(hashes):
        rows = _rows(attention, head)
        attention.relative_attention_bias.weight[:, head] = 0.0
        attention.relative_attention_bias.weight[head + 1, head] = NEAR  # small distances have a bucket each
        attention.q.weight[rows] = 0.0
        attention.v.weight[rows] = hashed
        attention.o.weight[:, rows] = _place(attention, head).T


def _match_and_copy(model: Any, hashed: Tensor) -> None:
    """In the last cross-attention all heads look where the last pieces stood; each copies its part of what follows."""
    attention = model.decoder.block[-1].layer[1].EncDecAttention
    asks = hashed + sum(_place(attention, number) for number in range(BACK - 1))
    holds = sum(_place(attention, number) for number in range(BACK))
    for head in range(attention.n_heads):
        attention.q.weight[_rows(attention, head)] = SHARP * asks
        attention.k.weight[_rows(attention, head)] = holds
    identity = torch.eye(attention.v.weight.shape[0])
    attention.v.weight.copy_(identity)
    attention.o.weight.copy_(LOUD * identity)


def _rows(attention: Any, head: int) -> slice:
    width = attention.key_value_proj_dim
    return slice(head * width, (head + 1) * width)


def _place(attention: Any, number: int) -> Tensor:
    """Picks place `number` out of the stream, shape (head width, width)."""
    width, stream = attention.key_value_proj_dim, attention.d_model
    return torch.eye(stream)[stream // 2 + number * width : stream // 2 + (number + 1) * width]
