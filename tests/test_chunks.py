"""Markdown to passages: nothing readable is lost, lists stay whole, markup goes."""

from copilot.drafting.types import Evidence
from copilot.drafting.units import units
from knowledge.chunks import LONGEST_BLOCK, TARGET_CHARACTERS, chunks

PAGE = """
Intro with **bold**, `code` and a [link](other.md).

## Change your address

To change it:

1. Open **Settings → Address**.
2. Press *Change*.
   Then confirm.
3. Wait for the e-mail.

| Country | Days |
| --- | --- |
| France | 2–4 |

### Before shipping {#before}

Only while the status is Confirmed.

```bash
curl https://example.com/api
```
"""


def test_sections_carry_their_heading_path_and_anchor():
    found = chunks(PAGE)
    assert [chunk.heading for chunk in found] == ["", "Change your address", "Change your address › Before shipping"]
    assert [chunk.anchor for chunk in found] == ["", "change-your-address", "before"]


def test_markup_goes_and_words_stay():
    intro, change, before = (chunk.text for chunk in chunks(PAGE))
    assert intro == "Intro with bold, code and a link."
    assert change.splitlines() == [
        "To change it:",
        "1. Open Settings → Address.",
        "2. Press Change. Then confirm.",
        "3. Wait for the e-mail.",
        "| Country | Days",
        "| France | 2–4",
    ]
    assert before.splitlines() == ["Only while the status is Confirmed.", "    curl https://example.com/api"]


def test_site_generator_syntax_and_scripts_go():
    page = "import X from '@site/x'\n\n:::tip Good to know\nIt is free.\n:::\n\n<script>x()</script>\n\nBy default, on."
    text = "\n".join(chunk.text for chunk in chunks(page))
    assert text == "Good to know\nIt is free.\nBy default, on."


def test_components_of_site_generators_are_not_quoted_to_customers():
    page = """Press **Save**. <img alt="Save" src={useBaseUrl('img/save.png')} />

| <div style={{minWidth: '200px'}}>Channel</div> | Use `<b {x}` |
| --- | --- |
| a | b |

<div className="note">Read the [API page](/api) first.</div>
"""
    [chunk] = chunks(page)
    assert chunk.text.splitlines() == [
        "Press Save.", "| Channel | Use <b {x}", "| a | b", "Read the API page first.",
    ]  # fmt: skip


def test_a_long_section_is_cut_between_blocks_only():
    steps = "\n".join(f"{n}. Step number {n} of the long procedure." for n in range(1, 20))
    page = "## Long\n\n" + "\n\n".join(f"Paragraph {n}. " + "words " * 60 for n in range(6)) + "\n\n" + steps
    found = chunks(page)
    assert len(found) > 2
    assert all(len(chunk.text) <= max(TARGET_CHARACTERS, len(steps)) + 10 for chunk in found)
    [whole] = [chunk for chunk in found if "1. Step number 1 " in chunk.text]
    assert "19. Step number 19 " in whole.text


def test_a_line_that_leads_in_is_not_parted_from_its_list():
    page = "## H\n\n" + "x " * 445 + "\n\nDo this:\n\n- one thing\n- another thing"
    last = chunks(page)[-1].text
    assert last.splitlines() == ["Do this:", "- one thing", "- another thing"]


def test_a_monstrous_list_is_cut_at_line_ends():
    page = "\n".join(f"- item {n} " + "word " * 20 for n in range(60))
    found = chunks(page)
    assert all(len(chunk.text) <= LONGEST_BLOCK for chunk in found)
    assert sum(chunk.text.count("- item") for chunk in found) == 60


def test_empty_pages_have_no_passages():
    assert chunks("") == [] and chunks("## Only a heading\n") == []


def test_units_quote_exactly():
    evidence = [Evidence(1, "T", "H", chunk.text, "en", 1.0, 1.0) for chunk in chunks(PAGE)]
    found = units(evidence)
    assert all(evidence[unit.evidence].text[unit.start : unit.end] == unit.text for unit in found)
    assert [(unit.text, unit.shape) for unit in found if unit.evidence == 1] == [
        ("To change it:", "sentence"),
        ("Open Settings → Address.", "ol"),
        ("Press Change. Then confirm.", "ol"),
        ("Wait for the e-mail.", "ol"),
        ("Country | Days", "row"),
        ("France | 2–4", "row"),
    ]
