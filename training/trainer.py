"""sentence-transformers' trainer with what a small CPU asks of it: batches by tokens, two learning rates."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import Dataset, DatasetDict
from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer, SentenceTransformerTrainingArguments
from sentence_transformers.sentence_transformer.evaluation import SentenceEvaluator
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from torch.optim import AdamW

from copilot.inference.embedder import MAX_TOKENS, Vectors
from training.batches import TokenBatches
from training.mixture import Mixture
from training.objective import Distillation
from training.recipe import Recipe


class Trainer(SentenceTransformerTrainer):
    """The library's trainer; `recipe` is set before training."""

    recipe: Recipe

    def get_batch_sampler(self, dataset: Dataset, *_: Any, **__: Any) -> TokenBatches:
        """Batches of the recipe's number of tokens, whatever else the library asks for."""
        columns = [name for name in dataset.column_names if name not in ("label", "dataset_name")]
        lengths = np.max([self._lengths(dataset[name]) for name in columns], axis=0)
        return TokenBatches(dataset, lengths.tolist(), self.recipe.batch_tokens, self.recipe.seed)

    def _lengths(self, texts: Sequence[str]) -> list[int]:
        encodings = self.model.tokenizer.backend_tokenizer.encode_batch(list(texts))
        return [min(sum(encoding.attention_mask), self.recipe.longest) for encoding in encodings]

    def create_optimizer(self, *_: Any, **__: Any) -> torch.optim.Optimizer:
        """AdamW, with a higher rate for word embeddings and no decay: both would pull away from MiniLM."""
        words = [p for name, p in self.model.named_parameters() if "word_embeddings" in name]
        layers = [p for name, p in self.model.named_parameters() if "word_embeddings" not in name]
        groups = [{"params": layers, "lr": self.recipe.layers_rate}, {"params": words, "lr": self.recipe.words_rate}]
        self.optimizer = AdamW(groups, weight_decay=0.0, fused=True)
        return self.optimizer


class Held(SentenceEvaluator):
    """How the student stands on pairs it never saw: does a French sentence find its twin, is English where it was."""

    def __init__(self, mixture: Mixture, teacher: dict[str, Vectors]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._pairs = mixture.held_out
        self._teacher = np.array([teacher[pair.english] for pair in self._pairs])
        self.primary_metric = "twins"

    def __call__(self, model: Any, *_: Any, **__: Any) -> dict[str, float]:
        """Twins found among all held-out ones, and mean cosine of English to MiniLM's."""
        french = model.encode([pair.french for pair in self._pairs], normalize_embeddings=True)
        english = model.encode([pair.english for pair in self._pairs], normalize_embeddings=True)
        found = (french @ self._teacher.T).argmax(axis=1) == np.arange(len(self._pairs))
        return {"twins": float(found.mean()), "english": float((english * self._teacher).sum(axis=1).mean())}


def train(student: Path, mixture: Mixture, teacher: dict[str, Vectors], folder: Path, recipe: Recipe) -> list[Any]:
    """Train the checkpoint `student`, write the result into `folder/trained`, and return the log of the run.

    A run that was interrupted goes on from its last checkpoint in `folder`.
    """
    model = _student(student, recipe)
    trainer = Trainer(
        model=model, args=_arguments(folder, recipe), train_dataset=_datasets(mixture, teacher),
        loss={"meaning": Distillation(model), "answers": MultipleNegativesRankingLoss(model)},
        evaluator=Held(mixture, teacher),
    )  # fmt: skip
    trainer.recipe = recipe
    trainer.train(resume_from_checkpoint=last_checkpoint(folder))
    model.max_seq_length = MAX_TOKENS
    model.save_pretrained(str(folder / "trained"), create_model_card=False)
    return list(trainer.state.log_history)


def last_checkpoint(folder: Path) -> str | None:
    """The newest checkpoint in `folder` that is whole: its state is the last file that the library writes."""
    whole = [path for path in folder.glob("checkpoint-*") if (path / "trainer_state.json").exists()]
    return str(max(whole, key=lambda path: int(path.name.rpartition("-")[2]))) if whole else None


def _student(checkpoint: Path, recipe: Recipe) -> SentenceTransformer:
    quiet = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}  # the teacher is exact; noise only slows
    model = SentenceTransformer(str(checkpoint), device="cpu", config_kwargs=quiet)
    model.max_seq_length = recipe.longest
    return model


def _arguments(folder: Path, recipe: Recipe) -> SentenceTransformerTrainingArguments:
    return SentenceTransformerTrainingArguments(
        output_dir=str(folder), use_cpu=True, seed=recipe.seed, num_train_epochs=recipe.epochs,
        learning_rate=recipe.layers_rate, warmup_steps=recipe.warmup, lr_scheduler_type="linear",
        save_steps=100, save_total_limit=1, eval_strategy="steps", eval_steps=200, logging_steps=20,
        report_to="none", dataloader_pin_memory=False,
    )  # fmt: skip


def _datasets(mixture: Mixture, teacher: dict[str, Vectors]) -> DatasetDict:
    meaning = {
        "text": [example.text for example in mixture.examples],
        "label": [teacher[example.meaning] for example in mixture.examples],
    }
    answers = {
        "question": [answer.question for answer in mixture.answers],
        "answer": [answer.answer for answer in mixture.answers],
    }
    return DatasetDict({"meaning": Dataset.from_dict(meaning), "answers": Dataset.from_dict(answers)})
