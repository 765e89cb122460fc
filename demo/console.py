"""What the demo prints: steps with their time, progress on one line, a table at the end."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class Failed(Exception):
    """The demo cannot go on; the message says what to do."""


@contextmanager
def step(title: str) -> Iterator[None]:
    """Print `title`, and how long it took when it is done."""
    started = time.monotonic()
    print(f"  {title} …", flush=True)
    yield
    print(f"  {title}: done in {time.monotonic() - started:.1f} s", flush=True)


_last_line = 0.0


def progress(text: str) -> None:
    """Show where a long step stands: over itself on a terminal, elsewhere a line every two seconds at most."""
    global _last_line  # noqa: PLW0603  one console, one clock
    if sys.stdout.isatty():
        print(f"\r    {text:<70}\r", end="", flush=True)
    elif time.monotonic() - _last_line >= 2:
        _last_line = time.monotonic()
        print(f"    {text}", flush=True)


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Aligned columns."""
    cells = [list(map(str, row)) for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return "\n".join(
        ["  " + lines[0], "  " + "  ".join("-" * width for width in widths), *("  " + x for x in lines[1:])]
    )
