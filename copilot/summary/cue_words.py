"""The words by which a sentence says that something is wrong, that something was done, or that something is wanted.

Invariant: each is an expression that begins and ends with whole words (a plural counts), in either language, since one
conversation may hold both. A strong one says so by itself, a weak one together with other signs.
"""

_DONE_EN = (
    r"tried|reset|restarted|rebooted|reinstalled|installed|uninstalled|updated|upgraded|downgraded|re-?paired|"
    r"unpaired|"
    r"replaced|swapped|changed|cleaned|cleared|checked|tested|unplugged|plugged|switched|turned|followed|removed|"
    r"reconnected|disconnected|recharged|charged|resent|re-?sent|sent|emailed|called|phoned|rang|contacted|asked|"
    r"wrote|"
    r"opened|re-?opened|cancelled|canceled|refunded|reissued|re-?issued|logged (?:in|out)|signed (?:in|out)|deleted|"
    r"re-?entered|entered|verified|confirmed|escalated|forwarded|shipped|dispatched|traced|unlocked|disabled|enabled|"
    r"re-?sync\w*|synced|extended|corrected|tightened|inspected|looked|measured|waited|used|created|re-?created|"
    r"adjusted|credited|passed|raised|arranged|booked|generated|regenerated|rolled back|did|done|"
    r"run|ran"
)
_DONE_FR = (
    r"essayé|tenté|redémarré|relancé|réinitialisé|réinstallé|installé|désinstallé|mis à jour|appairé|réappairé|"
    r"remplacé|"
    r"changé|nettoyé|vidé|vérifié|contrôlé|testé|débranché|rebranché|branché|éteint|rallumé|suivi|supprimé|retiré|"
    r"reconnecté|déconnecté|rechargé|chargé|renvoyé|envoyé|appelé|téléphoné|contacté|demandé|écrit|ouvert|annulé|"
    r"remboursé|réémis|transmis|transféré|expédié|débloqué|désactivé|activé|synchronisé|resynchronisé|prolongé|"
    r"corrigé|"
    r"resserré|inspecté|regardé|mesuré|attendu|utilisé|créé|recréé|réglé|crédité|confirmé|refait|fait|remis|mis|"
    r"procédé|effectué|signalé|déposé|tapé|saisi|resaisi|généré|ressayé|réessayé|rappelé|relu|démonté|remonté"
)
_ADVERBS_EN = r"(?:(?:also|already|then|even|just|now|both|since|again|only|have|both|personally|therefore) ){0,3}"
_ADVERBS_FR = (
    r"(?:(?:déjà|aussi|également|ensuite|même|bien|donc|tout|encore|alors|également|juste|vous|lui|leur) ){0,3}"
)

# What somebody did before there was a problem, or only felt.
_NOT_DONE_EN = (
    r"(?!(?:ordered|received|wanted|needed|noticed|expected|moved|finished|started|lived|loved|liked|wondered|hoped|"
    r"decided|joined|agreed|planned|used|enjoyed|subscribed|missed)\b)"
)
_NOT_DONE_FR = (
    r"(?!(?:été|acheté|commandé|remarqué|constaté|passé|déménagé|commencé|aimé|espéré|décidé|oublié|trouvé|travaillé|"
    r"payé|réservé|demandé)e?s?\b)"
)

