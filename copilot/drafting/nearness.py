"""How near each unit, and what stands around it, is to what the ticket asks: cosines of the embedder's vectors."""

import numpy as np

from copilot.drafting.sheet import Floats, Sheet
from copilot.inference.embedder import Vectors

# How much of each neighbour's vector a unit's window holds.
NEIGHBOUR = 0.6


def nearness(sheet: Sheet) -> dict[str, Floats]:
    """Feature arrays, shape (units,), by name."""
    dense = np.array([passage.dense for passage in sheet.evidence], dtype=np.float64)
    return {
        **_to_the_ticket("sent", sheet.alone, sheet),
        **_to_the_ticket("ctx", sheet.titled, sheet),
        **_to_the_ticket("win", _windows(sheet), sheet),
        **{name: values[sheet.passage] for name, values in _to_the_ticket("head", sheet.headed, sheet).items()},
        "dense": dense[sheet.passage],
    }


def _to_the_ticket(name: str, vectors: Vectors, sheet: Sheet) -> dict[str, Floats]:
    """Cosines to the whole ticket, to its subject, and to its needs (the nearest, and their mean)."""
    to_needs = vectors @ np.stack([need.vector for need in sheet.needs.needs]).T
    return {
        f"{name}_whole": _floats(vectors @ sheet.needs.whole.vector),
        f"{name}_subject": _floats(vectors @ sheet.needs.subject.vector),
        f"{name}_need": _floats(to_needs.max(axis=1)),
        f"{name}_needs": _floats(to_needs.mean(axis=1)),
    }


def _windows(sheet: Sheet) -> Vectors:
    """Each unit's vector with a share of its neighbours' in the same passage, of unit length."""
    windows = sheet.alone.copy()
    same = sheet.passage[1:] == sheet.passage[:-1]
    windows[1:][same] += NEIGHBOUR * sheet.alone[:-1][same]
    windows[:-1][same] += NEIGHBOUR * sheet.alone[1:][same]
    norms = np.linalg.norm(windows, axis=1, keepdims=True)
    return np.asarray(windows / np.where(norms > 0, norms, 1), dtype=np.float32)


def _floats(values: Vectors) -> Floats:
    return np.asarray(values, dtype=np.float64)
