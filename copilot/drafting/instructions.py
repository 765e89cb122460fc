"""Text that tells a language model what to do, wherever it stands: no answer to a customer.

Invariant: a sentence that addresses an assistant, a prompt or a role, or forbids and dictates replies, is never quoted
nor accepted as what carries a claim. A help page may describe such text; then an agent can still open the page.
"""

import re
import unicodedata

from copilot.drafting.types import Evidence
from copilot.drafting.units import Unit, units

_ADDRESSEE = (
    r"(?:ai|a\.i\.|artificial intelligence|language models?|llms?|chat ?bots?|chatgpt|gpt|copilots?|"
    r"(?:ai|virtual|automated|support|writing|reply) (?:assistants?|agents?|models?|bots?|systems?|writers?)|"
    r"assistants?(?: ia)?|"
    r"ia|intelligence artificielle|modèles? de langage|agents? conversationnels?|robots? conversationnels?|"
    r"bots?|souffleur)"
)
_PATTERNS = (
    # Addressed to a model, and says what it must do.
    rf"\b{_ADDRESSEE}\b[^.!?]{{0,60}}\b(?:must|should|shall|have to|has to|are (?:to|told|instructed|required)|"
    r"is (?:to|told|instructed|required)|doi(?:t|vent)|dev(?:ez|ra|ront)|faut|toujours|jamais|tenue?s? de)\b",
    rf"(?:^|[:.;!?>-])\W*(?:note|notice|message|instructions?|attention|dear|hey|to|for|all|if you are an?|"
    rf"you are (?:now )?an?|act as an?|"
    rf"à (?:tout|l['’])|pour|aux|si vous êtes une?|tu es(?: maintenant)? une?|vous êtes(?: désormais)? une?|"
    rf"cher|chère|message aux?)"
    rf" (?:the |any |all |of |to |aux |à |l['’]|les |toute? )?{_ADDRESSEE}\b",
    # Undoes what came before.
    r"\b(?:ignore|disregard|forget|override|bypass|skip|discard)\b[^.!?]{0,40}\b(?:above|previous|prior|earlier|"
    r"preceding|all|any|your|"
    r"the|these|those)\b[^.!?]{0,30}\b(?:instructions?|rules?|prompts?|messages?|polic\w+|facts?|guidelines?|"
    r"evidence|context|above)\b",
    r"\b(?:ignore[rz]?|oublie[rz]?|néglige[rz]?|contourne[rz]?|outrepasse[rz]?)\b[^.!?]{0,40}\b(?:instructions?|"
    r"consignes?|règles?|"
    r"ci-dessus|précède\w*|précédent\w*|prompts?|faits?)\b",
    r"\bignore(?:z)? (?:everything |all )?(?:the |that is )?above\b",
    # Dictates the reply.
    r"(?:^|[:,;.!?>\"“«-]|\band|\bthen|please|you (?:must|should|will))\W*(?:reply|respond|answer|output|print|"
    r"write|say|repeat)\b[^.!?]{0,15}\b(?:only|exactly|just|verbatim|word for word|nothing but)\b",
    r"\b(?:répond(?:s|ez|re)|écri(?:s|vez|re)|affiche[rz]?|répète[rz]?|dis|dites)\b[^.!?]{0,15}\b(?:uniquement|"
    r"seulement|exactement|"
    r"mot pour mot|juste|textuellement)\b",
    r"\b(?:tell|inform|promise|offer|assure) (?:the |every |all |each |any )?(?:customers?|requesters?|clients?)\b",
    r"\b(?:dites|dire|promette[zr]|promettre|offr(?:ez|ir)|accord(?:ez|er)|assur(?:ez|er)) (?:au |aux |"
    r"à (?:tout|chaque) |à tous les )"
    r"(?:clients?|demandeurs?)\b",
    r"^\W*(?:say|state|claim|affirme[rz]?|dis|dites) (?:that|que|qu['’])",
    # The furniture of prompts.
    r"<\|?/?(?:system|im_start|im_end|assistant|inst)\|?>|<\|user\|>|\[/?INST\]|^\s*#{2,}\s*(?:system|"
    r"instruction|assistant)|"
    r"\b(?:system|assistant|developer) ?(?:prompt|message|override|note|update) ?[:=]|^\s*(?:system|assistant|"
    r"système)\s*:|"
    r"\bprompt système\s*:|\b(?:prompt injection|jailbreak|developer mode|mode développeur|message système)\b",
    r"\bcite\w* (?:this|it|fact|passage|source)? ?(?:as )?\[\d+\]|\bcitez? (?:ceci|cela|la source|le passage|comme)\b",
)
_FOUND = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.IGNORECASE)
# Zero-width and direction marks, with which words are hidden from a filter.
_UNSEEN = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")


def is_instruction_to_a_model(text: str) -> bool:
    """Whether the text tells a language model what to do or to say."""
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    return bool(_FOUND.search(plain)) or bool(_UNSEEN.search(text.strip("\ufeff")) and _hides(text))


def _hides(text: str) -> bool:
    """Whether letters are run through with marks that no reader sees; one soft hyphen is typesetting."""
    return len(_UNSEEN.findall(text)) > 2


def usable_units(passage: Evidence) -> list[Unit]:
    """The units of one passage that may carry a claim: all but instructions to a model."""
    return [unit for unit in units([passage]) if not is_instruction_to_a_model(unit.text)]
