"""How plainly a sentence says that something is wrong, that something was done, or that something is wanted.

Invariant: the answer depends on the sentence's own words; both languages are looked for in every sentence.
"""

import re

from copilot.summary.cue_words import STRONG, WEAK

# An agent's courtesy that has the form of a question or a wish, and a customer's.
_IDLE = (
    r"anything else|let (?:us|me) know if (?:you|there|that)|(?:do not|don['’]t) hesitate|feel free|how are you|"
    r"hope this|"
    r"is there anything|does that help|sorry (?:for|to|about)|apologi[sz]e|we understand|thank you|thanks|bear with|"
    r"autre chose|n['’]hésitez pas|nous sommes (?:désolés|navrés)|désolée?|veuillez (?:nous )?(?:excuser|agréer)|"
    r"nous comprenons|je comprends|merci (?:pour|de votre|beaucoup|encore)|à votre disposition|bonne (?:journée|"
    r"réception)"
)
# "I did that": what was done stands in the message before.
_LEANS = (
    r"^(?:ok[,. ]*|yes[,. ]*|oui[,. ]*|so[,. ]*)*(?:i )?(?:just )?(?:did|done|tried|have done) (?:that|this|it|"
    r"both|all|so|as)|"
    r"^(?:ok[,. ]*|oui[,. ]*|voilà[,. ]*)*(?:c['’]est fait|fait|je l['’]ai fait|j['’]ai (?:bien )?(?:fait|suivi|"
    r"essayé) (?:ce|cela|ça|tout|vos|les))"
)
_ACTS = (
    r"^(?:(?:and|so|then|also|et|donc|alors|puis|ensuite)[, ]+)?"
    r"(?:i|we|my \w+|our \w+|an? \w+|une? \w+|mon \w+|ma \w+|notre \w+|j['’]ai|nous avons|on a|nous venons|"
    r"je viens)\b"
)
# What an agent says so was done for this customer, whatever it was.
_DID = (
    r"^(?:(?:so|et|donc|alors)[, ]+)?(?:(?:i|we)(?:['’]ve| have) (?!to\b|no\b|not\b|a\b|an\b|had\b|received\b)\w+|"
    r"(?:j['’]ai|nous avons) (?:bien )?(?!reçu\b|été\b|un|besoin\b)\w+(?:é|is|it|u)e?s?\b)"
)
_ADVISES = (
    r"(?:please|kindly|try|could you (?:try|please)|can you (?:try|please)|first|next|then|"
    r"now)[ ,]+(?:\w+ )?(?:to )?(?:try|reset|restart|"
    r"reinstall|update|unplug|remove|hold|press|check|clear|delete|charge|open|turn|switch|log|sign|use|clean|"
    r"pair|\w+ing)\b|"
    r"^(?:reset|restart|reinstall|unplug|remove|hold|press|clear|delete|turn|switch|log out|clean)\b|"
    r"(?:veuillez|essayez|pouvez-vous|pourriez-vous|merci d|commencez par|il faut|tentez)\b|"
    r"^(?:réinitialisez|redémarrez|réinstallez|débranchez|maintenez|appuyez|videz|supprimez|éteignez|nettoyez|"
    r"vérifiez)\b"
)


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Whole words, a plural among them; a sign stands anywhere."""
    whole = (pattern if pattern == r"\?" else rf"(?<!\w)(?:{pattern})(?:s|es)?(?!\w)" for pattern in patterns)
    return re.compile("|".join(whole), re.IGNORECASE)


_STRONG = {role: _any(patterns) for role, patterns in STRONG.items()}
_WEAK = {role: _any(patterns) for role, patterns in WEAK.items()}
_COURTESY, _LEANING, _ADVICE, _ACTING, _DONE = (
    re.compile(pattern, re.IGNORECASE) for pattern in (_IDLE, _LEANS, _ADVISES, _ACTS, _DID)
)
LONGEST = 600


def strength(role: str, sentence: str) -> float:
    """How plainly the sentence says that it has this role: 1, 0.5 or 0."""
    sentence = sentence[:LONGEST]
    return 1.0 if _STRONG[role].search(sentence) else 0.5 if _WEAK[role].search(sentence) else 0.0


def is_idle(sentence: str) -> bool:
    """Whether it is a courtesy in the middle of a message."""
    return _COURTESY.search(sentence[:LONGEST]) is not None


def acts(sentence: str) -> bool:
    """Whether it tells first what somebody did; how that ended comes after."""
    return _ACTING.search(sentence[:LONGEST]) is not None


def reports(sentence: str) -> bool:
    """Whether it says, of an agent, what they have done."""
    return _DONE.search(sentence[:LONGEST]) is not None


def leans(sentence: str) -> bool:
    """Whether it says that something was done which only the message before names."""
    return _LEANING.search(sentence[:LONGEST]) is not None


def advises(sentence: str) -> bool:
    """Whether it tells the reader to do something."""
    return _ADVICE.search(sentence[:LONGEST]) is not None
