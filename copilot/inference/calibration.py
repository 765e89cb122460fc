"""The numbers that depend on how an embedder's cosines are spread: they travel with the model, in its manifest.

Invariant: a folder gives all the numbers or none; half of one model's and half of another's would fit neither.
"""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from copilot.inference.manifest import MANIFEST, ModelUnusable, read

KEY = "calibration"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Shares and thresholds from 0 to 1. The defaults were measured with all-MiniLM-L6-v2 (docs/adr/0003 and 0004).

    `dense_weight_*` is the dense arm's share in fusion, by the language of question and passages, or across
    languages; below `answer_*threshold` a draft abstains; below `translation_nearness` a sentence translates nothing.
    """

    dense_weight_en: float = 0.8
    dense_weight_fr: float = 0.55
    dense_weight_cross: float = 0.7
    answer_threshold: float = 0.455
    answer_cross_threshold: float = 0.26
    translation_nearness: float = 0.7


def calibration_of(folder: Path) -> Calibration:
    """The calibration in `folder`'s manifest, or the defaults where it names none; raises ModelUnusable."""
    said = read(folder).get(KEY)
    if said is None:
        return Calibration()
    if problem := _problem(said):
        raise ModelUnusable(f"{folder / MANIFEST}: {KEY!r} {problem}")
    return Calibration(**said)


def _problem(said: Any) -> str:
    """What is wrong with it; empty when nothing is."""
    names = {field.name for field in fields(Calibration)}
    if not isinstance(said, dict) or said.keys() != names:
        return f"needs exactly {', '.join(sorted(names))}"
    bad = [name for name, value in said.items() if type(value) not in (int, float) or not 0 <= value <= 1]
    return f"gives {bad[0]} no number from 0 to 1" if bad else ""
