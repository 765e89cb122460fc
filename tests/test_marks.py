"""Replies of models are read leniently: however they cite, and whatever they wrap their sentences in."""

import pytest

from copilot.language.marks import read

TWO = [("Open Settings.", (1,)), ("It takes ten days.", (2,))]


@pytest.mark.parametrize(
    "text",
    [
        "Open Settings [1]. It takes ten days [2].",
        "Open Settings. [1] It takes ten days. [2]",
        "Open Settings.[1] It takes ten days.[2]",
        "[1] Open Settings. [2] It takes ten days.",
        "[1] Open Settings.\n[2] It takes ten days.",
        "Open Settings (1). It takes ten days (2).",
        "Open Settings [^1]. It takes ten days [^2].",
        "Open Settings【1】. It takes ten days【2】.",
        "Open Settings [Passage 1]. It takes ten days [Fact 2].",
        "Open Settings [fait 1]. It takes ten days (Source : 2).",
        "Open Settings. Source: 1\nIt takes ten days. Source: 2",
        "Open Settings.¹ It takes ten days².",
        "- **Open** Settings [1].\n- It takes ten days [2].",
        "1. Open Settings [1].\n2. It takes ten days [2].",
        "## Open Settings. [1]\n\n> It takes ten days. [2]\n",
        "```text\nOpen Settings [1].\nIt takes ten days [2].\n```",
        "<think>First [3]. Hm.</think>\n\nOpen Settings [1]. It takes ten days [2].",
        "Well… [3].</think>Open Settings [1]. It takes ten days [2].",
        "Open Settings [1]. It takes ten days [2].<|im_end|>\n<|im_start|>user\nThanks [3].",
        "<|assistant|>Open Settings [1]. It takes ten days [2].</s>",
        "Open Settings [1]. It takes ten days [2]. And then it",
    ],
)
def test_two_sentences_and_their_numbers(text):
    assert [(said.text, said.numbers) for said in read(text, "en")] == TWO


@pytest.mark.parametrize(
    "marks", ["[1, 2]", "[1][2]", "[1] [2]", "[1; 2]", "[1 and 2]", "[1 et 2]", "(1, 2)", "[Sources: 1, 2]"]
)
def test_several_numbers(marks):
    assert [(said.text, said.numbers) for said in read(f"It takes ten days {marks}.", "en")] == [
        ("It takes ten days.", (1, 2))
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Version 2.5 costs 39 € for 12 (twelve) months.", "The (10) parts of 5 m² are free.", "[EMAIL_1] has it.",
        "Based on the passages, it is free.", "Press Ctrl_2 and 2*3*4.",
    ],
)  # fmt: skip
def test_what_is_no_mark_stays(text):
    assert [(said.text, said.numbers) for said in read(text, "en")] == [(text, ())]


@pytest.mark.parametrize(
    "text", ["", "half of a sentence", "[1] [2] [3]", "<think>for ever and ever", "```", "word " * 400]
)
def test_nothing_and_halves_are_nothing(text):
    assert read(text, "en") == []
