"""Stand-ins for models in unit tests. They behave sensibly: texts that share words are near, others are not."""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np

from copilot.inference.calibration import Calibration
from copilot.inference.embedder import DIMENSIONS, Vectors
from copilot.language.words import fold, tokens
from copilot.privacy.text import Redacted, published


class FakeEmbedder:
    """Each word has a fixed random direction; a text is the mean of its words."""

    recipe = "fake-1"
    calibration = Calibration()

    def __init__(self, recipe: str = "") -> None:
        self.recipe = recipe or self.recipe
        self.seen: list[str] = []

    def embed(self, texts: Sequence[Redacted]) -> Vectors:
        self.seen += [text.text for text in texts]
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in tokens(text.text, "en"):
                vectors[row] += _direction(fold(word))
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        np.divide(vectors, norms, out=vectors, where=norms > 0)
        return vectors


def _direction(word: str) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(word[:6].encode()).digest()[:8], "big")
    vector = np.random.default_rng(seed).normal(size=DIMENSIONS)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


class BilingualEmbedder(FakeEmbedder):
    """Gives each text that the test names the vector of its translation."""

    recipe = "fake-bilingual-1"

    def __init__(self, translations: Mapping[str, str]) -> None:
        super().__init__()
        self.translations = translations

    def embed(self, texts: Sequence[Redacted]) -> Vectors:
        return super().embed([published(self.translations.get(text.text, text.text)) for text in texts])


class Machine:
    """The embedders on this machine by recipe, and the one that the settings name."""

    def __init__(self, *embedders: FakeEmbedder) -> None:
        self.here = {embedder.recipe: embedder for embedder in embedders}
        self.named = embedders[0].recipe

    def embedder(self) -> FakeEmbedder:
        return self.here[self.named]

    def embedder_of(self, recipe: str) -> FakeEmbedder | None:
        return self.here.get(recipe)


class ScriptedGenerator:
    """Writes what the test says, and keeps the prompts it was given."""

    recipe = "scripted-1"
    style = "chat"

    def __init__(self, *texts: str) -> None:
        self.texts = list(texts)
        self.prompts: list[str] = []

    def generate(self, prompts: Sequence[Redacted], max_tokens: int, **_: object) -> list[str]:
        self.prompts += [prompt.text for prompt in prompts]
        return [self.texts.pop(0) for _ in prompts]
