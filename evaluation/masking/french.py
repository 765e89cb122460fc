"""French tickets with private values, made from sentences and fillings of ours: `sets/redaction_fr.jsonl`.

Invariant: the same seed makes the same file, and every number has the form and the key of a real one. Sentences hold
what must stay too: order numbers, versions, plain dates, places that are no address.
"""

import json
import random
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from stdnum import iban, luhn

SET: Final = Path(__file__).parent.parent / "sets" / "redaction_fr.jsonl"
EACH: Final = 5  # texts of each sentence
# fmt: off
_FIRST: Final = """
    Amandine Baptiste Clémence Didier Élodie Fabrice Gwenaëlle Hervé Inès Jean-Baptiste Karim Laëtitia Mehdi
    Noémie Océane Philippe Quentin Rachida Solène Théo Ursula Valérie Wassim Xavier Yasmine Zoé Marie-Claire Aïcha
    Loïc Bérengère Thi-Lan Kwame Mamadou Chloé Gaëtan Maëlys Anne-Sophie Stéphane Nadia Bruno
""".split()  # noqa: SIM905
_LAST: Final = """
    Lefebvre Moreau Girard Bonnet Dupuis Fontaine Chevalier Robin Gauthier Perrin Morel Mathieu Clément Guérin
    Boyer Garnier Faure Legrand Barbier Colin Benali Diallo Nguyen Traoré Haddad Le_Goff De_La_Tour Kerviel
    Da_Silva Marchand Rousseau Blanchard Besson Joly Prévost Delmas Le_Guennec Ben_Saïd Vasseur Poulain
""".split()  # noqa: SIM905
_STREETS: Final = (
    "rue des Lilas", "avenue de la République", "boulevard Victor-Hugo", "place du Marché", "chemin des Vignes",
    "impasse du Moulin", "allée des Tilleuls", "quai de la Loire", "rue du Faubourg-Saint-Martin", "cours Gambetta",
    "route de Rennes", "rue de l'Église", "square des Acacias", "passage du Commerce", "rue Jean-Jaurès",
)
_TOWNS: Final = (
    "75011 Paris", "69003 Lyon", "13006 Marseille", "31000 Toulouse", "44200 Nantes", "35700 Rennes", "33800 Bordeaux",
    "59800 Lille", "67000 Strasbourg", "06300 Nice", "20000 Ajaccio", "29200 Brest", "38100 Grenoble",
    "17000 La Rochelle", "97400 Saint-Denis", "62200 Boulogne-sur-Mer", "21000 Dijon", "64100 Bayonne",
)
_MONTHS: Final = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
                  "novembre", "décembre")
