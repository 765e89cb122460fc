"""A decoder-only model (Qwen, Llama, Gemma, Mistral, Phi…) served by `ctranslate2.Generator`.

Invariant: the fixed part's tokens open the prompt's, token by token, since a prompt is made by putting one behind the
other: computing the fixed part once changes no text.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from copilot.inference.chat import Chat, chat
from copilot.inference.generator_parts import options, room, shortened, texts, traits
from copilot.inference.manifest import PromptStyle
from copilot.inference.prompts import Prompt
from copilot.inference.tokens import Tokens
from copilot.inference.watch import OnText, ShouldStop, Watch
from copilot.privacy.calls import made
from copilot.privacy.text import Redacted

# CTranslate2 reads a batch's prompts at once up to the shortest one's length, the rest of the others token by token:
# each token of difference costs a step of the whole batch, as if it were written.
SPREAD = 32  # docs/adr/0011 has the figures: together is quicker up to here, slower at 96
Asked = dict[int, list[str]]
_PLAIN = Chat(before="", between="\n\n", after="\n\n", end="")


class DecoderGenerator:
    """Loads at once; `megabytes` is what loading took, when `load_generator` loaded it."""

    def __init__(self, folder: Path, recipe: str, threads: int) -> None:
        import ctranslate2

        self._model = ctranslate2.Generator(str(folder), device="cpu", inter_threads=1, intra_threads=threads)
        self._tokens = Tokens(folder)
        said = traits(folder, self._tokens)
        own = chat(folder) if said.style == "chat" else None
        self.style: PromptStyle = "chat" if own else said.style
        self._chat = own or _PLAIN
        self._stops = _stops(said.stops, self._chat.end, self._tokens)
        self._traits = said
        self.recipe = recipe
        self.megabytes = 0
        self.keeps_fixed = True  # the bench measures what it gains

    def generate(
        self,
        prompts: Sequence[Prompt | Redacted],
        max_tokens: int,
        *,
        on_text: OnText | None = None,
        should_stop: ShouldStop | None = None,
    ) -> list[str]:
        """One text per prompt, in order, without the prompt; see `Generator`."""
        watch = Watch(self._tokens, len(prompts), self._stops, on_text, should_stop)
        with made("generate", self.recipe, lambda: [prompt.text for prompt in prompts]):
            return self._all(prompts, max_tokens, watch)

    def _all(self, prompts: Sequence[Prompt | Redacted], max_tokens: int, watch: Watch) -> list[str]:
        found: dict[int, str] = {}
        for fixed, batch in self._batches(prompts, max_tokens):
            if not watch.stops_all:
                found |= self._generate(fixed, batch, max_tokens, watch)
            watch.raise_again()
        return [found.get(index, "") for index in range(len(prompts))]

    def _batches(self, prompts: Sequence[Prompt | Redacted], most: int) -> Iterator[tuple[list[str], Asked]]:
        """The fixed tokens and, by the prompt's index, what is asked: of prompts that are computed together."""
        alike: dict[tuple[str, ...], Asked] = {}
        for index, prompt in enumerate(prompts):
            if prompt.text.strip():
                fixed = tuple(self.fixed_tokens(prompt))
                asked = self.asked_tokens(prompt, room(self._traits, most) - len(fixed))
                alike.setdefault(fixed, {})[index] = asked
        for fixed, asked_by_index in alike.items():
            for batch in of_like_length(asked_by_index):
                yield list(fixed), batch

    def _generate(self, fixed: list[str], asked: Asked, most: int, watch: Watch) -> dict[int, str]:
        """The texts, by index, of prompts that share their fixed part: it is computed once, now and later."""
        indexes = list(asked)
        keeps = self.keeps_fixed and bool(fixed)
        results = self._model.generate_batch(
            list(asked.values()) if keeps else [[*fixed, *tokens] for tokens in asked.values()], max_length=most,
            static_prompt=fixed if keeps else None, cache_static_prompt=True, include_prompt_in_result=False,
            callback=watch.group(indexes), **options(self._traits) | {"end_token": list(self._stops) or None},
        )  # fmt: skip
        return dict(zip(indexes, texts([r.sequences[0] for r in results], indexes, watch, self._tokens), strict=True))

    def fixed_tokens(self, prompt: Prompt | Redacted) -> list[str]:
        """The tokens that prompts with these instructions begin with; a bare text has no frame."""
        if not isinstance(prompt, Prompt):
            return self._tokens.opening
        opening = self._trusted(self._chat.before) if self._chat.before else self._tokens.opening
        return [*opening, *self._tokens.inert(prompt.fixed.text), *self._trusted(self._chat.between)]

    def asked_tokens(self, prompt: Prompt | Redacted, most: int) -> list[str]:
        """The tokens that follow, at most `most`: what differs from prompt to prompt, and what opens the reply."""
        after = self._tokens.trusted(self._chat.after) if isinstance(prompt, Prompt) else []
        most = max(1, most - len(after))
        return [*self._tokens.inert(shortened(prompt, most, self._tokens))[:most], *after]

    def _trusted(self, text: str) -> list[str]:
        """What stands before a text, whose first word may bring its own space."""
        return self._tokens.trusted(text.removesuffix(" ") if self._tokens.opens_words else text)


def of_like_length(asked: Asked) -> list[Asked]:
    """Prompts in batches whose longest and shortest are at most SPREAD tokens apart."""
    batches: list[Asked] = []
    shortest = -1 - SPREAD
    for index in sorted(asked, key=lambda index: len(asked[index])):
        if len(asked[index]) - shortest > SPREAD:
            batches.append({})
            shortest = len(asked[index])
        batches[-1][index] = asked[index]
    return batches


def _stops(known: Sequence[str], end: str, tokens: Tokens) -> tuple[str, ...]:
    """The tokens that end a text: the configuration's, and the one with which the template closes a reply."""
    closing = next(iter(tokens.trusted(end)), "")
    return tuple(dict.fromkeys([*known, closing] if closing in tokens.specials else known))
