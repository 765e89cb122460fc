"""Numbers to the coordinates of plain SVG.

Invariant: a plot has no style of its own (the Content-Security-Policy forbids it): a class on each bar names
its kind, and the stylesheet gives the colour. Every bar carries its number as text too.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tickets.insights import KINDS, Group

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 680, 220, 34, 10, 24
ROW, NAME, LENGTH = 26, 190, 400
LABELS: dict[str, str | Promise] = {
    "approved": _("Sent as it was"),
    "edited": _("Sent after edits"),
    "rejected": _("Rejected"),
    "abstained": _("No answer found"),
    "open": _("Waiting for a person"),
}


@dataclass(frozen=True)
class Bar:
    """One stretch of a bar."""

    kind: str
    label: str | Promise
    value: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Stack:
    """The bars of one week or intent, and where its name stands."""

    group: Group
    bars: Sequence[Bar]
    x: float
    y: float


@dataclass(frozen=True)
class Tick:
    """A line of the scale."""

    value: int
    at: float


@dataclass(frozen=True)
class Plot:
    """A whole drawing."""

    stacks: Sequence[Stack]
    ticks: Sequence[Tick]
    width: float
    height: float


@dataclass(frozen=True)
class Length:
    """A labelled number and its share of the longest."""

    label: Any
    value: int
    width: float


def kinds() -> list[tuple[str, str | Promise]]:
    """The legend, in stacking order."""
    return list(LABELS.items())


def columns(groups: Sequence[Group]) -> Plot:
    """A stacked column per week."""
    top = _round_up(max((group.tally.total for group in groups), default=0))
    step, scale = (WIDTH - LEFT) / max(len(groups), 1), (HEIGHT - TOP - BOTTOM) / top
    wide = min(step * 0.62, 44)
    stacks = [_column(group, LEFT + step * (index + 0.5), wide, scale) for index, group in enumerate(groups)]
    ticks = [Tick(value, _r(HEIGHT - BOTTOM - value * scale)) for value in sorted({0, top // 2, top})]
    return Plot(stacks, ticks, WIDTH, HEIGHT)


def rows(groups: Sequence[Group]) -> Plot:
    """A stacked row per intent."""
    scale = LENGTH / max((group.tally.total for group in groups), default=1)
    stacks = [
        Stack(
            group,
            _line(group, index * ROW, scale),
            _r(NAME + group.tally.total * scale + 8),
            index * ROW + 16,
        )
        for index, group in enumerate(groups)
    ]
    return Plot(stacks, (), NAME + LENGTH + 80, len(groups) * ROW)


def lengths(numbers: Sequence[tuple[Any, int]]) -> list[Length]:
    """Plain bars that share a scale of 0 to 100."""
    longest = max((count for _label, count in numbers), default=1)
    return [Length(label, count, _r(100 * count / longest)) for label, count in numbers]


def _column(group: Group, middle: float, wide: float, scale: float) -> Stack:
    return Stack(group, _pile(group, middle - wide / 2, wide, scale), _r(middle), HEIGHT - 6)


def _pile(group: Group, x: float, wide: float, scale: float) -> list[Bar]:
    """From the foot up, one bar per kind."""
    bars, foot = [], float(HEIGHT - BOTTOM)
    for kind in KINDS:
        value = getattr(group.tally, kind)
        foot -= value * scale
        if value:
            bars.append(Bar(kind, LABELS[kind], value, _r(x), _r(foot), _r(wide), _r(value * scale)))
    return bars


def _line(group: Group, y: float, scale: float) -> list[Bar]:
    """From the left, one bar per kind."""
    bars, left = [], float(NAME)
    for kind in KINDS:
        value = getattr(group.tally, kind)
        if value:
            bars.append(Bar(kind, LABELS[kind], value, _r(left), y + 4, _r(value * scale), ROW - 8))
        left += value * scale
    return bars


def _round_up(value: int) -> int:
    """The end of a scale that people like to read, whose half is a whole number too: 8, 10, 20, 60, 400."""
    step: int = 2 * 10 ** (len(str(max(value - 1, 1))) - 1)
    return max(step * math.ceil(value / step), 2)


def _r(number: float) -> float:
    return round(number, 1)
