"""Which check a model's sentence gets: by its words within one language, by its meaning across two.

Invariant: only words decide "supported". A sentence that stands on a passage in another language is supported when
it quotes it word for word, and a translation is weak at best.
"""

from collections.abc import Mapping
from dataclasses import replace

from copilot.drafting.signs import quotes
from copilot.drafting.translated import verify_translation
from copilot.drafting.types import Evidence, Sentence
from copilot.drafting.verify import CARRIED, verify
from copilot.inference.embedder import Embedder


def check(sentence: Sentence, evidence: Mapping[int, Evidence], language: str, embedder: Embedder) -> Sentence:
    """The sentence, written in `language`, with its verdict and narrowed citations."""
    known = [citation for citation in sentence.citations if citation.evidence in evidence]
    own = [citation for citation in known if evidence[citation.evidence].language == language]
    checked = verify(replace(sentence, citations=tuple(own)), evidence)
    if checked.verdict in CARRIED:
        return checked
    foreign = tuple(citation for citation in known if citation not in own)
    quoted = tuple(citation for citation in foreign if quotes(sentence.text, evidence[citation.evidence].text))
    if quoted:
        spoken = evidence[quoted[0].evidence].language
        return verify(replace(sentence, citations=quoted, language=spoken), evidence)
    return verify_translation(replace(sentence, citations=foreign), evidence, embedder) if foreign else checked