_DOMAINS: Final = ("orange.fr", "laposte.net", "free.fr", "gmail.com", "wanadoo.fr", "proton.me", "mairie-exemple.fr")
_SENTENCES: Final = (
    "Bonjour, je m'appelle {PERSON} et je n'ai pas reçu ma commande n° 20458-{n}.",
    "Bonjour,\nMa facture de mars est fausse.\nCordialement,\n{PERSON}\n{PHONE_NUMBER}",
    "Merci de livrer au {ADDRESS} plutôt qu'à mon bureau.",
    "J'ai déménagé : ma nouvelle adresse est {ADDRESS}. Le contrat reste le même.",
    "Adresse de facturation : {ADDRESS}\nAdresse e-mail : {EMAIL_ADDRESS}",
    "Vous pouvez me joindre au {PHONE_NUMBER} entre 9 h et 18 h, sauf le 12 mai.",
    "Mon numéro de sécurité sociale est le {FR_NIR}, pourriez-vous mettre à jour mon dossier ?",
    "NIR : {FR_NIR}\nNom : {PERSON}",
    "Pour le remboursement de 48,90 €, voici mon IBAN : {IBAN_CODE} (BIC {BIC}).",
    "Je change de banque. IBAN {IBAN_CODE}, BIC : {BIC}, titulaire {PERSON}.",
    "Ma carte {CREDIT_CARD} a été débitée deux fois le 03/04/2024.",
    "Je suis né le {DATE_TIME} et votre formulaire refuse ma date.",
    "Madame {PERSON}, née le {DATE_TIME} à Limoges, souhaite résilier.",
    "Date de naissance : {DATE_TIME}. La version 4.2.1 de l'application plante depuis le 2 juin 2024.",
    "Notre SIRET est le {SIRET} et la TVA n'apparaît pas sur la facture F-2024-{n}.",
    "Société Vélocité, SIREN {SIREN}, demande un avoir sur la commande 88{n}12.",
    "Mon identifiant est {USERNAME} et mon mot de passe : {PASSWORD}",
    "Identifiant : {USERNAME}\nMot de passe : {PASSWORD}\nLe portail affiche l'erreur 504.",
    "mdp : {PASSWORD} mais je n'arrive toujours pas à me connecter",
    "Mon mot de passe est incorrect depuis hier, que faire ?",
    "J'ai oublié mon mot de passe et l'e-mail de réinitialisation n'arrive pas à {EMAIL_ADDRESS}.",
    "Voici notre clé API : {SECRET}, elle renvoie une erreur 401.",
    "Le serveur {IP_ADDRESS} ne répond plus depuis la mise à jour 12.4.",
    "J'ai cliqué sur {SECRET_URL} mais le lien a expiré.",
    "Bonjour {PERSON},\nPouvez-vous rappeler mon collègue {PERSON} au {PHONE_NUMBER} ?\nMerci",
    "Je vous écris au nom de ma mère, {PERSON}, qui habite {ADDRESS}.",
    "Le colis a été remis à {PERSON}, que je ne connais pas.",
    "Cordialement,\n\n{PERSON}\nResponsable des achats\n{ADDRESS}\nTél. : {PHONE_NUMBER}",
    "Le technicien, {PERSON}, devait passer mardi entre 8 h et 12 h.",
    "Pièce jointe : contrat 2024-{n}. Signataire : {PERSON}. Copie à {EMAIL_ADDRESS}.",
    "Pourquoi la livraison vers la Belgique prend-elle dix jours ?",
    "Comment exporter mes données au format CSV depuis la page Paramètres ?",
    "L'abonnement Pro passe-t-il à 29 € au 1er janvier 2025 ?",
    "Depuis iOS 17.5, l'application se ferme quand j'ouvre l'onglet Rapports.",
    "curl -H 'Authorization: Bearer {SECRET}' renvoie 403.",
    "Mon passeport {PASSPORT} n'est pas accepté par votre vérification d'identité.",
    "Numéro fiscal : {TAX}. Nom d'usage : {PERSON}.",
    "Je suis {PERSON}, votre cliente depuis 2016, et le code promo RENTREE24 ne marche pas.",
    "La livraison est prévue au {ADDRESS}, bâtiment B, code 4512 ; le livreur peut appeler le {PHONE_NUMBER}.",
    "Merci d'envoyer le double à M. {PERSON}, {ADDRESS}.",
    "Notre RIB a changé : {IBAN_CODE}\nMerci, {PERSON}",
    "Sujet : compte bloqué\nUtilisateur : {USERNAME}\nNavigateur : Firefox 126.0",
)
# fmt: on


def rows(seed: int = 7) -> list[dict[str, Any]]:
    """EACH texts of each sentence, as presidio-research writes them."""
    draw = random.Random(seed)  # noqa: S311
    return [_row(draw, sentence, number) for number, sentence in enumerate(_SENTENCES) for _ in range(EACH)]


def write(path: Path = SET) -> None:
    """The set, anew."""
    lines = (json.dumps(row, ensure_ascii=False) for row in rows())
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _row(draw: random.Random, sentence: str, number: int) -> dict[str, Any]:
    text, spans = "", []
    for piece in re.split(r"(\{\w+\})", sentence):
        name = piece[1:-1] if piece.startswith("{") else ""
        value = _FILLINGS[name](draw) if name else piece
        if name and name != "n":
            label = _LABELS.get(name, name)
            position = {"start_position": len(text), "end_position": len(text) + len(value)}
            spans.append({"entity_type": label, "entity_value": value, **position})
        text += value
    return {"full_text": text, "masked": sentence, "spans": spans, "template_id": number}


def _digits(draw: random.Random, count: int) -> str:
    return "".join(draw.choices("0123456789", k=count))


def _person(draw: random.Random) -> str:
    first, last = draw.choice(_FIRST), draw.choice(_LAST).replace("_", " ")
    return draw.choice([f"{first} {last}", f"{first} {last}", f"{first} {last.upper()}", f"{last} {first}"])


def _address(draw: random.Random) -> str:
    number = f"{draw.randint(1, 180)}{draw.choice(['', '', '', ' bis', ' ter'])}"
    between = draw.choice([", ", " ", "\n"])
    return f"{number}{draw.choice([', ', ' '])}{draw.choice(_STREETS)}{between}{draw.choice(_TOWNS)}"


def _phone(draw: random.Random) -> str:
    pairs = [f"0{draw.choice('1234567')}", *(_digits(draw, 2) for _ in range(4))]
    joined = draw.choice([" ", " ", ".", "-", ""]).join(pairs)
    return draw.choice([joined, joined, f"+33 {pairs[0][1]} {' '.join(pairs[1:])}"])


