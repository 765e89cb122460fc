"""A page's sections to passages: what is embedded, found, shown and cited.

Invariant: a passage stays under one heading and is cut only between blocks, so that a list of steps or a table
is never torn apart unless it alone is longer than a model can read.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.markdown import Section, sections

# An embedder reads 256 word pieces: about 1,000 characters of English, 850 or more of French, titles in front.
TARGET_CHARACTERS = 900
LONGEST_BLOCK = 1800


@dataclass(frozen=True, slots=True)
class Chunk:
    """One passage to be: its heading path within the page, the anchor to open it at, and its lines."""

    heading: str
    anchor: str
    text: str


def chunks(markdown: str) -> list[Chunk]:
    """The passages of a Markdown page, in order."""
    return [
        Chunk(" › ".join(section.path), section.anchor, text)
        for section in sections(markdown)
        for text in _pack(section)
    ]


def _pack(section: Section) -> Iterator[str]:
    packed: list[str] = []
    for block in _whole_blocks(section):
        if packed and sum(map(len, packed)) + len(block) > TARGET_CHARACTERS:
            yield "\n".join(packed)
            packed = []
        packed.append(block)
    if packed:
        yield "\n".join(packed)


def _whole_blocks(section: Section) -> Iterator[str]:
    """Blocks with the lines that lead into them, those too long for a model cut at line ends."""
    lead = ""
    for block in section.blocks:
        whole = f"{lead}\n{block}" if lead else block
        lead = whole if _leads_in(block) and len(whole) < TARGET_CHARACTERS else ""
        if not lead:
            yield from [whole] if len(whole) <= LONGEST_BLOCK else _cut(whole)
    if lead:
        yield lead


def _leads_in(block: str) -> bool:
    """Whether the block's last line announces what follows: `To do so:`, or a title without a full stop."""
    last = block.rsplit("\n", 1)[-1]
    return last.endswith(":") or (len(last) < 80 and last[-1].isalnum() and not last.startswith(("- ", "| ", "    ")))


def _cut(block: str) -> Iterator[str]:
    piece = ""
    for line in block.splitlines():
        if piece and len(piece) + len(line) > TARGET_CHARACTERS:
            yield piece
            piece = ""
        piece = f"{piece}\n{line}" if piece else line
    yield piece
