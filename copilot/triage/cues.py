"""The words that make a ticket urgent, or not, in English and French.

Invariant: every cue is an expression over lower-case text with straight apostrophes and single spaces, matched as
whole words.
"""

HIGH = {
    "en": (
        # danger
        r"smok(?:e|ing)|flames?|sparks|(?:on|a|caught|catch(?:es|ing)?) fire|burn(?:t|ed|ing|s)|explo(?:ded?|sion)",
        r"electric(?:al)? shock|electrocuted|injur(?:y|ies|ed)|bleeding|gas leak|carbon monoxide|danger(?:ous)?|unsafe",
        # nothing works, for everybody
        r"outage|(?:site|server|system|service|everything|production|shop|store|platform|whole team)"
        r" (?:is |are |was |has been |went )?(?:completely |totally )?down",
        r"(?:nobody|no one|none of us|everyone|all users?) (?:can|can't|cannot|(?:is|are) unable to)",
        r"data loss|lost all (?:our|my|the) data|hacked|data breach|compromised|ransomware|phishing",
        # money lost
        r"stolen|fraud(?:ulent)?|unauthori[sz]ed (?:charge|payment|transaction|access)|scam(?:med)?",
        r"charged (?:me |us )?(?:twice|double|two times)|double[- ]charged|losing (?:money|sales|customers)",
        r"money (?:is |has )?(?:gone|missing|disappeared)",
        # time
        r"urgent(?:ly)?|asap|as soon as possible|right away|straight away|emergency|critical|deadline",
        r"immediate (?:help|response|reply|answer|assistance|action|attention|refund)",
        r"(?:help|reply|respond|answer|fix|solve|refund|call|contact|need)[^.?!]{0,30} immediately",
        r"(?:by|before|until) (?:tonight|tomorrow|noon|midnight|end of (?:the )?day|close of business|eod)",
        r"within the hour|(?:flight|train|event|wedding|meeting|departure) (?:is |leaves )?"
        r"(?:today|tonight|tomorrow|in \w+ (?:hours?|minutes?))",
        # law
        r"(?:my|our|a) (?:lawyer|attorney|solicitor)|legal action|sue you|small claims|chargeback",
        r"take (?:you )?to court|consumer protection|trading standards",
    ),
    "fr": (
        # danger
        r"fum(?:e|ée|ées|ant)|flammes?|étincelles|(?:en|prend|pris) feu|incendie|brûl(?:e|é|ée|ure|ures|ant)",
        r"explos(?:é|ion|e)|choc électrique|électrocut\w+|bless(?:é|ée|és|ure|ures)|fuite de gaz|monoxyde",
        r"danger|dangereu(?:x|se)",
        # nothing works, for everybody
        r"(?:site|serveur|système|service|boutique|plateforme|production) (?:est |sont )?(?:complètement |totalement )?"
        r"(?:en panne|hors service|inaccessible|à l'arrêt)",
        r"panne (?:générale|totale)|tout est (?:bloqué|en panne)|(?:plus )?personne ne peut",
        r"perte de données|pirat(?:é|ée|age|és)|fuite de données|rançongiciel|hameçonnage",
        # money lost
        r"vol(?:é|ée|és|ées)|fraud(?:e|uleux|uleuse)|arnaqu\w+|escroqu\w+",
        r"(?:débit|prélev|factur)(?:é|ée|és) (?:deux|2) fois|double (?:débit|prélèvement)|argent (?:a )?disparu",
        r"perd(?:ons|s) (?:de l'argent|des ventes|des clients)",
        # time
        r"urgent(?:e|s)?|urgence|au plus vite|dès que possible|le plus rapidement possible|immédiat(?:e|ement)",
        r"tout de suite|sans délai|critique|date limite|dernier délai",
        r"(?:avant|d'ici) (?:ce soir|demain|midi|minuit|la fin de (?:la )?journée)",
        r"(?:vol|train|mariage|départ|rendez-vous) (?:est |part )?"
        r"(?:aujourd'hui|ce soir|demain|dans \w+ (?:heures?|minutes?))",
        # law
        r"(?:mon|notre|nos|un) avocats?|mise en demeure|poursuites?(?: judiciaires?)?|porter(?:ai)? plainte|tribunal",
        r"action en justice|dgccrf|rétrofacturation|que choisir|saisir la cnil",
    ),
}
LOW = {
    "en": (
        r"no (?:rush|hurry)|whenever you (?:can|have time)|take your time|when you get a chance|low priority",
        r"(?:not|isn't|nothing|non)[ -](?:\w+ )?(?:urgent|critical)",
        r"feature (?:request|idea|wish|suggestion)|(?:a|my|one) suggestion (?:for|to)|nice to have",
        r"(?:would|it'd) be (?:nice|great|lovely) (?:if|to)|just (?:curious|wondering)|for your information|fyi",
    ),
    "fr": (
        r"(?:pas|rien|aucune?|sans|non)[ -](?:\w+ |d')?(?:urgen(?:t|te|ce)|presse|hâte)|ça ne presse pas",
        r"prenez votre temps|quand vous (?:pourrez|pouvez|aurez (?:le temps|un moment))",
        r"(?:une|ma) suggestion|idée d'amélioration|ce serait (?:bien|super|sympa|pratique)",
        r"il serait (?:bien|utile|appréciable)|(?:simple|par) curiosité|pour (?:votre )?information",
    ),
}
# Right before a cue: the cue does not count.
NEGATION = {
    "en": r"(?:n't|\b(?:not|never|no|without|nothing|non))"
    r"(?: (?:that|very|really|so|at all|an?|any|super|terribly|yet|been))*",
    "fr": r"\b(?:pas|aucune?|sans|jamais|rien|ni|non)"
    r"(?: (?:si|très|vraiment|du tout|de|d'|une?|forcément|spécialement|tellement))*",
}
# A short message that opens with one of these, and has none of BUT, only thanks.
THANKS = {
    "en": (
        r"(?:(?:many|ok|great|perfect|awesome) )*(?:thanks?|thank you|thx|cheers|much appreciated)",
        r"it works(?: now)?|all good|solved|that (?:works|worked|helped|solved it)",
    ),
    "fr": (
        r"(?:(?:ok|super|parfait|génial|un grand|grand|mille) )*merci",
        r"c'est (?:réglé|bon|parfait)|ça (?:marche|fonctionne)",
    ),
}
BUT = {
    "en": r"\b(?:but|however|still|not|please|can|could|need|in advance)\b|n't\b",
    "fr": r"\b(?:mais|cependant|pas|toujours|encore|pourriez|pouvez|besoin|d'avance|par avance)\b",
}
