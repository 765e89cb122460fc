"""Text to tokens and back, for generators.

Invariant: what a customer or an article wrote never becomes a control token, whatever it says: such text is encoded
with every special token of the vocabulary switched off.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from copilot.inference.manifest import ModelUnusable


class Tokens:
    """A converted model's tokenizer."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        if not (folder / "tokenizer.json").exists():
            raise ModelUnusable(f"{folder} has no tokenizer.json: run `manage.py convert` again")
        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def trusted(self, text: str, *, framed: bool = False) -> list[str]:
        """The tokens of text of our own or of the model's template: control tokens in it are such."""
        return self._pieces(self._encode(text, controls=True, framed=framed))

    def inert(self, text: str, *, framed: bool = False) -> list[str]:
        """The tokens of anybody's text, where control tokens are mere letters; `framed` as the model was trained."""
        return self._pieces(self._encode(text, controls=False, framed=framed))

    def count(self, text: str) -> int:
        """How many tokens `inert` gives."""
        return len(self._encode(text, controls=False).ids)

    def head(self, text: str, most: int) -> str:
        """The longest head of `text`, at a word's end, of at most `most` tokens."""
        if most <= 0:
            return ""
        # A token is hardly ever longer than sixteen characters; a ticket of 50,000 words need not be encoded.
        encoding = self._encode(text[: most * 16], controls=False)
        if len(encoding.ids) <= most:
            return text[: most * 16]
        cut = text[: encoding.offsets[most - 1][1]]
        return cut if text[len(cut)].isspace() else (cut.rsplit(maxsplit=1) or [""])[0]

    def text(self, tokens: Iterable[str]) -> str:
        """What the tokens say; those that steer the model say nothing."""
        known = (self.number(token) for token in tokens)
        return str(self._tokenizer.decode([id_ for id_ in known if id_ is not None], skip_special_tokens=True)).strip()

    def number(self, token: str) -> int | None:
        """The token's number in the vocabulary, if it is there."""
        found = self._tokenizer.token_to_id(token)
        return None if found is None else int(found)

    def named(self, numbers: Sequence[int]) -> list[str]:
        """The tokens with these numbers, those of the vocabulary."""
        return [token for number in numbers if (token := self._tokenizer.id_to_token(number)) is not None]

    @cached_property
    def specials(self) -> frozenset[str]:
        """The control tokens."""
        added = self._tokenizer.get_added_tokens_decoder().values()
        return frozenset(token.content for token in added if token.special)

    @cached_property
    def opening(self) -> list[str]:
        """What the model expects before any text, such as `<s>`."""
        return [token for token in self._encode("", controls=True, framed=True).tokens if not token.startswith("</")]

    @cached_property
    def opens_words(self) -> bool:
        """Whether a text's first word brings its own space, as SentencePiece's does."""
        return self.inert("a")[0].startswith("▁")

    def _pieces(self, encoding: Any) -> list[str]:
        """As the vocabulary spells them: an encoding's own tokens keep the spaces that an added token swallowed."""
        return [self._tokenizer.id_to_token(number) for number in encoding.ids]

    def _encode(self, text: str, *, controls: bool, framed: bool = False) -> Any:
        self._tokenizer.encode_special_tokens = not controls
        return self._tokenizer.encode(text, add_special_tokens=framed)
