"""How much memory this process holds. Invariant: asking changes nothing."""

import psutil


def resident_megabytes() -> int:
    """Megabytes of this process in memory now, shared libraries included."""
    return int(psutil.Process().memory_info().rss // 2**20)
