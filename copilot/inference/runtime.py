"""How many threads a handle may take, and where converted models are kept.

Invariant: inter_threads x intra_threads of a handle never exceeds the cores this process may use.
"""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Runtime:
    """Where models live and how much of the machine they may take. `threads` 0 means every core allowed."""

    models: Path
    threads: int = 0

    @property
    def intra_threads(self) -> int:
        """Threads inside one batch: one batch at a time gives the lowest latency on few cores."""
        return min(self.threads or allowed_cores(), allowed_cores())


def weight(folder: str) -> int:
    """Megabytes of the files in `folder`; 0 when there is none."""
    here = Path(folder) if folder else None
    return sum(file.stat().st_size for file in here.glob("*") if file.is_file()) // 2**20 if here else 0


def allowed_cores() -> int:
    """Cores this process may run on; a container's CPU set counts, not the machine's total."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
