"""What the files of a ticket say.

Invariant: a model reads a file's words redacted, like a message's.
"""

from copilot.documents.types import Invoice, Page
from copilot.privacy import Redacted
from tickets.models import Attachment, Message

# Of all files of a message: what triage and a draft read.
LONGEST = 6000


def words_of(message: Message, most: int = LONGEST) -> str:
    """The first words of the message's files, as far as they have been read."""
    found: list[str] = []
    for attachment in message.attachments.filter(state=Attachment.State.READ).select_related("content"):
        found += [text for _, text, _ in attachment.content.read["pages"]]
        if sum(map(len, found)) > most:
            break
    return "\n\n".join(found)[:most].strip()


def pages_of(attachment: Attachment) -> tuple[tuple[Page, ...], Invoice | None]:
    """What was read in a file."""
    read = attachment.content.read
    invoice = Invoice(**read["invoice"]) if read["invoice"] else None
    return tuple(Page(number, text, how) for number, text, how in read["pages"]), invoice


def for_model(message: Message) -> Redacted:
    """The message as a model may read it; one without words of its own, by its files."""
    return message.for_model() if message.body else message.ticket.redact(words_of(message))


def is_being_read(message: Message) -> bool:
    """Whether a worker has yet to finish one of its files."""
    return message.attachments.filter(state__in=Attachment.UNFINISHED).exists()
