"""The network that is trained: the embedder's lower layers, and a head on the mean of a pair's states."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.reranker.batches import Batch
from training.reranker.dequantised import bert


class Network(torch.nn.Module):
    """A BERT and a linear head without a bias: a constant changes no order."""

    def __init__(self, embedder: Path, layers: Sequence[int]) -> None:
        super().__init__()
        self.bert: Any = bert(embedder, layers)
        self.head = torch.nn.Linear(self.bert.config.hidden_size, 1, bias=False)
        torch.nn.init.normal_(self.head.weight, std=0.02)
        # Most of the weights are words, known already; left alone they cost nothing to train.
        self.bert.embeddings.requires_grad_(False)
        self.bert.pooler.requires_grad_(False)

    def forward(self, batch: Batch) -> Tensor:
        """Scores, shape (pairs,)."""
        found = self.bert(input_ids=batch.ids, token_type_ids=batch.types, attention_mask=batch.mask)
        mask = batch.mask.unsqueeze(-1).to(found.last_hidden_state.dtype)
        mean = (found.last_hidden_state * mask).sum(dim=1) / mask.sum(dim=1)
        scores: Tensor = self.head(mean).squeeze(-1)
        return scores


def loss(scores: Tensor, many: int) -> Tensor:
    """How surely the first of each list of `many` is taken for the answer: the mean of -log softmax."""
    return -torch.log_softmax(scores.view(-1, many), dim=1)[:, 0].mean()