def _email(draw: random.Random) -> str:
    return f"{_ascii(draw.choice(_FIRST))}{draw.choice(['.', '_', ''])}{_digits(draw, 2)}@{draw.choice(_DOMAINS)}"


def _nir(draw: random.Random) -> str:
    department = draw.choice(["75", "13", "59", "2A", "2B", "97", "33"])
    place, order = f"{draw.randint(1, 700):03}", _digits(draw, 3)
    year, month = _digits(draw, 2), f"{draw.randint(1, 12):02}"
    sex = draw.choice("12")
    plain = f"{sex}{year}{month}{department}{place}{order}"
    key = 97 - int(plain.replace("2A", "19").replace("2B", "18")) % 97
    return draw.choice([f"{plain}{key:02}", f"{sex} {year} {month} {department} {place} {order} {key:02}"])


def _iban(draw: random.Random) -> str:
    bank, branch, account = _digits(draw, 5), _digits(draw, 5), _digits(draw, 11)
    key = 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97
    number = f"{bank}{branch}{account}{key:02}"
    whole = f"FR{iban.calc_check_digits(f'FR00{number}')}{number}"
    return draw.choice([whole, " ".join(whole[place : place + 4] for place in range(0, len(whole), 4))])


def _card(draw: random.Random) -> str:
    plain = f"{draw.choice(['4', '51', '53'])}{_digits(draw, 14)}"[:15]
    whole = plain + str(luhn.calc_check_digit(plain))
    return draw.choice([whole, " ".join(whole[place : place + 4] for place in range(0, 16, 4))])


def _siren(draw: random.Random) -> str:
    plain = f"{draw.randint(3, 9)}{_digits(draw, 7)}"
    return plain + str(luhn.calc_check_digit(plain))


def _siret(draw: random.Random) -> str:
    siren = _siren(draw)
    plain = f"{siren}000{draw.randint(1, 9)}"
    whole = plain + str(luhn.calc_check_digit(plain))
    return draw.choice([whole, f"{whole[:3]} {whole[3:6]} {whole[6:9]} {whole[9:]}"])


def _birth(draw: random.Random) -> str:
    day, month, year = draw.randint(1, 28), draw.randint(1, 12), draw.randint(1938, 2006)
    written = f"{'1er' if day == 1 else day} {_MONTHS[month - 1]} {year}"
    return draw.choice(
        [f"{day:02}/{month:02}/{year}", written, f"{day:02}.{month:02}.{year}", f"{day}-{month:02}-{year}"]
    )


def _username(draw: random.Random) -> str:
    return draw.choice(
        [f"{_ascii(draw.choice(_LAST))}{_digits(draw, 2)}", f"{_ascii(draw.choice(_FIRST))[0]}_{_digits(draw, 3)}"]
    )


def _password(draw: random.Random) -> str:
    return (
        draw.choice(["Soleil", "Chaton", "bzh", "Velo!", "M4ison"])
        + _digits(draw, draw.randint(2, 4))
        + draw.choice(["!", "", "$"])
    )


def _secret(draw: random.Random) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return draw.choice(["sk_live_", "ghp_", "", "glpat-"]) + "".join(draw.choices(letters, k=36))


def _ascii(word: str) -> str:
    return re.sub(r"[^a-z]", "", word.lower().translate(str.maketrans("éèêëàâîïôûç", "eeeeaaiiouc")))


_FILLINGS: Final[Mapping[str, Callable[[random.Random], str]]] = {
    "PERSON": _person, "ADDRESS": _address, "PHONE_NUMBER": _phone, "EMAIL_ADDRESS": _email, "FR_NIR": _nir,
    "IBAN_CODE": _iban, "CREDIT_CARD": _card, "SIREN": _siren, "SIRET": _siret, "DATE_TIME": _birth,
    "USERNAME": _username, "PASSWORD": _password, "SECRET": _secret,
    "BIC": lambda draw: draw.choice(["BNPAFRPPXXX", "AGRIFRPP", "SOGEFRPP", "CEPAFRPP751", "PSSTFRPPPAR"]),
    "IP_ADDRESS": lambda draw: ".".join(str(draw.randint(1, 254)) for _ in range(4)),
    "SECRET_URL": lambda draw: f"https://compte.exemple.fr/reinit?jeton={_digits(draw, 9)}",
    "PASSPORT": lambda draw: f"{_digits(draw, 2)}{draw.choice(['AB', 'CF', 'DK'])}{_digits(draw, 5)}",
    "TAX": lambda draw: f"{draw.choice(['0', '1', '2', '3'])}{_digits(draw, 12)}",
    "n": lambda draw: _digits(draw, 4),
}  # fmt: skip
_LABELS: Final = {"PASSPORT": "ID_NUMBER", "TAX": "ID_NUMBER"}
