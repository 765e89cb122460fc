"""Models over time to the coordinates of plain SVG; `tickets.views.plots` says by which rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tickets.models import TriageModel

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 680, 220, 40, 12, 12, 26
LINES: dict[str, str | Promise] = {
    "accuracy": _("Understood"),
    "turned_away": _("Known questions turned away"),
    "ece": _("Calibration error"),
}


@dataclass(frozen=True)
class Point:
    """One model on one line."""

    x: float
    y: float
    value: float
    served: bool


@dataclass(frozen=True)
class Line:
    """One measure over all models."""

    kind: str
    label: str | Promise
    points: Sequence[Point]

    @property
    def path(self) -> str:
        """The line itself."""
        return " ".join(f"{point.x},{point.y}" for point in self.points)


@dataclass(frozen=True)
class Plot:
    """A whole drawing; `days` are the moments below it."""

    lines: Sequence[Line]
    ticks: Sequence[tuple[int, float]]
    days: Sequence[tuple[float, datetime]]
    width: int = WIDTH
    height: int = HEIGHT


def draw(models: Sequence[TriageModel]) -> Plot | None:
    """The measured models, the oldest first; None when fewer than two were measured."""
    measured = [model for model in models if model.metrics][::-1]
    if len(measured) < 2:
        return None
    step = (WIDTH - LEFT - RIGHT) / (len(measured) - 1)
    across = [round(LEFT + step * place, 1) for place in range(len(measured))]
    lines = [
        Line(kind, label, [Point(x, _up(model.metrics[kind]), model.metrics[kind], not model.is_partial)
                           for x, model in zip(across, measured, strict=True)])
        for kind, label in LINES.items()
    ]  # fmt: skip
    every = max(1, len(measured) // 6)
    days = [(x, model.created_at) for x, model in list(zip(across, measured, strict=True))[::every]]
    return Plot(lines, [(share, _up(share / 100)) for share in (0, 50, 100)], days)


def _up(share: float) -> float:
    return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)
