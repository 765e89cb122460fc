"""What kind of message it is: a question for the help centre, one for the customer's own file, or none at all.

Invariant: precision first. A message is "not a question" only when nothing in it asks and something in it says so (an
automatic reply, thanks, a matter that is settled); whatever is doubtful stays a question.
"""

import re

from copilot.drafting.types import Request
from copilot.language.story import story

# Reasons to abstain that say nothing of what the knowledge base lacks.
NO_ARTICLE_HELPS = ("not_a_question", "needs_lookup")
_SHORT = 60  # words

_AUTOMATIC = re.compile(
    r"\b(?:out of (?:the )?office|auto(?:matic(?:ally)?|[- ]?reply|[- ]?response)|on (?:annual|parental|"
    r"maternity) leave|"
    r"i am (?:away|on holiday|on vacation|currently away)|will not be forwarded|no longer works? (?:here|at)|"
    r"delivery (?:status notification|has failed)|undeliverable|mail delivery (?:failed|subsystem)|"
    r"absent(?:e)? (?:du|jusqu|de mon bureau|du bureau|actuellement)|réponse automatique|message d['’]absence|"
    r"en congés?\b|actuellement absente?|de retour le|ne sera pas transféré)",
    re.IGNORECASE,
)
_SETTLED = re.compile(
    r"\b(?:thanks?|thank you|merci|thx|solved|resolved|fixed|(?:it|that|all|"
    r"everything) (?:now )?works?(?: now| again)?|"
    r"works? (?:now|again|perfectly|like a charm)|did (?:it|the trick)|(?:can|may) (?:be closed|close)|"
    r"please close|no (?:further )?action|for your information|fyi|never ?mind|found it|sorted|"
    r"résolu|réglé|(?:ça|tout|cela) (?:re)?(?:marche|fonctionne)|vous pouvez (?:clore|fermer|clôturer)|"
    r"bonne nouvelle|pour (?:votre )?information|rien d['’]urgent|parfait)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\?|\b(?:how|why|where|when|which|please (?!close)|could you|can you|would you|can(?:not|['’]t)|"
    r"does(?:n['’]t| not)|"
    r"unable|is there|need|want|would like|wonder\w*|trying|help|error|fails?|problem|but|however|still|"
    r"comment|pourquoi|où|quand|quel\w*|combien|est-ce|pouvez-vous (?!clore|fermer|clôturer)|pourriez|merci de|"
    r"je (?:veux|voudrais|souhait\w*|n['’]arrive|cherche|ne (?:peux|parviens|trouve|sais))|j['’]aimerais|impossible|"
    r"besoin|aide[rz]?|erreur|problème|mais|toujours pas|cependant)\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:my|our|mon|ma|mes|notre|nos) (?:\w+ ){0,2}(?:order|parcel|package|payment|refund|invoice|transfer|"
    r"payout|claim|"
    r"application|request|appeal|ticket|account|subscription|booking|delivery|case|deposit|registration|review|file|"
    r"commande|colis|paiement|remboursement|facture|virement|dossier|demande|réclamation|compte|abonnement|"
    r"réservation|livraison|inscription|indemnité|versement|bank|card|licen[cs]e|contract|donation|build|job|"
    r"credit|upload|"
    r"carte|contrat|licence|don|message)s?\b",
    re.IGNORECASE,
)
_STATE = re.compile(
    r"\b(?:status|state of|where is|what happened|any news|any update|update on|still (?:waiting|pending|"
    r"nothing|not|says|under)|"
    r"not (?:yet )?(?:arrived|received|credited|been)|haven['’]t (?:heard|received)|check (?:what|why|if|"
    r"whether|on|my|our)|"
    r"look (?:up|into)|was (?:charged|debited|rejected|suspended|closed)|been (?:charged|rejected|suspended|closed)|"
    r"since (?:\d+|two|three|a) (?:days?|weeks?|months?)|waiting (?:for|since)|charged (?:twice|2x)|"
    r"two debits|never heard|"
    r"(?:got|were|was|been|gets?) (?:suspended|disabled|blocked)|please (?:check|trace)|did it arrive|"
    r"(?:could|can) you (?:check|look|see|tell (?:me|us) (?:which|who|if|why))|"
    r"(?:débitée?|prélevée?|facturée?) deux fois|deux prélèvements|suspendue?|pouvez-vous (?:me dire (?:si|à)|"
    r"voir|regarder)|"
    r"où en (?:est|sont|sommes)|en attente|toujours (?:pas|rien|en)|pas (?:encore )?(?:reçu|arrivée?|crédité|eu)|"
    r"sans nouvelles?|aucune? (?:nouvelle|réponse|retour)|vérifier|regarder|suivi|depuis (?:\d+|deux|trois|une?) "
    r"(?:jours?|semaines?|mois))\b",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"(?:\b(?:order|invoice|case|ticket|request|ref(?:erence)?|commande|facture|dossier|demande|référence|n[°o]|nr|id)"
    r"[\s:.#°]*(?:n[°o]\.?\s*)?[A-Z-]{0,5}\d[\w/-]{3,})|#\d{4,}|\b[A-Z]{2,4}-\d{4,}\b",
    re.IGNORECASE,
)
ENOUGH_CUES = 2


def account_cues(text: str) -> int:
    """How many of three signs say that the customer's own file is asked for: what is theirs, its state, its number."""
    return sum(bool(sign.search(text)) for sign in (_OWN, _STATE, _REFERENCE))


def needs_lookup(request: Request) -> bool:
    """Whether it asks for the state of the customer's own account, order or request."""
    return account_cues(request.text.text) >= ENOUGH_CUES


def asks_nothing(request: Request) -> bool:
    """Whether it is an automatic reply, thanks, or word that a matter is settled, and asks for nothing."""
    text = f"{request.subject.text}\n{request.body.text}"
    if "?" in text:
        return False
    if _AUTOMATIC.search(text):
        return True
    told = " ".join(story(request.body.text, request.language))
    is_short = len(told.split()) <= _SHORT
    return is_short and bool(_SETTLED.search(request.body.text)) and not _ASKS.search(f"{request.subject.text}\n{told}")
