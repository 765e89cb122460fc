"""Words that cannot stand for each other though they stand in the same places: front and back, sender and recipient.

Invariant: the test asks for one of a pair of which one text has more, and its opposite of which the other has
more, so texts that name both equally often are no matter.
"""

import re

_PAIRS = {
    "en": """front|back on|off online|offline open\\w*|clos(?:e|es|ed|ing) enable\\w*|disable\\w* inside|outside
            sender|recipient buyer|seller
        lower|higher cheaper|dearer increase\\w*|decrease\\w* accept\\w*|refuse\\w* allow\\w*|forbid\\w*
        includ\\w*|exclud\\w*
        add|remove public|private left|right top|bottom smaller|larger day|night earlier|later first|last shorter|longer
        minimum|maximum incoming|outgoing valid|invalid possible|impossible with|without free|paid free|fee
        before|after above|below lock\\w*|unlock\\w* connect\\w*|disconnect\\w* morning|evening weekday\\w*|weekend\\w*
        import\\w*|export\\w* upload\\w*|download\\w* install\\w*|uninstall\\w* borrow\\w*|lend\\w* oldest|newest
        online|offline optional|mandatory optional|required optional|must""",
    "fr": """avant|arrière ouvert\\w*|fermé\\w* activ\\w*|désactiv\\w* intérieur|extérieur expéditeur|destinataire
        acheteur|vendeur inférieur\\w*|supérieur\\w* augment\\w*|diminu\\w* accept\\w*|refus\\w* autoris\\w*|interdi\\w*
        inclu\\w*|exclu\\w* compris\\w*|exclu\\w* ajout\\w*|supprim\\w* public|privé gauche|droite haut|bas
        premi\\w+|derni\\w+
        minimum|maximum entrant\\w*|sortant\\w* valable|périmé possible|impossible avec|sans gratuit\\w*|payant\\w*
        avant|après matin|soir import\\w*|export\\w* installe\\w*|désinstalle\\w* obligatoire\\w*|facultati\\w*
        jour|nuit début|fin doit|facultati\\w* ancien\\w*|nouve\\w* verrouill\\w*|déverrouill\\w*
                envoy\\w*|reçoi\\w*""",
}
# Of one kind: naming another one of them is naming something else.
_KINDS = """red|rouge\\w* green|verte?s? yellow|jaunes? blue|bleue?s? black|noire?s? white|blan(?:c|che)s? orange
        grey|grise?s?;
    e-?mail|courriel|mail sms|text\\smessage letter|post|courrier|lettre phone|telephone|téléphone fax;
    teachers?|enseignants? parents? students?|élèves? owners?|propriétaires? members?|membres? guests?|invités?
    administrat(?:or|eur)s? editors?|éditeurs? readers?|lecteurs?;
    north|nord south|sud east|est(?=\\sde) west|ouest"""
_KIND_PATTERNS = [
    [re.compile(rf"(?<!\w)(?:{word})(?!\w)", re.IGNORECASE) for word in kinds.split()] for kinds in _KINDS.split(";")
]
_COMPILED = [
    tuple(re.compile(rf"(?<!\w)(?:{side})(?!\w)", re.IGNORECASE) for side in pair.split("|", 1))
    for pairs in _PAIRS.values()
    for pair in pairs.split()
]


def opposed(text: str, other: str) -> bool:
    """Whether one text has a word, and only the other its opposite."""
    return any(_crosswise(a, b, text, other) for a, b in _COMPILED) or another_kind(text, other)


def another_kind(text: str, other: str) -> bool:
    """Whether the text names only a thing that the other does not, of a kind of which the other names one."""
    for kinds in _KIND_PATTERNS:
        said = {n for n, kind in enumerate(kinds) if kind.search(text)}
        held = {n for n, kind in enumerate(kinds) if kind.search(other)}
        if said - held and held - said:
            return True
    return False


def _crosswise(a: re.Pattern[str], b: re.Pattern[str], text: str, other: str) -> bool:
    more_a = len(a.findall(text)) - len(a.findall(other))
    more_b = len(b.findall(text)) - len(b.findall(other))
    return more_a > 0 > more_b or more_b > 0 > more_a
