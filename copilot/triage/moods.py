"""The words by which a requester shows displeasure or pleasure, in English and French.

Invariant: as in `copilot.triage.cues`: expressions over lower-case text with straight apostrophes, as whole words.
What has gone wrong is no displeasure: "my screen is broken" says what, not how the writer takes it.
"""

NEGATIVE = {
    "en": (
        # how they feel
        r"(?:very |so |really |extremely |quite )?(?:angry|furious|annoy(?:ed|ing)|frustrat(?:ed|ing|ion)|fed up"
        r"|disappoint(?:ed|ing|ment)|upset|dissatisfied|unhappy|disgusted|appalled|outraged|livid)",
        r"(?:sick|tired) of|at my wits' end|had enough|last straw|running out of patience"
        r"|lost (?:all )?(?:patience|trust)",
        # what they call it
        r"unacceptable|ridiculous|outrageous|disgrace(?:ful)?|shameful|appalling|terrible|awful|horrible|pathetic"
        r"|incompetent|useless|worst|a joke|rubbish|garbage|nightmare|scandalous|unprofessional|rude|absurd",
        r"waste of (?:my |our )?(?:time|money)|rip[- ]?off|scam(?:med)?|lie[sd]?|lying",
        # how often they had to ask
        r"(?:(?:second|third|fourth|fifth|2nd|3rd|4th|5th|umpteenth) time|yet again|once again|how many times)",
        r"(?:still|yet) (?:no|not a single|haven't (?:had|got|received|heard)) ?(?:any )?(?:reply|answer"
        r"|response|news)?",
        r"(?:nobody|no one|none of you) (?:\w+ )?(?:answers?|replies|replied|responds?|cares?|helps?)",
        r"ignor(?:ed|ing) (?:me|us|my|our)|why does (?:nobody|no one)",
        # what they will do
        r"never (?:\w+ )?(?:buy|order|use|shop|recommend|come back)|cancel(?:l?ing)? everything|bad review"
        r"|complain(?:t|ing)?",
        r"(?:switch|mov|go)(?:ing|e)? to (?:a|another|your) competitor",
    ),
    "fr": (
        r"(?:très |vraiment |extrêmement |plus que )?(?:en colère|furieu(?:x|se)|énervée?|agacée?|exaspérée?"
        r"|frustr(?:ée?|ant)"
        r"|déçue?s?|déception|mécontente?s?|insatisfaite?s?|contrariée?|excédée?|scandalisée?|outrée?|lassée?)",
        r"(?:j'en ai|nous en avons|on en a) (?:\w+ )?(?:marre|assez|ras le bol)|ras[- ]le[- ]bol|à bout"
        r"|perds? patience",
        r"inacceptable|inadmissible|ridicule|scandaleu(?:x|se)|honteu(?:x|se)|(?:une )?honte|lamentable|déplorable"
        r"|catastrophique|horrible|affreu(?:x|se)|minable|incompéten(?:t|ts|ce)|pire|n'importe quoi|cauchemar"
        r"|intolérable"
        r"|insupportable|aberrant|du grand n'importe quoi|se moque(?:r|z)? (?:de|du)|vous moquez",
        r"perte de temps|arnaque|escroquerie|mensonges?|ment(?:i|ez|eurs?)",
        r"(?:deuxième|troisième|quatrième|cinquième|énième|[2-9]e|[2-9]ème) (?:fois|message|mail|relance|demande)",
        r"(?:toujours|encore) (?:aucune|pas (?:de|eu de|reçu de)) ?(?:réponse|nouvelles?|retour)?"
        r"|sans (?:aucune )?réponse",
        r"personne ne (?:me |nous )?(?:répond|rappelle|réagit|aide)|combien de fois|on m'ignore|m'ignorez",
        r"plus jamais|ne (?:commanderai|recommanderai|reviendrai) (?:plus|pas|jamais)|mauvais avis|réclamation"
        r"|me plaindre"
        r"|chez (?:un|vos) concurrents?",
    ),
}
POSITIVE = {
    "en": (
        r"(?:thank you|thanks) (?:so|very) much|many thanks (?:for|to)|thank(?:s| you) (?:for (?:the|your)|to)"
        r" (?:\w+ )?(?:great|quick|fast|kind|help|excellent|reply|answer|support|service|patience)",
        r"(?:very |really |so )?(?:happy|pleased|delighted|satisfied|impressed|grateful) (?:with|by|about|for|that)",
        r"(?:great|excellent|amazing|awesome|fantastic|wonderful|brilliant|perfect|superb|outstanding)"
        r" (?:\w+ )?(?:service|support|product|job|work|team|help|experience|app|shop)",
        r"(?:i|we) (?:really |absolutely )?(?:love|like|enjoy) (?:it|your|the|this)|keep up|well done|you're the best"
        r"|works? (?:like a charm|perfectly|great)|much appreciated|made my day",
    ),
    "fr": (
        r"merci (?:beaucoup|infiniment|mille fois|encore)(?! d'avance)|un (?:grand|immense) merci|mille mercis?",
        r"merci (?:pour|de) (?:votre|vos|cette|ce|l'|la) ?(?:\w+ )?(?:aide|réactivité|réponse|rapidité|patience"
        r"|gentillesse"
        r"|professionnalisme|service|accueil)",
        r"(?:très |vraiment |ravie? et )?(?:contente?s?|satisfaite?s?|heureu(?:x|se)|ravie?s?|enchantée?s?"
        r"|reconnaissante?) (?:de|du|par|d'|pour|que)",
        r"(?:excellente?|super|génial|parfaite?|formidable|impeccable|top|remarquable) (?:service|équipe"
        r"|produit|travail"
        r"|accueil|expérience|boutique|appli)|service (?:excellent|impeccable|parfait|au top)",
        r"j'(?:adore|aime beaucoup)|bravo|félicitations|continuez|marche (?:parfaitement|à merveille|très bien)",
    ),
}
