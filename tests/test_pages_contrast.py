"""Colours that carry words can be read: WCAG 2.2 AA, in light and dark."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TOKENS = (Path(settings.BASE_DIR) / "static/tokens.css").read_text(encoding="utf-8")
COLOURS = {name: pair for name, *pair in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", TOKENS)}
TEXT = [(ink, paper) for ink in ("ink", "ink-2", "ink-3") for paper in ("paper", "sheet", "sunk")]
TEXT += [("velvet", "velvet-soft"), ("on-velvet", "velvet"), ("on-velvet", "velvet-deep"), ("paper", "ink")]
TEXT += [(tone, f"{tone}-soft") for tone in ("good", "warn", "bad", "calm")]
TEXT += [
    ("ink", "lamp"),
    ("ink", "lamp-soft"),
    ("ink", "warn-soft"),
    ("ink-2", "calm-soft"),
    ("warn", "sheet"),
    ("bad", "paper"),
]


def brightness(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, bright = sorted((brightness(one), brightness(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), TEXT)
def test_words(ink: str, paper: str, theme: int):
    assert contrast(COLOURS[ink][theme], COLOURS[paper][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("paper", ["paper", "sheet"])
@pytest.mark.parametrize("part", ["edge", "calm", "velvet"])
def test_borders_of_fields_and_the_focus(part: str, paper: str, theme: int):
    assert contrast(COLOURS[part][theme], COLOURS[paper][theme]) >= 3
