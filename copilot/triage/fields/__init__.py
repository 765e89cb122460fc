"""The facts of a ticket that an agent needs: found in its messages and attachments, and checked."""

from copilot.triage.fields.finder import find
from copilot.triage.fields.types import Findings, Found, Source, Wanted

__all__ = ["Findings", "Found", "Source", "Wanted", "find"]
