"""Which of a model's sentences claim something: all that is not plainly a courtesy or a question.

Invariant: a sentence is let off only when it has the form of a courtesy from its first word on and holds nothing that
binds: no number, address, promise, right, price or refusal. What is not recognised is a claim.
"""

import re

from copilot.drafting.signs import ADDRESS
from copilot.drafting.types import Kind

_LONGEST = 30  # words; a courtesy is short
_BINDS = re.compile(
    r"\d|[€$£%]|\b(?:we|i|our (?:team|staff)|someone|you|they|it|your \w+)(?:['’]ll| will| shall| (?:am|are|"
    r"is) going to|['’]re going to)\b|"
    r"\b(?:guarantee\w*|promis\w*|entitled|eligible|legally|warrant\w*|liable|owe\w*|compensat\w*|refund\w*|"
    r"reimburs\w*|"
    r"discount\w*|voucher|credit(?:ed)?|free|price|fee|cost\w*|charge[ds]?|cancel\w*|deadline|right to|approved|"
    r"granted|"
    r"because|only|never|always|must|cannot|can['’]t|not possible|possible to|by law|password|passcode|pin|"
    r"card number|cvv|iban)\b|"
    r"\b(?:garanti\w*|prome\w*|droit|légal\w*|indemnis\w*|rembours\w*|remise|avoir de|offert\w*|gratuit\w*|prix|frais|"
    r"coût\w*|factur\w*|annul\w*|délai|approuvé\w*|accordé\w*|parce que|car|seulement|jamais|toujours|doi\w+|devez|"
    r"impossible|la loi|mot de passe|code secret|numéro de carte|cryptogramme)\b|"
    r"\b(?:nous|on|je|vous|notre équipe)\s(?:(?:vous|le|la|les|en|y|l['’])\s?){0,2}\w+(?:rons|rez|rai|ra|"
    r"ront)\b|\bvous allez\b|\bnous allons\b",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"(?:hello|hi|hey|dear|good (?:morning|afternoon|evening|day)|welcome|bonjour|bonsoir|chère?s?|madame|"
    r"monsieur|salut)\b",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"(?:(?:many |thank|thanks)(?: you)?|(?:we|i) (?:\w+ )?(?:thank|appreciate)|merci|(?:nous|je) vous remerci\w+)\b",
    re.IGNORECASE,
)
_SORRY = re.compile(
    r"(?:(?:(?:i am|i['’]m|we are|we['’]re) )?(?:\w+ )?(?:sorry|apologi[sz]e)|(?:our|my|please accept our|"
    r"please accept my)? ?"
    r"(?:\w+ )?apolog\w+|(?:we|i) (?:\w+ )?(?:regret|understand|apologi[sz]e)|(?:je suis|"
    r"nous sommes) (?:\w+ )?(?:désolée?s?|navrée?s?)|"
    r"désolée?s?|(?:toutes )?nos excuses|veuillez (?:nous )?excuser|(?:nous|je) (?:\w+ )?(?:comprenons|"
    r"comprends|regrett\w+))\b",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:(?:best|kind|warm|with (?:kind|best)|yours)\b(?: \w+){0,2}|sincerely|regards|cheers|"
    r"have a (?:\w+ )?(?:day|week|weekend|evening)|"
    r"take care|all the best|(?:we are|we['’]re|i am|i['’]m) (?:\w+ )?(?:here|happy|glad|at your)|"
    r"(?:please )?(?:let (?:us|me) know|feel free|(?:do not|don['’]t) hesitate|get in touch|reach out)|"
    r"(?:just )?(?:reply|write) to (?:this|us)|if you (?:have|need|want) (?:any|more|further|anything)|"
    r"(?:we|i) hope|i wish|"
    r"(?:bien |très )?(?:cordialement|sincèrement|à vous)|bien à vous|bonne (?:journée|soirée|fin)|"
    r"belle journée|salutations|"
    r"n['’]hésitez pas|(?:nous restons|je reste|nous sommes) à votre|(?:en espérant|nous espérons|j['’]espère)|"
    r"(?:si|s['’]il) (?:vous avez|besoin)|au plaisir|l['’]équipe|dites(?:-nous|-moi)|faites-nous signe)",
    re.IGNORECASE,
)


def kind_of(text: str) -> Kind:
    """The kind of a sentence that a model wrote; "fact" for all that must be carried by evidence."""
    text = text.strip(" *_-–—")
    if not text or len(text.split()) > _LONGEST or _BINDS.search(text) or ADDRESS.search(text):
        return "fact"
    if text.endswith("?"):
        return "question"
    if _GREETING.match(text):
        return "greeting" if len(text.split()) <= 6 else "fact"
    if _SORRY.match(text):
        return "acknowledge"
    return "closing" if _THANKS.match(text) or _CLOSING.match(text) else "fact"
