"""The few sentences of a reply that claim nothing, in the reply's language and the team's tone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from copilot.drafting.types import Request


@dataclass(frozen=True, slots=True)
class Phrases:
    """Templates; `{name}`, `{subject}`, `{title}`, `{team}`, `{need}`, `{language}`, `{items}` are filled in.

    `languages` names them by code.
    """

    greeting: str
    greeting_nameless: str
    acknowledge: str
    lead: str
    lead_foreign: str
    more: str
    more_foreign: str
    follow_up: str
    closing: str
    holding: str
    holding_team: str
    unanswered: str
    details: str
    account_details: str
    no_question: str
    missing: str
    also: str
    languages: Mapping[str, str]


PHRASES = {
    "en": Phrases(
        greeting="Hello {name},",
        greeting_nameless="Hello,",
        acknowledge="Thank you for your message about “{subject}”.",
        lead="Here is what our help centre says:",
        lead_foreign="Our help centre gives this answer only in {language}; here it is, word for word:",
        more="From “{title}”:",
        more_foreign="From “{title}”, a page in {language}:",
        follow_up="If this does not settle it, just reply to this message and we will look into it with you.",
        closing="Best regards,",
        holding="We are looking into this and will come back to you as soon as we can.",
        holding_team="Our team “{team}” is looking into this and will come back to you as soon as they can.",
        unanswered="We have no answer yet to this part of your message, and are looking into it: “{need}”",
        details="If you can, please send us anything that helps us to find it: what you did, what you saw, and when.",
        account_details="So that we find it quickly, please tell us which number or date it is about, if you have not.",
        missing="So that we can help you, please send us {items}.",
        also="and",
        no_question="If there is anything that we can do for you, just reply to this message.",
        languages={"en": "English", "fr": "French"},
    ),
    "fr": Phrases(
        greeting="Bonjour {name},",
        greeting_nameless="Bonjour,",
        acknowledge="Merci pour votre message au sujet de « {subject} ».",
        lead="Voici ce qu’indique notre centre d’aide :",
        lead_foreign="Notre centre d’aide ne donne cette réponse qu’en {language} ; la voici, mot pour mot :",
        more="Extrait de « {title} » :",
        more_foreign="Extrait de « {title} », une page en {language} :",
        follow_up="Si cela ne suffit pas, répondez simplement à ce message et nous regarderons cela avec vous.",
        closing="Bien cordialement,",
        holding="Nous examinons votre demande et revenons vers vous dès que possible.",
        holding_team="Notre équipe « {team} » examine votre demande et revient vers vous dès que possible.",
        unanswered="Nous n’avons pas encore de réponse à cette partie de votre message et l’examinons : « {need} »",
        details=(
            "Si vous le pouvez, envoyez-nous tout ce qui peut nous aider : "
            "ce que vous avez fait, ce que vous avez vu, et quand."
        ),
        account_details=(
            "Pour que nous retrouvions votre dossier rapidement, indiquez-nous le numéro ou la date dont il s’agit, "
            "si ce n’est pas déjà fait."
        ),
        missing="Pour que nous puissions vous aider, merci de nous indiquer {items}.",
        also="et",
        no_question="Si nous pouvons faire quelque chose pour vous, répondez simplement à ce message.",
        languages={"en": "anglais", "fr": "français"},
    ),
}

_TONES: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("en", "warm"): {
        "greeting": "Hi {name},",
        "greeting_nameless": "Hi,",
        "acknowledge": "Thanks a lot for writing to us about “{subject}”.",
        "follow_up": "I hope this helps. If anything is unclear, just reply: we are happy to look into it with you.",
        "closing": "Warm regards,",
    },
    ("en", "brief"): {
        "acknowledge": "About “{subject}”:",
        "follow_up": "If this does not settle it, just reply.",
        "closing": "Regards,",
    },
    ("fr", "warm"): {
        "acknowledge": "Merci beaucoup de nous avoir écrit au sujet de « {subject} ».",
        "follow_up": (
            "J’espère que cela vous aide. Si quelque chose n’est pas clair, répondez simplement : "
            "nous regarderons cela volontiers avec vous."
        ),
        "closing": "Bien à vous,",
    },
    ("fr", "brief"): {
        "acknowledge": "Au sujet de « {subject} » :",
        "follow_up": "Si cela ne suffit pas, répondez simplement à ce message.",
        "closing": "Cordialement,",
    },
}


def phrases_of(request: Request) -> Phrases:
    """The phrases of the reply's language, in the team's tone where that says something of its own."""
    return replace(PHRASES[request.language], **_TONES.get((request.language, request.tone), {}))
