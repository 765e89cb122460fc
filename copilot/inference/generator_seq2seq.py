"""An encoder-decoder (T5, BART…) served by `ctranslate2.Translator`.

Invariant: what it reads ends with the model's own end mark, however much was cut before it.
"""

from collections.abc import Sequence
from pathlib import Path

from copilot.inference.generator_parts import LONGEST_PROMPT, options, shortened, texts, traits
from copilot.inference.prompts import Prompt
from copilot.inference.tokens import Tokens
from copilot.inference.watch import OnText, ShouldStop, Watch
from copilot.privacy.calls import made
from copilot.privacy.text import Redacted


class Seq2SeqGenerator:
    """Loads at once; `megabytes` is what loading took, when `load_generator` loaded it."""

    def __init__(self, folder: Path, recipe: str, threads: int) -> None:
        import ctranslate2

        self._model = ctranslate2.Translator(str(folder), device="cpu", inter_threads=1, intra_threads=threads)
        self._tokens = Tokens(folder)
        self._traits = traits(folder, self._tokens)
        self.recipe = recipe
        self.style = self._traits.style
        self.megabytes = 0

    def generate(
        self,
        prompts: Sequence[Prompt | Redacted],
        max_tokens: int,
        *,
        on_text: OnText | None = None,
        should_stop: ShouldStop | None = None,
    ) -> list[str]:
        """One text per prompt, in order; see `Generator`."""
        if not prompts:
            return []
        watch = Watch(self._tokens, len(prompts), self._traits.stops, on_text, should_stop)
        indexes = range(len(prompts))
        with made("generate", self.recipe, lambda: [prompt.text for prompt in prompts]):
            results = self._model.translate_batch(
                [self._read(prompt) for prompt in prompts], max_decoding_length=max_tokens, max_input_length=0,
                callback=watch.group(indexes), **options(self._traits),
            )  # fmt: skip
        watch.raise_again()
        return texts([result.hypotheses[0] for result in results], indexes, watch, self._tokens)

    def _read(self, prompt: Prompt | Redacted) -> list[str]:
        """The encoder's tokens; its context is its own, what is written does not count."""
        fixed = f"{prompt.fixed.text}\n\n" if isinstance(prompt, Prompt) else ""
        around = len(self._tokens.inert(fixed, framed=True))
        most = min(LONGEST_PROMPT, self._traits.context) - around
        if self.style == "numbered":  # the bundled writer's own controls are ours, and made inert where it is laid out
            return self._tokens.trusted(shortened(prompt, most, self._tokens), framed=True)
        return self._tokens.inert(fixed + shortened(prompt, most, self._tokens), framed=True)
