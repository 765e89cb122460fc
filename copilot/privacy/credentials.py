"""Passwords, codes, keys and user names that a text calls so, English and French.

Invariant: what follows the word is masked only if it can be a value: behind a sign, it ends its line or holds what
words do not; behind "is", it is no word that says how the password is. "My password is wrong" stays.
"""

import re
from collections.abc import Iterator
from typing import Final

from copilot.language.words import STOP_WORDS
from copilot.privacy.context import any_of, has_any
from copilot.privacy.spans import Span

_KEY_OF: Final = "api|access|secret|private|auth(?:entication)?|encryption|signing|account|master|shared"
_SAID: Final = any_of(
    r"pass?[ _-]?(?:w?ords?|phrases?|codes?|wd)", "pwd", "mots? de passe", "mdp",
    "pin(?: code)?", "code (?:pin|secret|confidentiel)", "cvv2?", "cvc2?", "security code", "cryptogramme(?: visuel)?",
    "otp", "(?:verification|one[- ]time|2fa|mfa) code", "code de v[ée]rification",
    rf"(?:{_KEY_OF})[ _-]?(?:access[ _-]?)?(?:key|token)", "(?:client|app|api|webhook|consumer)[ _-]?secret",
    "secret(?: key)?", "(?:refresh|bearer|session|security|bot)?[ _-]?token", "jeton(?: d['’]acc[èe]s)?",
    r"cl[ée] (?:d['’]?\s?api|api|secr[èe]te|priv[ée]e|d['’]acc[èe]s|de s[ée]curit[ée])",
    "security answer", "r[ée]ponse secr[èe]te",
)  # fmt: skip
_USER: Final = any_of(
    "user[ _-]?(?:names?|ids?)", "log[ -]?in(?: (?:name|id))?", "screen ?name", "nom d['’]utilisateur", "nom de compte",
    "identifiants?", "utilisateur", "pseudo(?:nyme)?", "user", "uid",
)  # fmt: skip
# "password for the portal", "mot de passe de mon compte", "password we were given", "mot de passe provisoire :"
_OF: Final = r"\s(?:for|of|on|to|de|du|pour|sur)\s(?:(?:the|my|our|your|le|la|mon|ma|votre)\s)?"
_THAT: Final = r"\s(?:i|we|you|je|nous|vous|que|that|which)(?:\s[\w'’]{1,15}){1,3}?(?=\s(?:is|was|est)\s)"
_PLACE: Final = (
    rf"(?P<place>{_OF}[\w.-]{{1,20}}(?:\s[\w.-]{{1,20}})?|{_THAT}|(?:\s[\w'’-]{{1,20}}){{1,2}}(?=\s{{0,2}}[:=]))?"
)
_SIGN: Final = (
    r"(?P<sign>[\"']?\s{0,2}(?:[:=]|=>|->|→)\s{0,2}"
    r"|\s(?:is|was|est|sera|reads?)\s{1,2}(?:[:=]\s{0,2}|still\s|now\s|encore\s)?|\s{1,2})"
)
# Not over the next setting of a connection string: `User Id=sa;Password=x`.
_VALUE: Final = (
    r"(?:[\"'«“`]\s?(?P<quoted>[^\"'»”`\n]{3,60}?)\s?[\"'»”`]"
    r"|(?P<value>(?:(?!;\s?\w{1,20}=)[^\s\"'«»“”`\[\]<>]){2,120}))"
)
_NAMED: Final = {
    kind: re.compile(rf"(?<![^\W_])(?P<name>{words})(?![^\W_]){_PLACE}{_SIGN}{_VALUE}", re.IGNORECASE)
    for kind, words in (("SECRET", _SAID), ("USERNAME", _USER))
}
_CUES: Final = {
    "SECRET": (
        "pass", "pwd", "mdp", "pin", "cvv", "cvc", "code", "cryptogramme", "otp", "key", "token", "secret", "jeton",
        "clé", "cle ", "secr",
    ),
    "USERNAME": ("user", "log", "screen", "utilisateur", "identifiant", "pseudo", "compte", "uid"),
}  # fmt: skip
# Of words that say how a password or a login is, those that do not show it by their ending.
_STATES: Final = frozenset(
    """wrong right correct incorrect invalid valid good bad weak strong too same secret empty blank lost missing
    unknown new old safe working needed asking saying still always never ok okay fine different unique long short
    case only available temporary default admin-only faux bon bonne mauvais mauvaise fausse correcte incorrecte
    invalide valide vide perdu perdue inconnu inconnue faible fort forte trop identique différent différente
    obligatoire requis requise nécessaire temporaire toujours jamais refusé refusée reset required broken stolen
    failed expired disabled locked denied rejected blocked forgotten changed down slow stuck gone free possible
    reset-only hidden masked visible private public confidential confidentiel""".split()  # noqa: SIM905
).union(*STOP_WORDS.values())
_STATE_END = re.compile(r"(?:ed|ing|é|ée|és|ées|able|ible|ly|ment|tion)$", re.IGNORECASE)
_MORE = re.compile(r" (?P<digits>\d{1,6})[ .!]*(?:$|\n)")
# `${TOKEN}`, `<token>`, `your-api-key`, `****`: what an example puts in the place of a value.
_STANDS_FOR = re.compile(
    r"//|[$%]?[{(][\w .-]{1,40}[})]|(?-i:\$[A-Z_]+|[A-Z]+(?:[_-][A-Z]+)+)\W{0,2}$|%\w+%"
    r"|(?:your|votre|example|exemple)[_-][a-z_-]+$|[*•.x…_#-]+$",
    re.IGNORECASE,
)
_CARD_CODE = re.compile(r"\b(?:cvv2?|cvc2?|cryptogramme)\b[^\d\n]{0,12}(?P<value>\d{3,4})(?!\w)", re.IGNORECASE)
_CLOSING: Final = ".,;:!?)’"
_ODD = re.compile(r"\d|[^\w.,;:!?'’()/-]|[a-zà-ÿ][A-Z]|_|\w[.@]\w")
# Names behind which "is" alone is enough; a token or a secret may be anything.
_SPOKEN = re.compile(r"pas|pwd|mdp|mots? de|user[ _-]?name|log|nom |identifiant|screen|pseudo", re.IGNORECASE)
_AND_MORE = re.compile(
    r"[\s,;/|&]{0,4}(?:(?:and|et)\s)?(?:(?:the|my|le|mon)\s)?(?:pass|pwd|mdp|mot de passe|user|login)", re.IGNORECASE
)


