"""Text to the words that carry its meaning, stemmed, accents folded.

Invariant: a passage and a query of the same language go through the same function, so equal words meet.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import Stemmer

LANGUAGES = {"en": "english", "fr": "french"}
_TOKEN = re.compile(r"[^\W_]+")
# d'accord, l’eau, qu'il: the elided article is not a word of its own.
_ELISION = re.compile(r"\b(?:qu|jusqu|lorsqu|puisqu|quoiqu|[cdjlmnst])['’](?=\w)", re.IGNORECASE)
_CONTRACTION = re.compile(r"(?<=\w)['’](?:s|t|re|ve|ll|d|m)\b", re.IGNORECASE)
_LONGEST = 40


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOP_WORDS = {
    "en": _words("""
        a about above after again against all also am an and any are aren as at be because been before being
        below between both but by can could did do does doing don down during each few for from further get
        got had has have having he her here hers him his how i if in into is it its itself just let me more
        most my myself no nor not now of off on once only or other our ours out over own please same she
        should so some such than that the their them then there these they this those through to too under
        until up us very was we were what when where which while who whom why will with would you your yours
        hi hello dear thanks thank regards
    """),
    "fr": _words("""
        a ai ainsi alors au aucun aura aussi autre aux avec avez avoir avons bien bonjour bonsoir c ca car
        ce ceci cela ces cet cette ceux chaque chez ci comme comment cordialement d dans de deja depuis des
        donc dont du elle elles en encore entre est et etaient etait etant etc ete etes etre eu eux fait
        faut fois font il ils j je l la le les leur leurs lors lui m ma mais me meme memes merci mes moi mon
        n ne ni nos notre nous on ont ou par pas peu peut peux plus pour pouvez pourquoi qu quand que quel
        quelle quelles quels qui quoi s sa sans se sera ses si soit son sont sous suis sur svp t ta te tes
        toi ton tous tout toute toutes tres tu un une vers vos votre vous y
    """),
}


@lru_cache(maxsize=4)
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(LANGUAGES[language])


def fold(text: str) -> str:
    """Lower case without accents: `Réglé` and `regle` are one."""
    if text.isascii():  # most words are, and this is asked of every one
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def tokens(text: str, language: str) -> list[str]:
    """Lower-case words with their accents, elisions and contractions removed, in order."""
    text = unicodedata.normalize("NFKC", text)
    text = _ELISION.sub("", text) if language == "fr" else _CONTRACTION.sub("", text)
    return [token[:_LONGEST] for token in _TOKEN.findall(text.lower())]


def content_words(text: str, language: str) -> list[str]:
    """Folded words without stop words, in order, repeated as they occur."""
    return [word for token in tokens(text, language) if (word := fold(token)) not in STOP_WORDS[language]]


def stems(text: str, language: str) -> list[str]:
    """Snowball stems of the content words, folded, in order, repeated as they occur."""
    kept = [token for token in tokens(text, language) if fold(token) not in STOP_WORDS[language]]
    return [fold(stem) for stem in _stemmer(language).stemWords(kept)]


def words_by_stem(text: str, language: str) -> list[tuple[str, str]]:
    """Each content word as it stands in lower case, with its folded stem, in order."""
    kept = [token for token in tokens(text, language) if fold(token) not in STOP_WORDS[language]]
    return list(zip(kept, map(fold, _stemmer(language).stemWords(kept)), strict=True))


def stem_of(word: str, language: str) -> str:
    """The folded stem of one lower-case word, stop word or not."""
    return fold(_stemmer(language).stemWord(word))


def stems_in(text: str, languages: Iterable[str]) -> list[str]:
    """The distinct stems of `text` read as each of `languages`, for a search over all of them."""
    return list(dict.fromkeys(stem for language in languages for stem in stems(text, language)))
