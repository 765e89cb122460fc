"""A generator that ends with its draft's deadline: a model may take a minute for one text, between two stages.

Invariant: asked to stop, it ends at its next token; that the draft is late is then said by the next stage.
"""

from collections.abc import Sequence

from copilot.inference.generator import Generator
from copilot.inference.prompts import Prompt
from copilot.inference.watch import OnText, ShouldStop
from copilot.privacy import Redacted
from tickets.stages import Stages


class Limited:
    """`model`, which stops at its next token when the draft is past its deadline; the next stage then raises."""

    def __init__(self, model: Generator, stages: Stages) -> None:
        self._model = model
        self._stages = stages
        self.recipe = model.recipe
        self.style = model.style

    def generate(
        self,
        prompts: Sequence[Prompt | Redacted],
        max_tokens: int,
        *,
        on_text: OnText | None = None,
        should_stop: ShouldStop | None = None,
    ) -> list[str]:
        """One text per prompt, in order, as far as there was time."""

        def is_over() -> bool:
            return self._stages.is_over() or bool(should_stop and should_stop())

        return self._model.generate(prompts, max_tokens, on_text=on_text, should_stop=is_over)