def credentials(text: str) -> Iterator[Span]:
    """Values of passwords, codes, keys and tokens (SECRET), and of user names (USERNAME)."""
    lowered = text.lower()
    if has_any(lowered, ("cvv", "cvc", "cryptogramme")):
        yield from (Span(*match.span("value"), "SECRET") for match in _CARD_CODE.finditer(text))
    for kind, pattern in _NAMED.items():
        if has_any(lowered, _CUES[kind]):
            for match in pattern.finditer(text):
                yield from _value(text, match, kind)


def stands_for_a_value(word: str) -> bool:
    """Whether `word` is what an example puts in the place of a value."""
    return _STANDS_FOR.match(word.rstrip(_CLOSING)) is not None


def _value(text: str, match: re.Match[str], kind: str) -> Iterator[Span]:
    start, end = match.span("quoted" if match["quoted"] else "value")
    sign = match["sign"].strip(" \"'")
    if stands_for_a_value(text[start:end]):
        return
    if match["quoted"]:
        if sign or _is_odd(match["quoted"]):
            yield Span(start, end, kind)
        return
    end = start + len(text[start:end].rstrip(_CLOSING))
    value, is_said = text[start:end], _SPOKEN.match(match["name"]) is not None
    more = _MORE.match(text, end)
    if more and is_said and kind == "SECRET" and value.isalpha() and not _is_state(value):
        yield Span(start, more.end("digits"), kind)  # "password is camel 42", as chats without signs have it
    elif len(value) >= 2 and _can_be(value, sign, match, is_last=_is_last(text, end), is_said=is_said):
        yield Span(start, end, kind)


def _is_last(text: str, end: int) -> bool:
    """Nothing but another credential follows on the line."""
    return not text[end : _line_end(text, end)].strip(" .,;!?)\t") or _AND_MORE.match(text, end) is not None


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position, position + 200)
    return end if end >= 0 else min(len(text), position + 200)


def _can_be(value: str, sign: str, match: re.Match[str], *, is_last: bool, is_said: bool) -> bool:
    """Whether `value` can be one, behind what `sign` is: a sign such as `:`, a word such as "is", or nothing."""
    if not sign:  # "password 5363", "user jdoe_2"
        return not match["place"] and _is_odd(value) and len(value) >= 4 and _has_digits(value)
    if value.casefold() in _STATES:
        return False
    if sign[0] in ":=-→":
        return _is_odd(value) or is_last
    return _is_odd(value) or (is_last and is_said and not match["place"] and not _STATE_END.search(value))


def _is_odd(value: str) -> bool:
    return _ODD.search(value) is not None


def _is_state(value: str) -> bool:
    return value.casefold() in _STATES or _STATE_END.search(value) is not None


def _has_digits(value: str) -> bool:
    return any(map(str.isdigit, value)) and not re.fullmatch(r"\d{1,3}|\d+(?:st|nd|rd|th|x)", value)
