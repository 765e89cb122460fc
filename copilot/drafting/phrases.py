"""The few sentences of a reply that claim nothing, in the ticket's language."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """Templates; `{name}`, `{subject}`, `{title}` and `{language}` are filled in. `languages` names them by code."""

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
    details: str
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
        details="If you can, please send us anything that helps us to find it: what you did, what you saw, and when.",
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
        details=(
            "Si vous le pouvez, envoyez-nous tout ce qui peut nous aider : "
            "ce que vous avez fait, ce que vous avez vu, et quand."
        ),
        languages={"en": "anglais", "fr": "français"},
    ),
}
