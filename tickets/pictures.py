"""Pictures that a message shows from somewhere else: named, and not loaded until somebody asks.

Invariant: reading a ticket asks no stranger's server for anything. A picture tells its sender that, when and from where
the message was read; who asks for it is told so first.
"""

import json
from collections.abc import Iterator

from lxml import html as lxml_html
from lxml.etree import ParserError

from copilot.egress import Origin
from tickets.models import Message

MOST = 30
LONGEST = 2000
# Pixels; what is smaller is there to count readers, not to be seen.
SEEN = 3


def remote(text: str) -> list[str]:
    """The addresses of the pictures in an HTML message, each once, without those that are there to count readers."""
    try:
        tree = lxml_html.fromstring(text.encode(), parser=lxml_html.HTMLParser(encoding="utf-8", huge_tree=True))
    except (ParserError, ValueError):
        return []
    return list(dict.fromkeys(_addresses(tree)))[:MOST]


def _addresses(tree: lxml_html.HtmlElement) -> Iterator[str]:
    for picture in tree.iter("img"):
        address = (picture.get("src") or "").strip()
        sizes = (picture.get("width"), picture.get("height"))
        is_seen = not any(size and size.isdecimal() and int(size) < SEEN for size in sizes)
        if is_seen and len(address) <= LONGEST and _is_remote(address):
            yield address


def _is_remote(address: str) -> bool:
    try:
        Origin.of(address)
    except ValueError:
        return False
    return True


def packed(addresses: list[str]) -> str:
    """As a message keeps them."""
    return json.dumps(addresses) if addresses else ""


def of(message: Message) -> list[str]:
    """The addresses that a message keeps."""
    return list(json.loads(message.pictures)) if message.pictures else []
