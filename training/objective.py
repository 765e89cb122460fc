"""What the student is asked: to stand where MiniLM stands, and to order others as MiniLM orders them.

Two terms over a batch of unit vectors, the student's s and the teacher's t: the mean of 1 - s·t (the distance that
Reimers and Gurevych distil by, "Making Monolingual Sentence Embeddings Multilingual", 2020, up to a factor), and the
Kullback-Leibler divergence of the student's softmax over the batch's meanings from the teacher's own. The second
knows that two texts of a batch may mean nearly the same, where plain in-batch contrast would push them apart.
"""

from collections.abc import Iterable
from typing import Any

from torch import Tensor, nn
from torch.nn import functional

PLACE, ORDER = 4.0, 1.0
TEMPERATURE = 0.05


class Distillation(nn.Module):
    """A loss for sentence-transformers' trainer: one text column, and the teacher's vectors as labels."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, sentence_features: Iterable[dict[str, Tensor]], labels: Tensor) -> Tensor:
        """The loss of one batch; `labels` are unit vectors, shape (texts, width)."""
        [features] = sentence_features
        student = functional.normalize(self.model(features)["sentence_embedding"], dim=1)
        return distance(student, labels.to(student.dtype))

    def get_config_dict(self) -> dict[str, Any]:
        """What the trainer writes into the checkpoint's card."""
        return {"place": PLACE, "order": ORDER, "temperature": TEMPERATURE}


def distance(student: Tensor, teacher: Tensor) -> Tensor:
    """How far unit vectors `student` are from `teacher`, both (texts, width)."""
    place = (1 - (student * teacher).sum(dim=1)).mean()
    wanted = functional.log_softmax(teacher @ teacher.T / TEMPERATURE, dim=1)
    given = functional.log_softmax(student @ teacher.T / TEMPERATURE, dim=1)
    order = functional.kl_div(given, wanted, reduction="batchmean", log_target=True)
    return PLACE * place + ORDER * order
