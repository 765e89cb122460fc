"""A small reranker in a folder, with random weights and a tokenizer of words, and one that the test scripts."""

import json

import numpy as np

MARKS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = [*MARKS, "the", "bike", "folds", "refund", "charge", "is", "duplicate", "returned", "fast", "ten", "days", "?"]
WIDTH = 32


def folder(path, *, share=0.1, seed=0):
    """A folder as training writes it."""
    import torch
    from transformers import BertConfig, BertModel

    from copilot.inference.convert import convert
    from copilot.inference.manifest import MANIFEST
    from copilot.inference.reranker import HEAD

    torch.manual_seed(seed)
    shape = BertConfig(
        vocab_size=len(WORDS), hidden_size=WIDTH, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        initializer_range=0.3,
    )  # fmt: skip
    checkpoint = path.parent / f"{path.name}-checkpoint"
    BertModel(shape).save_pretrained(checkpoint)
    tokenizer(checkpoint / "tokenizer.json")
    convert(str(checkpoint), path)
    np.save(path / HEAD, np.random.default_rng(seed).normal(size=WIDTH).astype(np.float32))
    said = json.loads((path / MANIFEST).read_text())
    (path / MANIFEST).write_text(json.dumps(said | {"kind": "reranker", "share": share}))
    return path


def tokenizer(file):
    """Whole words between the marks of a BERT."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    made = Tokenizer(models.WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    made.add_special_tokens(["[CLS]", "[SEP]"])
    made.save(str(file))


class WantsWords:
    """Scores a passage by how often it says the word; keeps what it read."""

    recipe = "wants-1"

    def __init__(self, word, share=1.0):
        self.word, self.share, self.seen = word, share, []

    def score(self, query, passages):
        self.seen += passages
        return np.array([text.count(self.word) for text in passages], dtype=np.float32)
