"""The mean of the weights before and after training.

Fine-tuned weights and the ones they came from lie on one slope: between them a model keeps most of what it learnt
and forgets less (Wortsman et al., "Robust fine-tuning of zero-shot models", 2022). Here: English stays nearer to
MiniLM's at hardly any loss of French (docs/training.md).
"""

import shutil
from pathlib import Path

WEIGHTS = "model.safetensors"


def average(before: Path, after: Path, share: float, target: Path) -> Path:
    """Write the checkpoint `after` into `target`, its weights `share` of its own and the rest of `before`'s."""
    from safetensors.torch import load_file, save_file

    old, new = load_file(before / WEIGHTS), load_file(after / WEIGHTS)
    if old.keys() != new.keys():
        raise ValueError(f"{before} and {after} are not of one shape: {sorted(old.keys() ^ new.keys())[:3]}")
    mean = {name: old[name].lerp(new[name], share) if new[name].is_floating_point() else new[name] for name in new}
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(after, target)
    save_file(mean, target / WEIGHTS, metadata={"format": "pt"})
    return target
