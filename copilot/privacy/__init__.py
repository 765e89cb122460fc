"""What customers write, to text a model may read. Every model call takes `Redacted`, and only this room makes one."""

from copilot.privacy.redaction import redact
from copilot.privacy.tagging import may_be_a_person
from copilot.privacy.text import Redacted, joined, kept, published, restore

__all__ = ["Redacted", "joined", "kept", "may_be_a_person", "published", "redact", "restore"]
