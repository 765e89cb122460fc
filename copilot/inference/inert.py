"""Text that may stand in a prompt: nothing in it steers a model, ends the part it stands in, or looks like a mark.

Invariant: what `inert` gives holds no control token of a known family of models, no delimiter of ours and no number in
brackets, however they are spaced or nested.
"""

import re

from copilot.inference.prompts import DELIMITERS
from copilot.privacy.text import Redacted

# Control tokens of the families of models there are, however they are spaced or cased; and our own delimiters.
_CONTROL = re.compile(
    r"<\s*[|｜][^<>\n]{0,40}[|｜]\s*>|<\s*/?\s*(?:start|end)_of_turn\s*>|<\s*/?\s*(?:s|bos|eos|pad|unk|think|tool_call)\s*>|"
    r"<</?\s*SYS\s*>>|\[\s*/?\s*(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\s*\]|"
    + "|".join(re.escape(tag[0]) + r"\s*" + re.escape(tag[1:-1]) + r"\s*>" for tag in DELIMITERS),
    re.IGNORECASE,
)
# What opens a mark: without it, "[1]" in a text is no number of ours.
_OPENS_MARK = re.compile(r"[\[【](?=\s*\^?\d[\d,;\s]*[\]】])")


def inert(text: Redacted) -> Redacted:
    """The text without anything that could steer a model or pass for a mark; again, until nothing is left of it."""
    while (cleaned := text.without(_CONTROL).without(_OPENS_MARK)) != text:
        text = cleaned
    return text
