"""What customers attach, as text and figures: PDF and images, and invoices that machines can read."""

from copilot.documents.limits import Limits
from copilot.documents.reading import read

__all__ = ["Limits", "read"]
