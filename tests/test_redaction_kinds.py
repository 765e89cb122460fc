"""What the detectors of numbers, births, secrets and user names find, in English and French, and what they leave."""

import pytest

from copilot.privacy import redact
from copilot.privacy.policy import Policy
from copilot.privacy.spans import OPTIONAL

FOUND = {
    "IDNUMBER": [
        ("My SSN is {}.", "536-90-4399"),
        ("SSN: {}", "536904399"),
        ("the last four digits of my social are {}", "4399"),
        ("it says {} there", "536-90-4399"),
        ("My NI number is {}, can you check", "QQ 12 34 56 C"),
        ("on my payslip, {}", "AB123456C"),
        ("N° de sécu : {}", "1 84 12 76 451 089 46"),
        ("voici {}, merci", "2 69 05 49 588 157 80"),
        ("Mon NIR est {}", "1 82 05 2A 123 456 99"),
        ("Passport number: {}", "K1234567A"),
        ("my driving licence is {}", "MORGA657054SM9IJ"),
        ("carte d'identité n° {}", "880692310285"),
        ("Numéro fiscal : {}.", "1234567890123"),
    ],
    "COMPANY": [
        ("Notre SIRET est le {}", "732 829 320 00074"),
        ("RCS Paris {}", "732 829 320"),
        ("TVA {}", "FR40303265045"),
    ],
    "BIC": [("SWIFT: {}", "DEUTDEFF"), ("code BIC {}", "BNPAFRPPXXX")],
    "BIRTHDATE": [
        ("Je suis née le {} à Lyon", "1er février 1985"),
        ("DOB {}", "07-14-1989"),
        ("Please tell me your date of birth. It's {}", "3/23/1940"),
        ("I was born on the {}", "4th of July 1980"),
        ("born in {}", "1980"),
        ("Date de naissance :\n{}", "14/07/1989"),
        ("{} is my date of birth", "14 July 1989"),
    ],
    "SECRET": [
        ("password: {}", "letmein"),
        ("My password is {}", "Hunter2"),
        ("Mon mot de passe : {}", "Tr0ub4dor&3"),
        ("mdp {}", "chat1234"),
        ("password: {}", "$ecret"),
        ("password is {}", "my-dog-rex1"),
        ("mot de passe provisoire : {}", "Bienvenue2024"),
        ("The password we were given is {}", "Welcome1"),
        ("my password is {}", "camel 42"),
        ("code PIN : {}", "4821"),
        ("CVV {}", "123"),
        ("clé d'API : {}", "3f2b-99aa-22bc"),
        ("api_key={}", "9f86d081884c7d659a2feaa0c55ad015"),
        ('client_secret = "{}"', "8f14e45fceea167a5a36dedd4bea2543"),
        ("Authorization: Basic {}", "dXNlcjpwYXNz"),
        ("DATABASE_PASSWORD: {}", "hunter22"),
        ("what is {} doing in the log?", "gh" + "p_16C7e42F292c6912E7710c838347Ae178B4a"),
        ("see {}", "xo" + "xb-123456789012-abcdefABCDEF"),
        ("we got {} back", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N"),
        ("and {}", "-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA1234\n-----END PRIVATE KEY-----"),
    ],
    "USERNAME": [
        ("Username: {}", "jdoe"),
        ("mon identifiant est {}", "marie.dupont"),
        ("Nom d'utilisateur : {}", "lea_b"),
        ("user id {}", "m_88213"),
    ],
    "EMAIL": [
        ("write to {}", "jane at example dot com"),
        ("mail {}", "jean.dupont [at] exemple.fr"),
        ("email id {}", "ramya 451 gmailcom"),
    ],
    "CARD": [("the card ending in {}", "4242"), ("use {} please", "4111 1111 1111 1112")],
    "PHONE": [("mine: {}", "125-887-9654"), ("{}", "(760)514-1109")],
    "NUMBER": [("{}", "4577"), (" {}.", "4577 1234")],
}
EVERY = [(kind, sentence, value) for kind, found in FOUND.items() for sentence, value in found]


@pytest.mark.parametrize(("kind", "sentence", "value"), EVERY)
def test_found(kind, sentence, value):
    text = sentence.format(value)
    redacted = redact(text)
    assert redacted.text == sentence.format(f"[{kind}_1]")
    assert redacted.restore() == text


@pytest.mark.parametrize(
    "text",
    [
        "The password reset page is broken",
        "My password is not working",
        "My password is wrong and my login is impossible",
        "password: how do I change it?",
        "Password: required",
        "mon mot de passe ne marche pas",
        "Mon mot de passe est incorrect",
        "Login page: error 500",
        "login: failed",
        "user experience 2024",
        "The token is invalid, it expired after 3600 seconds",
        "key: value pairs in YAML",
        "Our secret is quality",
        "Authorization: Bearer ${TOKEN} and api_key: <your key>",
        '"X-Api-Key": PROJECT_READ_KEY}, token: $TOKEN, password: your-password, pwd: ********',
        "passwords are 12 characters long",
        "ma clé USB 32Go",
        "born in the cloud, né pour gagner",
        "The invoice of 14/07/2024 and the release 2024.05.12",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8 broke it",
        "UUID 123e4567-e89b-12d3-a456-426614174000",
        "The SWIFT response was GREATEST",
        "123 456 789 visitors and 12 345 678 rows",
        "73282932000074 is a number of fourteen digits that no card has",
        "100-200-300 mm",
        "Error 0x80070005 on KB5034441, windows 10.0.19045.4291",
        "Chrome/85.0.4183.121 Safari/537.36",
        "127.0.0.1 is this very machine",
        "pending at this point and it has been a week, no mail",
        "identifiant de commande 4455",
        "tracking 1Z999AA10123456784",
        "12.05.2024",
    ],
)
def test_left_alone(text):
    assert redact(text).text == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Order number 20458-1123 is late", "Order number [ORDER_1] is late"),
        ("n° de commande : CY-220174", "n° de commande : [ORDER_1]"),
        ("commande n° CY-220174", "commande n° [ORDER_1]"),
        ("my account number is 12345678", "my account number is [ACCOUNT_1]"),
        ("numéro de client 889921", "numéro de client [ACCOUNT_1]"),
    ],
)
def test_orders_and_accounts_are_masked_where_asked_for(text, masked):
    assert redact(text).text == text
    assert redact(text, policy=Policy(optional=OPTIONAL)).text == masked


def test_a_bank_is_found_beside_its_iban():
    text = "FR7630006000011234567890189 / BNPAFRPPXXX, merci pour votre IBAN"
    assert redact(text).text == "[IBAN_1] / [BIC_1], merci pour votre IBAN"


def test_a_key_whose_end_was_cut_off():
    text = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA1234abcd\nMIIEpAIBAAKCAQEA1234abcd\nIt does not work."
    assert redact(text).text == "[SECRET_1]\nIt does not work."


def test_user_name_and_password_in_one_breath():
    assert redact("My username is jdoe and password is Hunter2!").text == (
        "My username is [USERNAME_1] and password is [SECRET_1]!"
    )
