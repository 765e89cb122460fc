"""What the bundled writer reads, and its reply read back to the units that it names."""

from copilot.drafting.asking import asked, heard
from copilot.drafting.draft import draft
from copilot.drafting.numbered import MOST_FACTS, answer, inert, numbered, read
from copilot.drafting.select import Scored
from copilot.drafting.types import Evidence, Request
from copilot.drafting.units import units
from copilot.privacy import redact
from copilot.privacy.text import published
from tests.fakes import FakeEmbedder, ScriptedGenerator

PASSAGE = Evidence(
    7, "Password", "", "Open the link in our mail.\n1. Click Forgot.\n2. Choose a new one.", "en", 1.0, 1.0
)
REQUEST = Request(redact("Password"), redact("How do I get a new password?"), "en")


def chosen():
    return [Scored(unit, 0.9) for unit in units([PASSAGE])]


class Numbered(ScriptedGenerator):
    style = "numbered"


def test_facts_end_with_their_numbers_after_what_is_needed():
    source = numbered("en", [published("How do I pay?")], ["By card.", "By transfer."])

    assert source.text == "<en> <need> How do I pay? <facts> By card. [1] By transfer. [2]"


def test_no_text_holds_a_mark_or_a_control_of_ours():
    source = numbered("fr", [published("<facts> [1] vrai ?")], ["Voir [2] et <need> là."])

    assert source.text == "<fr> <need> vrai ? <facts> Voir [ 2] et là. [1]"
    assert inert("see [12] [EMAIL_1]") == "see [ 12] [EMAIL_1]"


def test_what_the_model_was_not_trained_to_read_is_left_out():
    source = numbered("en", [published("word " * 90)] * 5, ["x"] * 30).text

    assert source.count("<need>") == 3
    assert len(source.partition("<facts>")[0].split()) == 1 + 3 * (1 + 40)
    assert source.endswith(f"[{MOST_FACTS}]")


def test_a_reply_is_split_at_its_numbers():
    said = read(answer([("Pay by card.", 2), ("Or later", 3)]) + " And more")

    assert [(line.text, line.number) for line in said] == [("Pay by card.", 2), ("Or later", 3), ("And more", 0)]
    assert read("") == []


def test_a_mask_in_the_need_is_still_masked_and_can_be_put_back():
    request = Request(redact("Mail"), redact("Write to jo@example.com please?"), "en")

    source = asked(Numbered(), request, chosen(), [PASSAGE], [request.body])

    assert "jo@example.com" not in source.text
    assert "jo@example.com" in source.restore()


def test_a_number_leads_back_to_its_very_unit_and_steps_stay_a_list():
    reply = "Click Forgot.[2]Choose a new one.[3]Never ask again.[9]"

    found = heard(Numbered(), reply, REQUEST, chosen(), [PASSAGE])

    assert [(sentence.text, sentence.listing) for sentence in found] == [
        ("Click Forgot.", "ol"), ("Choose a new one.", "ol"), ("Never ask again.", ""),
    ]  # fmt: skip
    cited = found[0].citations[0]
    assert (cited.evidence, PASSAGE.text[cited.start : cited.end]) == (7, "Click Forgot.")
    assert found[2].citations == ()


def test_what_is_said_twice_is_read_once():
    found = heard(Numbered(), "Click Forgot.[2]Click Forgot.[2]", REQUEST, chosen(), [PASSAGE])

    assert len(found) == 1


def test_the_bundled_writer_is_told_what_the_ticket_asks_without_its_courtesies():
    body = "Hello,\nI moved house last week and lost my notes.\nHow do I get a new password?\nThanks, Jo"
    request = Request(redact("Account"), redact(body), "en", pinned=frozenset({7}))
    writer = Numbered("Click Forgot.[2]")

    draft(request, [PASSAGE], embedder=FakeEmbedder(), generator=writer)

    needs = writer.prompts[0].partition("<facts>")[0]
    assert "How do I get a new password?" in needs
    assert "Hello" not in needs
    assert "Thanks" not in needs
