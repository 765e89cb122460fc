"""From a conversation to its summary.

Invariant: without a generator, or when too little of its text is carried by the messages, the summary is extractive;
either way every line is words of one message, or was checked against them.
"""

from collections.abc import Sequence

from copilot.inference.embedder import Embedder
from copilot.privacy.text import Redacted
from copilot.summary.extract import extract
from copilot.summary.types import Message, Summary

RECIPE = "summary-1"
EXTRACT = "extract"


def summarise(messages: Sequence[Message], subject: Redacted, language: str, embedder: Embedder) -> Summary:
    """The extractive summary of the messages, oldest first."""
    return Summary(tuple(extract(messages, subject, language, embedder)), EXTRACT, f"{RECIPE}/{embedder.recipe}")
