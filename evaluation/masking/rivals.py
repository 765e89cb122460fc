"""What others find in the same texts: Presidio's recognisers, scrubadub, detect-secrets, from the `bench` extra.

Invariant: each runs as it comes, with what it ships. Presidio's names and places need a spaCy model, which no package
index carries: its patterns, checksums and context words run over spaCy's rules for words alone. What scores below 0.4,
the score of a telephone number without context, is left out: below it stand its guesses, such as any nine digits.
"""

import importlib.util
import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from copilot.privacy.spans import Span, merge
from evaluation.masking.scores import Find

MISSING: Final = "{} is not installed here, and left out: `pip install -e '.[bench]'` brings it."
_LEAST: Final = 0.4
_PRESIDIO: Final[Mapping[str, str]] = {
    "CREDIT_CARD": "CARD", "US_SSN": "IDNUMBER", "US_ITIN": "IDNUMBER", "US_PASSPORT": "IDNUMBER",
    "US_DRIVER_LICENSE": "IDNUMBER", "UK_NHS": "IDNUMBER", "UK_NINO": "IDNUMBER", "US_BANK_NUMBER": "ACCOUNT",
    "DATE_TIME": "BIRTHDATE", "EMAIL_ADDRESS": "EMAIL", "IBAN_CODE": "IBAN", "IP_ADDRESS": "IP",
    "PHONE_NUMBER": "PHONE", "URL": "URL",
}  # fmt: skip
_SCRUBADUB: Final[Mapping[str, str]] = {
    "credential": "SECRET", "credit_card": "CARD", "email": "EMAIL", "phone": "PHONE", "twitter": "USERNAME",
    "url": "URL", "social_security_number": "IDNUMBER",
}  # fmt: skip


def rivals() -> tuple[dict[str, Find], list[str]]:
    """Those that are installed, by name; and a line for each that is not."""
    ways: dict[str, tuple[str, Callable[[], Find]]] = {
        "presidio": ("presidio_analyzer", _presidio),
        "scrubadub": ("scrubadub", _scrubadub),
        "detect-secrets": ("detect_secrets", _detect_secrets),
    }
    here = {name: make for name, (module, make) in ways.items() if importlib.util.find_spec(module)}
    return {name: make() for name, make in here.items()}, [MISSING.format(name) for name in ways if name not in here]


def _presidio() -> Find:
    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)  # it tells at length what it does without a model
    import spacy
    import tldextract
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

    # The list of domains in its package: else it would ask the network for today's.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())
    tldextract.extract = tldextract.tldextract.TLD_EXTRACTOR
    words = spacy.blank("en")

    class Words(NlpEngine):  # type: ignore[misc]
        """Words in small letters in the place of lemmas, for the context words of recognisers; no names."""

        def load(self) -> None: ...

        def is_loaded(self) -> bool:
            return True

        def process_text(self, text: str, language: str) -> Any:
            tokens = words(text)
            lemmas = [token.text.lower() for token in tokens]
            places = [token.idx for token in tokens]
            made = NlpArtifacts([], tokens, places, lemmas, self, language)
            made.keywords = [lemma for lemma in lemmas if lemma.isalnum()]
            return made

        def process_batch(self, texts: Any, language: str, **_: Any) -> Iterator[Any]:
            return ((text, self.process_text(text, language)) for text in texts)

        def is_stopword(self, word: str, language: str) -> bool:
            return bool(words.vocab[word].is_stop)

        def is_punct(self, word: str, language: str) -> bool:
            return bool(words.vocab[word].is_punct)

        def get_supported_entities(self) -> list[str]:
            return []

        def get_supported_languages(self) -> list[str]:
            return ["en"]

    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"])
    registry.remove_recognizer("SpacyRecognizer")
    engine = AnalyzerEngine(registry, Words(), supported_languages=["en"], default_score_threshold=_LEAST)

    def find(text: str) -> list[Span]:
        found = engine.analyze(text, language="en")
        return merge(Span(one.start, one.end, _PRESIDIO.get(one.entity_type, "CUSTOM")) for one in found)

    return find


def _scrubadub() -> Find:
    import scrubadub

    scrubber = scrubadub.Scrubber()

    def find(text: str) -> list[Span]:
        return merge(Span(one.beg, one.end, _SCRUBADUB.get(one.type, "CUSTOM")) for one in scrubber.iter_filth(text))

    return find


def _detect_secrets() -> Find:
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
    from detect_secrets.settings import default_settings

    with default_settings():
        plugins = [kind() for kind in get_mapping_from_secret_type_to_class().values()]

    # Its `scan_line` searches eagerly, so that every word is a secret of some entropy; a file is read this way.
    def in_line(line: str, offset: int) -> Iterator[Span]:
        for value in {secret.secret_value for plugin in plugins for secret in plugin.analyze_line("", line, 1)}:
            if value and (start := line.find(value)) >= 0:
                yield Span(offset + start, offset + start + len(value), "SECRET")

    def find(text: str) -> list[Span]:
        found: list[Span] = []
        offset = 0
        for line in text.splitlines(keepends=True):
            found += in_line(line, offset)
            offset += len(line)
        return merge(found)

    return find