STRONG = {
    "problem": (
        r"(?:do|does|did|is|are|was|were|has|have|had|ca|could|wo|would)(?:n['’]t| not|"
        r"not) (?:\w+ ){0,3}?(?:work|turn|"
        r"start|charge|connect|open|load|arrive|receive|show|sync|print|respond|hold|fit|match|appear|save|pair|"
        r"register|"
        r"accept|recogni[sz]e|boot|update|export|import|log|sign|access|get|find|see|close|stay|come|pay|"
        r"delivered)\w*",
        r"(?:cannot|can['’]t|can not|unable to|impossible to|not able to)\b",
        r"(?:still|yet) (?:not|no|nothing|missing|broken|waiting|the same)|no longer|not yet (?:arrived|received|"
        r"been)",
        r"stop(?:s|ped)? (?:after|by itself|at)|(?:stop|quit)(?:s|ped|ting)? (?:work|respond|charg|sync|load)\w*|"
        r"keeps? (?:\w+ing|on|the same)|kept \w+ing",
        r"stopped after|cuts? out|cutting out|shuts? (?:down|itself|off)|switch(?:es|ed)? (?:itself )?off|gave up",
        r"error|fail(?:s|ed|ing|ure)?|broken|broke|crash\w*|froze|freez\w+|stuck|dead|faulty|defective|damaged|"
        r"cracked|"
        r"leak\w*|rejected|declined|refused|blocked|locked out|suspended|missing|lost|wrong|incorrect|corrupt\w*|"
        r"duplicat\w+|disappear\w+|vanish\w+|never (?:arrived|came|received|got|delivered|worked)|scratched|dented",
        r"only (?:one|two|three|half|part)|(?:still|now) (?:says|shows|reads|has|stops|gives)|"
        r"nobody (?:has )?\w+|no one \w+|"
        r"nothing (?:ever )?(?:arrived|came|happens)|outages?|has not|(?:affiche|indique) (?:maintenant|"
        r"toujours)|reste\w* \w+é|"
        r"est tombée?|toujours trop|un seul|une seule|personne ne",
        r"charged (?:me |us )?(?:twice|double|again|for)|billed (?:me |us )?(?:twice|again|for)|overcharged|"
        r"double[- ]\w+",
        r"(?:blank|white|black) (?:page|screen)|turns? red|flash\w* red|times? out|timed out|too (?:slow|small|late)",
        r"ne (?:\w+ )?(?:fonctionn|march|s['’]allum|répon|charg|démarr|se connect|s['’]ouvr|s['’]affich|parvien|"
        r"reconna|"
        r"correspond|tien|reçoi|trouv|voi|peu|synchronis|imprim|part|parvien|suffi)\w*(?: \w+)? (?:plus|pas|rien|"
        r"jamais)",
        r"n['’](?:arriv|ai|avons|est|a|ont|apparai|accept|avance|existe|y a|affich|ouvr|ai toujours)\w* (?:\w+ )?"
        r"(?:plus|pas|rien|jamais|aucun\w*) ?(?:\w+ ){0,2}(?:reçu|arriv|fonctionn|livr|à |accept|eu|été|été|"
        r"trouv|march)?",
        r"ne (?:peux|peut|pouvons|parviens|parvenons|arrive) (?:plus|pas)|impossible",
        r"toujours (?:pas|rien|le même|la même|en panne|bloqué\w*)|(?:ne|n['’])\w* ?\w* toujours pas|"
        r"jamais (?:reçu|arriv\w+)",
        r"erreurs?|en panne|panne|bloqué\w*|cassé\w*|abîmé\w*|endommagé\w*|défectueu\w+|fissur\w+|fuite|fuit|"
        r"plante|planté|"
        r"disparu\w*|refusé\w*|rejeté\w*|suspendu\w*|manquant\w*|manque|perdu\w*|faux|fausse|incorrect\w*|erroné\w*|"
        r"échou\w+|échec|se coupe|s['’]éteint|s['’]arrête|se ferme|se fige|figé\w*|(?:page|écran) (?:blanche|"
        r"noir)|rayé\w*",
        r"(?:débité|prélevé|facturé)\w* (?:\w+ )?(?:deux|2|trois) fois|double (?:débit|prélèvement|facturation)|"
        r"en double",
    ),
    "tried": (
        rf"\b(?:i|we)(?:['’]ve| have)? (?:have )?{_ADVERBS_EN}(?:{_DONE_EN})\b",
        rf"^(?:and |then |also |first |so |already )*(?:{_ADVERBS_EN})(?:tried|reset|restarted|reinstalled|"
        rf"checked|did that|done)",
        r"(?:no|without|any) (?:change|difference|luck|success|effect|improvement)|same (?:result|thing|error|"
        r"problem|again)",
        r"(?:did|does|do)(?:n['’]t| not) (?:help|change|make)|made no|to no avail|nothing (?:changed|helped|"
        r"happened)",
        r"(?:after|even after|despite) (?:\w+ ){0,2}(?:reset|restart|reinstall|updat|chang|clean|clear|re-?pair|"
        r"charg)\w*",
        r"has been (?:refunded|sent|shipped|reset|replaced|reissued|escalated|cancelled|credited|unlocked|extended)",
        rf"(?:i|we)(?:['’]ve| have)? {_ADVERBS_EN}{_NOT_DONE_EN}\w+ed",
        rf"^(?:{_DONE_EN}) (?:it|them|that|this|all|again|both|the|your|my)",
        rf"j['’](?:ai|avais) {_ADVERBS_FR}(?:{_DONE_FR})\w*",
        rf"(?:j['’]ai|nous avons|on a) {_ADVERBS_FR}{_NOT_DONE_FR}\w+ée?s?",
        rf"(?:je viens|nous venons) (?:de|d['’]) ?(?:vous )?\w+|(?:\w+ )?(?:{_DONE_FR})e?s? (?:ce|hier|à nouveau|"
        rf"de nouveau)",
        rf"\b(?:nous avons|on a|avons|avoir) {_ADVERBS_FR}(?:{_DONE_FR})\w*",
        r"sans (?:succès|résultat|effet|changement|amélioration)|aucun (?:changement|effet|résultat)|même résultat|"
        r"rien n['’]y fait|rien (?:n['’]a )?changé|(?:ça|cela) n['’]a rien (?:changé|donné)|"
        r"n['’]a rien (?:changé|donné)|pareil",
        r"(?:après|même après|malgré) (?:\w+ ){0,2}(?:réinitialisation|redémarrage|mise à jour|réinstallation|"
        r"nettoyage|"
        r"avoir \w+)|c['’]est fait\b|déjà (?:essayé|fait|tenté|testé)",
        r"(?:a|ont) été (?:remboursé|envoyé|expédié|réinitialisé|remplacé|réémis|transmis|annulé|crédité|"
        r"débloqué)\w*",
    ),
    "asked": (
        r"\?",
        r"(?:could|can|would|will) (?:you|someone|somebody|we|i) (?:please |kindly |at least |not )?\w+",
        r"please (?!find|see|note|let me know if)\w+|i(?:['’]d| would) (?:like|love|prefer|want|rather)"
        r"(?! to (?:say|tell|mention|point|thank|add|begin|start))|"
        r"i (?:want|need|expect|demand)\b",
        r"we(?:['’]d| would) (?:like|prefer|want|rather)|we (?:want|need|expect)\b|let me know (?:when|how|what|"
        r"which|whether|if you can)",
        r"(?:pouvez|pourriez|pourrait|peut|peux|puis|pouvons|auriez|serait)[- ](?:vous|on|je|nous|il|elle)",
        r"merci (?:de|d['’])|(?:je|nous) (?:voudr\w+|souhait\w+|aimer\w+|veux|voulons|demand\w+|exig\w+|"
        r"préfér\w+)|j['’]aimerais|"
        r"j['’](?:attends|exige)|veuillez|prière de|dites[- ](?:moi|nous)|indiquez[- ](?:moi|nous)|"
        r"est[- ]il possible",
    ),
}  # fmt: skip
WEAK = {
    "problem": (
        r"problem|issue|trouble|noise|rattl\w+|smell|slow\w*|wait(?:ed|ing)|late|delay\w*|however|"
        r"nothing|instead|"
        r"not|never|n['’]t\b|every time|each time|strange|odd|complain\w*|unacceptable|disappoint\w+",
        r"problème|souci|bruit|odeur|lent\w*|attend\w*|retard|cependant|rien|au lieu|pas|jamais|"
        r"depuis|"
        r"à chaque fois|bizarre|étrange|inadmissible|déçu\w*|dysfonctionnement|anomalie",
    ),
    "tried": (
        r"\b(?:i|we)(?:['’]ve| have)? \w+ed\b|support (?:told|asked|said)|your colleague|last time|already|so far",
        r"\b(?:j['’]ai|nous avons|on a) (?:\w+ )?\w+(?:é|i|u|is|it)e?s?\b|votre collègue|la dernière fois|déjà",
    ),
    "asked": (
        r"how (?:to|do|can|long|much|many)|when (?:will|can|do)|where (?:is|can|do)|why|whether|wondering|refund|"
        r"replacement|compensat\w+|cancel|urgent\w*|by (?:tomorrow|monday|friday)",
        r"comment|quand|pourquoi|combien|remboursement|remplacement|dédommag\w+|annul\w+|urgen\w+|besoin",
    ),
}  # fmt: skip
