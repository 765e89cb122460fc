"""XML that strangers send, parsed without reaching anything outside it.

Invariant: no entity is expanded, nothing is fetched, and a document that has a document type at all is refused:
neither CII nor UBL knows one.
"""

from lxml import etree

from copilot.documents import problems
from copilot.documents.limits import Limits
from copilot.documents.problems import Unreadable


def parsed(data: bytes, limits: Limits) -> etree._Element:
    """The root of `data`. Raises Unreadable."""
    if len(data) > limits.xml_bytes:
        raise Unreadable(problems.TOO_LARGE)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True, recover=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(problems.UNSAFE if b"<!DOCTYPE" in data else problems.DAMAGED) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable(problems.UNSAFE)
    return root


def text_of(root: etree._Element) -> str:
    """What stands between the tags, a line each."""
    pieces = (piece.strip() for piece in root.itertext() if isinstance(piece, str))
    return "\n".join(piece for piece in pieces if piece)
